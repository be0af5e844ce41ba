# SPDX-License-Identifier: Apache-2.0
"""Runs with a cold cache or a generator that could not keep up are named, in a sentence each."""

import json

import pytest
import synthetic
from agreeing import AGREEING
from stalemark.matrix import caveats, matrix
from synthetic import Plan
from two_sides import write_pairs


def warmed(ended_because, stable=None, command=""):
    """A bend: the warm-up of every run ended so."""

    def bend(data):
        data["warmup"] = {"duration_ns": 5, "operations": 9, "ended_because": ended_because}
        data["warmup"] |= {} if stable is None else {"stable": stable}
        if stable is False:  # Nor is it while the run lasts.
            for number, row in enumerate(data["timeline"]):
                row["hits"] = 300 * number
        data["command"] += command

    return bend


def saturated(data):
    data["schedule"] = {"offered": 1100, "completed": 1100, "dropped": 0, "saturated": True}


def told(folder):
    return matrix.build(*matrix.gather([folder]))["caveats"]


@pytest.mark.parametrize(
    ("bend", "expected"),
    [(warmed("stable", True), None), (warmed("duration", True), None),
     (warmed("duration", False), caveats.COLD), (warmed("limit", False), caveats.COLD),
     (warmed("limit", True), caveats.COLD), (warmed("workload", False), caveats.COLD),
     (warmed("none"), None), (warmed("none", command=" --warmup 0"), caveats.UNWARMED),
     (warmed("none", command=" --set warmup=0"), caveats.UNWARMED),
     (warmed("none", command=" --out warmup.json"), None), (warmed("duration"), None),
     (saturated, caveats.SATURATED), (synthetic.schema_1, None)],
)  # fmt: skip
def test_a_condition_is_told_of_the_runs_that_have_it(tmp_path, bend, expected):
    only = "write_through"

    def bend_one(data):
        strategy = data["configuration"]["protocol"]["strategy"]
        if strategy == only and data["session"]["repetition"] < 3 or bend is synthetic.schema_1:
            bend(data)

    folder = synthetic.suite(tmp_path / "r", AGREEING, bend=bend_one)
    assert told(folder) == ([f"zipf: {expected}: write_through (3 of 8 runs)"] if expected else [])


def test_a_hit_ratio_that_has_converged_is_no_caveat_however_the_warm_up_ended(tmp_path):
    def converged(data):
        warmed("duration", False)(data)
        for row in data["timeline"]:
            row["hits"] = 4000

    folder = synthetic.suite(tmp_path / "r", [Plan("cache_aside")], bend=converged)
    (group,) = matrix.gather([folder])[0]
    assert caveats.of_runs(group) == []


def test_without_a_cache_nothing_need_be_warm(tmp_path):
    folder = synthetic.suite(tmp_path / "r", [Plan("cache_aside")], bend=warmed("limit", False))
    assert told(folder) == [f"zipf: {caveats.COLD}: cache_aside"]


def test_many_runs_are_listed_in_a_few_words():
    runs = [(name, [caveats.COLD]) for name in "abcdef" for _ in range(3)] + [("z", [])]
    assert list(caveats.sentences(runs)) == [f"{caveats.COLD}: a, b, c and 3 others"]
    runs = [(name, [caveats.SATURATED]) for name in "abcdef"]
    assert list(caveats.sentences(runs)) == [f"{caveats.SATURATED}: all runs"]
    assert list(caveats.sentences([("a", [caveats.COLD])])) == [f"{caveats.COLD}: a"]
    assert list(caveats.sentences([("a", []), ("b", [])])) == []


def test_every_script_that_reads_results_warns(call, tmp_path):
    def bend(data):
        warmed("limit", False)(data)
        saturated(data)

    folder = synthetic.suite(tmp_path / "r", [Plan("cache_aside")], repetitions=3, bend=bend)
    outputs = [call("matrix.py", folder).stdout, (folder / "matrix.md").read_text()]
    call("report.py", folder, "--out", tmp_path)
    outputs.append((tmp_path / "report.html").read_text())
    files = [f"--json={tmp_path / 'r.json'}", f"--markdown={tmp_path / 'r.md'}"]
    shown = call("recommend.py", folder, "--read-p99", "1s", *files).stdout
    outputs += [shown, (tmp_path / "r.md").read_text(),
                "\n".join(json.loads((tmp_path / "r.json").read_text())[0]["caveats"])]  # fmt: skip
    assert max(map(len, shown.splitlines())) <= 100
    base, head = write_pairs(tmp_path / "sides", pairs=8, bend_head=bend)
    outputs.append(call("compare.py", base, "--", head, "--allow-mismatch").stdout)
    for text in outputs:
        text = " ".join(text.split())
        assert f"{caveats.COLD}: " in text
        assert f"{caveats.SATURATED}: " in text
    assert f"note: {caveats.COLD}: zipf cache_aside of HEAD" in outputs[-1]


def test_a_sound_result_of_either_schema_has_no_condition():
    data = synthetic.result(Plan("cache_aside"))
    assert caveats.conditions(data) == []
    assert caveats.conditions(synthetic.schema_1(data)) == []


def test_operations_of_unknown_outcome_are_told_apart_from_those_that_failed(tmp_path):
    def bend(data):
        synthetic.fail(data, "write", failed=2, unknown=3)

    folder = synthetic.suite(tmp_path / "r", [], repetitions=1, bend=bend)
    assert "zipf: 2 operations failed" in told(folder)
    assert any("3 operations ended without an answer" in line for line in told(folder))
