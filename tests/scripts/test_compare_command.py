# SPDX-License-Identifier: Apache-2.0
"""compare.py as a user calls it: exit status, outputs, and what it refuses."""

import json
import os
import subprocess
import xml.etree.ElementTree as xml

import jsonschema
import pytest
from conftest import REPOSITORY, SCRIPTS
from two_sides import benchmark_file, one_client, simulated, write, write_pairs


@pytest.fixture
def compare(call):
    def run(base, head, *options, **more):
        return call("compare.py", base, "--", head, *options, **more)

    return run


@pytest.fixture
def virtual(tmp_path):
    """Writes a simulated result of either side; answers the two files."""

    def make(base=None, **figures):
        return (write(tmp_path / "v/base.json", base or simulated()),
                write(tmp_path / "v/head.json", simulated(**figures)))  # fmt: skip

    return make


def test_equal_sides_exit_with_0_and_a_regression_with_1(compare, tmp_path):
    same = compare(*write_pairs(tmp_path / "a"))
    assert (same.returncode, same.stderr) == (0, "")
    assert same.stdout.startswith("NO REGRESSION")
    worse = compare(*write_pairs(tmp_path / "b", change=1.3))
    assert worse.returncode == 1
    assert worse.stdout.startswith("REGRESSED")
    first_row = worse.stdout.split("\n\n")[1].splitlines()[1]
    assert first_row.startswith("✗  regressed")
    better = compare(*write_pairs(tmp_path / "c", change=0.7))
    assert better.returncode == 0


def test_the_table_says_what_could_have_been_seen(compare, tmp_path):
    outcome = compare(*write_pairs(tmp_path))
    line = next(line for line in outcome.stdout.splitlines() if "smallest change" in line)
    assert "processor_time" in line and "read.p50" in line


def test_undecided_counts_only_where_that_was_asked_for(compare, tmp_path):
    sides = write_pairs(tmp_path, spread=0.3)
    assert compare(*sides).returncode == 0
    assert compare(*sides, "--inconclusive=fail").returncode == 3


def test_what_is_missing_fails_and_what_is_new_does_not(call, tmp_path):
    base, head = write_pairs(tmp_path)
    more = write(tmp_path / "more.json", benchmark_file([50.0]))
    missing = call("compare.py", base, more, "--", head)
    assert missing.returncode == 1
    assert "✗  missing" in missing.stdout
    new = call("compare.py", base, "--", head, more)
    assert new.returncode == 0
    assert "(new)" in new.stdout


def bend(path, value):
    def change(data):
        *places, last = path.split(".")
        section = data
        for place in places:
            section = section[place]
        section[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("configuration.clients", 8, "clients=4 against clients=8"),
        ("context.cpu", "other", "not of one machine: cpu=none against cpu=other"),
        ("context.compiler", "other", "not of one build"),
        ("workload_digest", "other", "not given the same operations"),
    ],
)
def test_what_is_not_alike_is_refused_and_said_where_it_is_allowed(
    compare, tmp_path, path, value, words
):
    sides = write_pairs(tmp_path, bend_head=bend(path, value))
    outcome = compare(*sides)
    assert outcome.returncode == 4
    assert len(outcome.stderr.splitlines()) == 1
    assert words in outcome.stderr
    allowed = compare(*sides, "--allow-mismatch")
    assert allowed.returncode == 0
    assert words in allowed.stdout


@pytest.mark.parametrize(
    ("path", "value"),
    [("context.build_type", "Debug"), ("context.flags", "-O2 -fsanitize=address")],
)
def test_times_of_a_build_for_tests_are_refused(compare, tmp_path, path, value):
    outcome = compare(*write_pairs(tmp_path, bend=bend(path, value)), "--allow-mismatch")
    assert outcome.returncode == 4
    assert "say nothing of a release" in outcome.stderr


def test_a_side_of_several_commits_is_refused(compare, tmp_path):
    def mix(data):
        data["context"]["commit"] = f"c{data['session']['pair'] % 2}"

    outcome = compare(*write_pairs(tmp_path, bend_head=mix))
    assert outcome.returncode == 4
    assert "several builds (c0, c1)" in outcome.stderr


