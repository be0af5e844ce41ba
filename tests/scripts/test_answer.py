# SPDX-License-Identifier: Apache-2.0
"""The answer on one screen: who is where, and the article's marks."""

import json
import math
import types

import answer_picture
import pytest
import synthetic
from simulated_answer import PLANS, TTL, simulate
from stalemark.common import figures
from stalemark.matrix import answer, answer_markdown, claims
from synthetic import Plan


def line_of(printed, label):
    return next(line.split() for line in printed.splitlines() if line.startswith(label + "  "))


def test_it_fits_100_columns_and_a_screen(made):
    printed, _, _ = made()
    lines = printed.splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) <= 40


def test_it_says_which_system_this_is(made):
    printed, _, _ = made()
    head = " ".join(printed.split("can a read")[0].split())
    assert head == ("zipf in deployment service: 95% reads, Zipf 0.9, 4,000 op/s, TTL 60 s; cache"
                    " lognormal(420us,0.48) away, database lognormal(1ms,0.5), 32 calls at once;"
                    " 8 seeds")  # fmt: skip


def test_a_line_holds_the_figures_of_one_protocol(made):
    printed, _, _ = made()
    # Known, simulated, reads and writes relative to no_cache, its reads of the store, exposure.
    assert line_of(printed, "no_cache")[1:3] == ["never", "none"]
    cells = line_of(printed, "cache_aside")
    assert cells[1:8] == ["up", "to", "TTL", "[1]", "1", "in", "1,000"]
    assert cells[8:14] == ["×0.80", "×0.8", "×1.40", "×1.4", "0.18", "0"]
    assert line_of(printed, "write_behind")[1:4] == ["for", "ever", "[1,3]"]
    assert line_of(printed, "write_behind")[-2:] == ["~40", str(complexity_of("write_behind"))]
    assert "[2] Two writers are inverted." in printed


def complexity_of(strategy):
    from stalemark.matrix import complexity  # noqa: PLC0415

    return complexity.count()["strategies"][strategy]["lines"]


def test_each_of_the_articles_grades_stands_once_with_its_mark(made):
    printed, _, _ = made()
    graded = [line for line in printed.splitlines() if line.startswith("  the article")]
    assert len(graded) == 4  # Not of the second TTL of cache_aside.
    assert [line.split()[2:] for line in graded][1] == [
        "Strong", "✗", "Excellent", "✓", "Slower", "✓", "Medium"
    ]  # fmt: skip
    told = " ".join(printed.split())
    counts = {verdict: sum(line.count(claims.MARKS[verdict]) for line in graded)
              for verdict in (claims.HOLDS, claims.REFUTED)}  # fmt: skip
    expected = f"16 grades, {counts[claims.HOLDS]} hold ✓, {counts[claims.REFUTED]} are refuted"
    assert f"The article: {expected}" in told


@pytest.mark.parametrize("found, told", [
    ([], ""),
    (["holds"], "The article: 1 grade, 1 holds ✓."),
    (["refuted", "undecided", "undecided"],
     "The article: 3 grades, 1 is refuted ✗, 2 are undecided ?."),
    (["depends", "fact", "not tested"],
     "The article: 3 grades, 1 depends ~, 1 is not tested -, 1 of complexity is a fact."),
])  # fmt: skip
def test_one_grade_is_spoken_of_as_one(found, told):
    graded = {place: {"verdict": each} for place, each in enumerate(found)}
    assert answer.verdicts([types.SimpleNamespace(claims=graded)]) == told


@pytest.mark.parametrize("share, shown", [
    (0, "none"), (2e-4, "1 in 10,000"), (1.2e-4, "1 in 10,000"), (8e-6, "1 in 100,000"),
    (0.004, "1 in 100"), (0.012, "1%"), (0.41, "40%"), (0.96, "100%"), (0.07, "7%"),
])  # fmt: skip
def test_a_share_is_as_fine_as_seeds_agree_on(share, shown):
    assert figures.rough(share) == shown


@pytest.mark.parametrize("count, shown", [(0, "0"), (9, "9"), (38, "~40"), (1234, "~1,000")])
def test_a_largest_count_is_shown_by_its_first_digit(count, shown):
    assert figures.few(count) == shown


