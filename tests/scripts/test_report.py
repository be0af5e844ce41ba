# SPDX-License-Identifier: Apache-2.0
"""The page as a file: what it holds, what it leaves out, and what it never does."""

import hashlib
import html.parser
import json
import re
import subprocess

import pytest
import rich_results
import synthetic
from conftest import SCRIPTS
from synthetic import Plan

from stalemark.matrix import matrix
from stalemark.report import whole_page, recommended

PLANS = [
    Plan("cache_aside", read=0.2, throughput=3, jitter=0.02, stale_reads=2, stale_age_ns=10**6),
    Plan("write_behind", read=0.2, write=0.3, throughput=4, jitter=0.02, exposure=100),
]


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, name):
        return [attributes for tag, attributes in self.found if tag == name]


def report_of(call, folder, out):
    outcome = call("report.py", folder, "--out", out)
    assert outcome.returncode == 0, outcome.stderr
    return (out / "report.html").read_text()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A page with every picture, made once: it and its tags."""
    folder = tmp_path_factory.mktemp("report")
    rich_results.folder_of(folder / "results")
    subprocess.run([SCRIPTS / "report.py", folder / "results", "--out", folder], check=True)
    page = (folder / "report.html").read_text()
    return page, Tags(page)


def without_library(page):
    return page.replace(whole_page.LIBRARY.read_text(), "")


def test_nothing_is_asked_of_a_network(built):
    page, tags = built
    assert not tags.of("link") and not tags.of("img") and not tags.of("iframe")
    assert all("src" not in attributes for attributes in tags.of("script"))
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", without_library(page))


def test_only_the_pages_own_scripts_may_run(built):
    page, tags = built
    policy = next(each["content"] for each in tags.of("meta") if "http-equiv" in each)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy.partition("style-src")[0] and "unsafe-eval" not in policy
    assert policy.count("sha256-") == 2


def test_a_page_of_the_default_suite_stays_under_three_megabytes(call, tmp_path):
    """Of seven protocols, three workloads and four repetitions."""
    names = ["cache_aside", "read_through", "write_through", "write_around", "write_behind",
             "refresh_ahead"]  # fmt: skip
    for place in range(3):
        plans = [Plan(name, read=0.2, jitter=0.02, stale_reads=2, stale_age_ns=10**6)
                 for name in names]  # fmt: skip
        folder = synthetic.suite(tmp_path / "results", plans, workloads=[f"w{place}"],
                                 repetitions=4, bend=_as_long_as_real)  # fmt: skip
    assert len(report_of(call, folder, tmp_path).encode()) < 3e6


def _as_long_as_real(data):
    data["timeline"] = data["timeline"] * 6
    counts = {at: 5000 // (at - 299) + 1 for at in range(300, 900)}
    data["histograms"]["read"] = " ".join(f"{at}:{count}" for at, count in counts.items())


def test_the_library_is_the_one_that_was_looked_at(monkeypatch, tmp_path):
    code = whole_page.LIBRARY.read_bytes()
    assert hashlib.sha256(code).hexdigest() == whole_page.LIBRARY_SHA256
    assert b'version="6.1.0"' in code
    folder = whole_page.LIBRARY.parent
    assert "Apache License" in (folder / "LICENSE").read_text()
    assert "Apache Software Foundation" in (folder / "NOTICE").read_text()
    assert "Mike Bostock" in (folder / "licenses/LICENSE-d3").read_text()

    changed = tmp_path / "echarts.min.js"
    changed.write_bytes(code + b" ")
    monkeypatch.setattr(whole_page, "LIBRARY", changed)
    with pytest.raises(Exception, match="sha256"):
        whole_page._library()


def test_a_row_of_the_matrix_holds_claims_figures_and_links_to_evidence(built):
    page, tags = built
    ids = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {each["href"][1:] for each in tags.of("a") if each["href"].startswith("#")}
    assert links <= set(ids)
    start = r'<tr data-protocol="\d+"><th scope="row"><a href="#p\d+">write_through<'
    row = re.search(rf"{start}.*?</tr>", page, re.DOTALL)[0]
    assert "“Strong” ✗" in row and "4.0%" in row and "×0.25" in row and "×1.5" in row


def test_a_grade_that_depends_is_not_marked_as_refuted(tmp_path):
    groups, _ = matrix.gather([synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=3)])
    built = matrix.build(groups)
    row = next(row for row in built["overall"] if row["protocol"] == "cache_aside")
    row["claims"]["read"].update(verdict="depends", because="turns over with skew near ×1.5")
    page = whole_page.render(built, groups)
    assert re.search(r'<a class="grade against" href="#note-1"[^>]*>“Good after warm” ~ ', page)


def test_evidence_holds_every_repetition(built):
    page, _ = built
    number = re.search(r'<tr data-protocol="(\d+)"><th scope="row"><a href="#p\d+">write_behind '
                       r"flush_delay=100ms", page)[1]  # fmt: skip
    row = re.search(rf'<tr id="p{number}-exposed">.*?</tr>', page)[0]
    assert "900, 901, 902" in row


def test_a_promise_says_how_many_runs_were_no_test_of_it(call, tmp_path):
    def leave_untested(data):
        if data["session"]["repetition"] > 0:
            data["promise"].update(verdict="untested", untested_because="too short")

    folder = synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=3, bend=leave_untested)
    page = report_of(call, folder, tmp_path / "out")
    number = re.search(r'<tr data-protocol="(\d+)"><th scope="row"><a href="#p\d+">cache_aside<',
                       page)[1]  # fmt: skip
    cell = re.search(rf'<a href="#p{number}-promise">.*?</td>', page)[0]
    row = re.search(rf'<tr id="p{number}-promise">.*?</tr>', page)[0]
    for place in (cell, row):
        assert "kept" in place and "in 1 of 1 run that tested it" in place
        assert "2 did not test it" in place


def test_the_command_that_repeats_a_run_is_there(built):
    assert "stalemark run zipf --strategy write_behind" in built[0]


def test_the_same_results_give_the_same_page(call, tmp_path):
    folder = synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=1)
    pages = [report_of(call, folder, tmp_path / name) for name in ("a", "b")]
    assert pages[0] == pages[1]


def test_what_is_missing_is_told_with_the_command_that_makes_it(call, tmp_path):
    def forget(data):
        for name in ("timeline", "histograms", "consistency"):
            del data[name]
        del data["operations"]["read"]["by_outcome"]

    folder = synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=3, bend=forget)
    page = report_of(call, folder, tmp_path / "out")
    missing = re.search(r'aria-labelledby="missing".*?</section>', page, re.DOTALL)[0]
    for title in ("Stale age against read p99", "Read latency by percentile", "Hit, miss, wait",
                  "Over time with faults", "The herd", "Writes exposed", "Predicted and measured"):
        assert f"<li>{title}" in missing
    assert "stalemark suite virtual --out DIR" in missing
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    assert {chart["kind"] for chart in data["charts"]} == {"heat_map"}


def test_a_page_with_everything_misses_nothing(built):
    assert 'id="missing"' not in built[0]


def test_names_are_text_and_never_markup(built):
    page, tags = built
    assert not tags.of("b") and not tags.of("img")
    assert len(tags.of("script")) == 3
    assert "&lt;/script&gt;&lt;b&gt;x" in page
    assert page.count("</script") == 3


def test_a_recommendation_is_shown_if_somebody_makes_one(tmp_path):
    folder = synthetic.suite(tmp_path / "results", PLANS, repetitions=3)
    groups, _ = matrix.gather([folder])
    built = matrix.build(groups)
    assert 'id="recommendation"' not in whole_page.render(built, groups)

    def recommend(given):
        assert given is groups
        excluded = [recommended.Exclusion("write_behind", "<b>100 writes exposed")]
        yield recommended.Recommendation(
            "zipf", ["no write lost"], "cache_aside", "It is the simplest.", excluded,
            ["visible within 1 s: not measured"])  # fmt: skip
        yield recommended.Recommendation("other", [], None, "Nothing does.", [])

    page = whole_page.render(built, groups, recommend=recommend)
    section = re.search(r'aria-labelledby="recommendation".*?</section>', page, re.DOTALL)[0]
    assert re.search(r'zipf:\s+<a href="#p\d">cache_aside</a>', section)
    assert "&lt;b&gt;100 writes exposed" in section and "no write lost" in section
    assert "visible within 1 s: not measured" in section
    assert re.search(r"other:\s+none qualifies", section) and "Nothing does." in section


def test_predictions_that_are_none_are_refused_in_one_line(call, tmp_path):
    folder = synthetic.suite(tmp_path / "results", PLANS[:1], repetitions=1)
    (folder / "predictions.json").write_text('{"forms": [{}]}')
    outcome = call("report.py", folder, "--out", tmp_path)
    assert outcome.returncode == 2
    assert len(outcome.stderr.splitlines()) == 1 and "predictions.json" in outcome.stderr