def test_an_interrupted_run_is_wrong_input(compare, tmp_path):
    outcome = compare(*write_pairs(tmp_path, bend_head=bend("complete", False)))
    assert outcome.returncode == 2
    assert "interrupted" in outcome.stderr


def test_a_dirty_tree_is_told(compare, tmp_path):
    outcome = compare(*write_pairs(tmp_path, bend_head=bend("context.dirty", True)))
    assert outcome.returncode == 0
    assert "HEAD was built from sources with uncommitted changes" in outcome.stdout


WRONG = {
    "no sides": ([], "expected BASE... -- HEAD..."),
    "one side": (["x.json"], "expected BASE... -- HEAD..."),
    "no head": (["x.json", "--"], "no results of HEAD"),
    "no base": (["--", "x.json"], "no results of BASE"),
    "no such file": (["none.json", "--", "none.json"], "none.json: No such file"),
    "an unknown option": (["a", "--", "b", "--worst"], "--worst"),
    "an unknown answer": (["a", "--", "b", "--inconclusive=no"], "no"),
}


@pytest.mark.parametrize(("words", "told"), WRONG.values(), ids=WRONG)
def test_wrong_usage_exits_with_2_and_one_line(call, tmp_path, words, told):
    outcome = call("compare.py", *words, cwd=tmp_path)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert len(outcome.stderr.splitlines()) == 1
    assert told in outcome.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 2}', '{"schema": 1}', "NaN", "7"])
def test_a_file_that_is_no_result_is_wrong_input(compare, virtual, tmp_path, text):
    base, _ = virtual()
    broken = tmp_path / "broken.json"
    broken.write_text(text)
    outcome = compare(base, broken)
    assert outcome.returncode == 2
    assert "broken.json" in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("read.p9:5", "did you mean read.p99?"),
        ("store.read:1", "did you mean store.reads?"),
        ("p99", "expected METRIC:PERCENT"),
        ("read.p99:much", "expected METRIC:PERCENT"),
        ("read.p99:-5", "expected METRIC:PERCENT"),
        ("read.p99:nan", "expected METRIC:PERCENT"),
    ],
)
def test_a_wrong_fail_on_is_told_with_the_nearest_word(compare, virtual, text, told):
    outcome = compare(*virtual(), "--fail-on", text)
    assert outcome.returncode == 2
    assert told in outcome.stderr


def test_fail_on_moves_the_margin_and_gates_the_metric(compare, tmp_path):
    sides = write_pairs(tmp_path, change=1.08, pairs=20)
    assert compare(*sides).returncode == 1
    loose = [word for name in ("read.p50", "processor_time", "operations_per_second")
             for word in ("--fail-on", f"{name}:20")]  # fmt: skip
    assert compare(*sides, *loose).returncode == 0
    gated = compare(*sides, *loose, "--fail-on", "read.mean:5%")
    assert gated.returncode == 1
    assert gated.stdout.split("\n\n")[1].splitlines()[1].split()[:2] == ["✗", "regressed"]
    assert "read.mean" in gated.stdout