def test_markdown_json_and_terminal_hold_the_same(made):
    printed, data, written = made()
    (told,) = data["answers"]
    assert " ".join(told["verdicts"].split()) in " ".join(printed.split())
    assert "\n".join(answer_markdown.markdown(told)) in written
    assert "| `no_cache` |" in written.split("if you need")[1]
    assert [row["protocol"] for row in told["rows"]][:2] == ["no_cache", "cache_aside"]
    assert told["rows"][0]["read"]["mean_ns"] > 0


def test_measured_results_get_no_answer(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", PLANS, repetitions=3)
    assert "If you need" not in call("matrix.py", folder).stdout
    assert json.loads((folder / "matrix.json").read_text())["answers"] == []


def test_the_page_begins_with_it(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", PLANS, bend=simulate)
    assert call("report.py", folder, "--out", tmp_path).returncode == 0
    page = (tmp_path / "report.html").read_text()
    assert page.index("zipf: what to use") < page.index("Decision matrix")
    assert '<td data-head="known: stale">up to TTL [1]</td>' in page


def test_a_shield_stays_in_the_name_and_its_protocol_is_not_graded(made):
    lock = Plan("cache_aside", read=0.8, protocol={"shield": "lock", **TTL})
    _, data, _ = made([*PLANS, lock])
    rows = {row["protocol"]: row for row in data["answers"][0]["rows"]}
    (shielded,) = [label for label in rows if "lock" in label]
    assert rows[shielded]["claims"] == {}
    assert rows["cache_aside"]["claims"]


def test_a_group_without_an_answer_is_named(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", PLANS[:1], bend=simulate)
    for path in folder.glob("zipf.no_cache.*"):
        path.unlink()
    outcome = call("matrix.py", folder)
    assert outcome.returncode == 0
    assert outcome.stderr == "matrix.py: zipf: no answer without results of no_cache\n"


def test_two_workloads_get_an_answer_each(made):
    printed, data, written = made(workloads=["calm", "hot"])
    assert [each["workload"] for each in data["answers"]] == ["calm", "hot"]
    assert printed.count("If you need") == 2
    assert "## calm: the answer" in written


@pytest.mark.parametrize("content, said", [
    (None, "No such file"), ("[]", "no matrix.json"), ("{}", "no matrix.json"), ("x", "no matrix"),
    ('{"answers": []}', "holds no answer"),
])  # fmt: skip
@pytest.mark.parametrize("script", ["answer_picture.py", "readme_answer.py"])
def test_a_file_without_an_answer_is_refused(call, tmp_path, script, content, said):
    path = tmp_path / "matrix.json"
    if content is not None:
        path.write_text(content)
    words = [path, tmp_path / "out.svg"] if script == "answer_picture.py" else [path]
    outcome = call(script, *words)
    assert outcome.returncode == 2
    assert said in outcome.stderr and outcome.stderr.count("\n") == 1
    assert not (tmp_path / "out.svg").exists()


def test_a_picture_that_cannot_be_written_is_refused(call, made, tmp_path):
    made()
    outcome = call("answer_picture.py", tmp_path / "r" / "matrix.json", tmp_path / "no" / "x.svg")
    assert (outcome.returncode, outcome.stderr.count("\n")) == (2, 1)
    drawn = call("answer_picture.py", tmp_path / "r" / "matrix.json", tmp_path / "x.svg")
    assert (drawn.returncode, drawn.stderr) == (0, "")
    picture = (tmp_path / "x.svg").read_text()
    assert picture.startswith("<?xml") and "Date" not in picture.replace("dc:date", "")


@pytest.mark.parametrize("ratio, better", [(None, None), (0.0, True), (0.5, True), (2, False),
                                           (math.inf, False)])  # fmt: skip
def test_a_cell_is_green_where_it_is_faster(ratio, better):
    measured = {"mean": ratio, "p99": ratio}
    row = {"read": measured, "write": measured}
    for column in (2, 3, 4, 5):
        text, colour = answer_picture.cell_of(row, column)
        assert (None if colour is None else colour > 0) == better
        assert text == answer.ratio_text(ratio, ("mean", "p99")[column % 2])