def test_json_follows_its_schema_and_says_what_the_table_says(compare, tmp_path):
    schema = json.loads((REPOSITORY / "results/comparison.schema.json").read_text())
    seen = set()
    for change, spread in ((1.0, 0.01), (1.3, 0.01), (1.0, 0.3)):
        place = tmp_path / f"{change} {spread}"
        outcome = compare(*write_pairs(place, change=change, spread=spread),
                          "--json", place / "c.json")  # fmt: skip
        data = json.loads((place / "c.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(data)
        assert data["status"] == outcome.returncode
        assert data["verdict"] == outcome.stdout.splitlines()[0]
        seen |= {row["verdict"] for row in data["rows"]}
    assert seen == {"same", "regressed", "improved", "inconclusive"} - {"improved"}


HOSTILE = 'a|b <script>`x` *y* "q" & % \r\n::error::'


def hostile(data):
    data["configuration"]["workload"]["name"] = HOSTILE


def test_markdown_and_junit_take_any_name(compare, tmp_path):
    sides = write_pairs(tmp_path, change=1.3, bend=hostile)
    outcome = compare(*sides, "--markdown", tmp_path / "c.md", "--junit", tmp_path / "c.xml")
    assert outcome.returncode == 1
    rows = [line for line in (tmp_path / "c.md").read_text().splitlines() if line[:1] == "|"]
    unescaped = [row.replace("\\|", "") for row in rows]
    assert len({row.count("|") for row in unescaped}) == 1
    assert "<script>" not in "".join(rows)
    suite = xml.parse(tmp_path / "c.xml").getroot()[0]
    failed = [test for test in suite if test.find("failure") is not None]
    assert len(failed) == int(suite.get("failures")) > 0
    assert all("<script>" in test.get("classname") for test in failed)
    assert len(suite) == int(suite.get("tests"))


def test_junit_skips_what_is_undecided_and_counts_a_case_without_rows(compare, virtual, tmp_path):
    compare(*virtual(**{"virtual.events": 1}), "--junit", tmp_path / "c.xml")
    suite = xml.parse(tmp_path / "c.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("skipped"), suite.get("failures")) == ("1", "1", "0")
    compare(*virtual(), "--junit", tmp_path / "c.xml")
    suite = xml.parse(tmp_path / "c.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("skipped")) == ("1", "0")


def test_github_gets_annotations_and_a_summary_only_when_asked(compare, tmp_path):
    sides = write_pairs(tmp_path, change=1.3, bend=hostile)
    summary = tmp_path / "summary.md"
    environment = {**os.environ, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    assert "::error" not in compare(*sides, env=environment).stdout.replace(HOSTILE[-9:], "")
    assert not summary.exists()
    outcome = compare(*sides, "--github", env=environment)
    errors = [line for line in outcome.stdout.splitlines() if line.startswith("::error title=")]
    assert 0 < len(errors) <= 10
    assert all("\r" not in line and "%0A" in line for line in errors)
    assert summary.read_text().startswith("**REGRESSED")


def test_there_are_no_more_annotations_than_github_shows(compare, tmp_path):
    for number in range(25):
        for side, reads in (("base", 200), ("head", 999)):
            data = one_client(**{"store.reads": reads})
            data["configuration"]["workload"]["name"] = f"w{number}"
            write(tmp_path / side / f"{number}.json", data)
    outcome = compare(tmp_path / "base", tmp_path / "head", "--github", env={**os.environ})
    errors = [line for line in outcome.stdout.splitlines() if line.startswith("::error")]
    assert len(errors) == 10
    assert errors[-1].endswith("::and 16 more")


def test_what_cannot_be_written_is_told(compare, virtual, tmp_path):
    outcome = compare(*virtual(), "--json", tmp_path / "none" / "c.json")
    assert outcome.returncode == 2
    assert "No such file" in outcome.stderr


def test_a_reader_that_goes_away_makes_no_noise(virtual):
    base, head = virtual(**{"store.reads": 201})
    line = f"{SCRIPTS}/compare.py {base} -- {head} | true; exit ${{PIPESTATUS[0]}}"
    outcome = subprocess.run(["bash", "-c", line], capture_output=True, text=True)
    assert outcome.stderr == ""
    assert outcome.returncode in (0, 141)


def test_an_error_of_ours_is_never_a_regression(virtual, tmp_path):
    base, head = virtual()
    program = (
        f"import sys; sys.path.insert(0, {str(SCRIPTS)!r});"
        "from stalemark.common import command; from stalemark.compare import compare, sides;"
        f"sys.argv = ['compare.py', {str(base)!r}, '--', {str(head)!r}];"
        "sides.check = lambda *_: 1 / 0; command.run(compare.main)"
    )
    outcome = subprocess.run(["/usr/bin/python3", "-c", program], capture_output=True, text=True)
    assert outcome.returncode == 70
    assert outcome.stderr.endswith("compare.py: internal error\n")


def test_help_is_the_docstring(call):
    outcome = call("compare.py", "--help")
    assert outcome.returncode == 0
    assert "Exit status: 0" in outcome.stdout
