# SPDX-License-Identifier: Apache-2.0
"""The column that says how much more load the database bears, and what capacity.py refuses."""

import json
import math

import pytest
import synthetic
from simulated_answer import PLANS, simulate
from stalemark.common import figures
from stalemark.matrix import bears, capacity, matrix


@pytest.fixture
def answered(call, tmp_path):
    """matrix.py of simulated results with what was borne: {(strategy, TTL): (met, missed)}."""
    folder = synthetic.suite(tmp_path / "r", PLANS, bend=simulate)

    def of(borne, change=None):
        groups, _ = matrix.gather([folder])
        (group,) = groups
        protocols = [next(iter(row.values())).protocol for row in group.rows.values()]
        found = [
            {"protocol": one, "met": pair[0], "is_least": pair[1]}
            for one in protocols
            if (pair := borne.get((one["strategy"], one.get("ttl_ns", 0) // 10**9)))
        ]
        content = {"workload": "zipf", "demand": bears.demand_of(group), "p99_ns": 5_000_000,
                   "protocols": found}  # fmt: skip
        if change:
            change(content)
        path = tmp_path / "capacity.json"
        path.write_text(json.dumps({"capacity": 1, "workloads": [content]}))
        return call("matrix.py", folder, "--capacity", path), folder

    return of


BORNE = {("no_cache", 0): (1_000, False), ("cache_aside", 60): (4_000, False),
         ("cache_aside", 5): (None, False), ("write_through", 60): (7_900, True)}  # fmt: skip


def test_it_is_relative_to_no_cache_and_coarse(answered):
    outcome, folder = answered(BORNE)
    (told,) = json.loads((folder / "matrix.json").read_text())["answers"]
    ratios = {row["protocol"]: row["bears"] for row in told["rows"]}
    assert ratios["no_cache"] == 1
    assert ratios["cache_aside"] == pytest.approx(4)
    assert ratios["cache_aside ttl=5s"] == 0
    assert ratios["write_through"] == pytest.approx(7.9)
    assert ratios["write_behind"] is None
    lines = {line.split("  ")[0]: line for line in outcome.stdout.splitlines()}
    (head,) = [line for line in outcome.stdout.splitlines() if "reads bears" in line]
    place = head.index("bears")
    shown = {name: lines[name][place:].split()[0] for name in ratios if name in lines}
    assert shown["cache_aside"] == "~×4"
    assert shown["write_through"] == "≥×6"
    assert shown["write_behind"] == "-"
    assert "less" in outcome.stdout
    said = "bears: the load, relative to no_cache, at which the p99 passes 5 ms"
    assert said in " ".join(outcome.stdout.split())
    assert "the database bears ≥×6" in outcome.stdout
    assert "| the database bears |" in (folder / "matrix.md").read_text()


def test_without_it_there_is_no_such_column_on_the_screen(made):
    printed, data, _ = made()
    assert "bears" not in printed
    assert {row["bears"] for row in data["answers"][0]["rows"]} == {None}


def test_that_of_another_load_is_refused(answered):
    outcome, _ = answered(BORNE, lambda content: content["demand"].update(rate=77))
    assert outcome.returncode == 2
    assert "holds no capacities of zipf as it is here" in outcome.stderr


@pytest.mark.parametrize("content", [
    "", "[]", "{}", '{"workloads": [{}]}', '{"workloads": [{"p99_ns": 5, "protocols": []}]}',
    '{"workloads": [{"p99_ns": 5, "protocols": [{"protocol": {}, "met": 1}]}]}',
])
def test_what_is_no_such_file_is_refused(call, tmp_path, content):
    folder = synthetic.suite(tmp_path / "r", PLANS, bend=simulate)
    (tmp_path / "c.json").write_text(content)
    for path, said in ((tmp_path / "c.json", "no capacities"), (tmp_path / "none", "No such file")):
        outcome = call("matrix.py", folder, "--capacity", path)
        assert outcome.returncode == 2
        assert said in outcome.stderr and outcome.stderr.count("\n") == 1


@pytest.mark.parametrize("ratio, shown", [
    (1, "×1"), (1.1, "~×1"), (4.23, "~×4"), (4.72, "~×4"), (5.1, "~×6"), (0.61, "~×0.6"),
    (37, "~×40"), (17, "~×15"),
])  # fmt: skip
def test_a_ratio_is_coarse(ratio, shown):
    assert figures.coarse(ratio) == shown


@pytest.mark.parametrize("ratio, shown", [
    (7.9, "≥×6"), (8, "≥×8"), (1, "≥×1"), (1.4, "≥×1"), (0.59, "≥×0.4"), (99, "≥×80"),
    (0.15, "≥×0.15"), (0.3, "≥×0.3"), (0.6, "≥×0.6"), (math.nextafter(1000, 0), "≥×800"),
])  # fmt: skip
def test_a_lower_bound_is_not_rounded_up(ratio, shown):
    assert figures.coarse(ratio, is_least=True) == shown


@pytest.mark.parametrize("words, said", [
    ([], "no workload states a read_p99_max; expected --p99 DURATION"),
    (["--p99", "0"], "expected a duration above 0"),
    (["--p99", "soon"], "'soon': expected a duration"),
])  # fmt: skip
def test_a_limit_is_needed(call, tmp_path, words, said):
    folder = synthetic.suite(tmp_path / "r", [PLANS[0]], bend=simulate)
    outcome = call("capacity.py", folder, "--out", tmp_path / "c.json", *words)
    assert outcome.returncode == 2
    assert said in outcome.stderr.splitlines()[-1]


def test_what_is_no_file_of_capacities_is_not_overwritten(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", [PLANS[0]], bend=simulate)
    taken = next(folder.glob("*.json"))
    before = taken.read_text()
    for out, said in ((taken, "not overwritten"), (tmp_path / "none" / "c.json", "no such folder")):
        outcome = call("capacity.py", folder, "--out", out, "--p99", "5ms")
        assert outcome.returncode == 2 and said in outcome.stderr
    assert taken.read_text() == before


def test_measured_results_are_refused(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", [PLANS[0]], repetitions=3)
    outcome = call("capacity.py", folder, "--out", tmp_path / "c.json", "--p99", "5ms")
    assert outcome.returncode == 2
    assert "expected simulated results of an open loop with one phase" in outcome.stderr


def test_the_ramp_replaces_the_load_and_nothing_else():
    class Result:
        data = {"command": "stalemark run w --ttl 5s --rate=9 --no-coalescing --seed 4"
                           " --duration 8s --reads 0.5 --warmup 2s --fault store-down@1s+1s"
                           " --set 'phases=[{\"rate\":9}]'",
                "seed": 4, "configuration": {"workload": {
                    "warmup": "2s", "phases": [{"mix": {"read": 0.2}, "rate": 9}]}}}  # fmt: skip

    words = capacity.words_of(Result, [100.0, 200.0], 0.5)
    assert words[:6] == ["run", "w", "--ttl", "5s", "--no-coalescing", "--reads"]
    assert words[6:11] == ["0.5", "--warmup", "2s", "--fault", "none"]
    assert words[11:14] == ["--seed", "4", "--set"]
    phases = json.loads(words[14].removeprefix("phases="))
    assert phases == [{"mix": {"read": 0.2}, "duration": "500ms", "rate": rate}
                      for rate in (100, 200)]  # fmt: skip


@pytest.mark.parametrize("step, met", [
    ({"operations": 100, "response_p99_ns": 5}, True),
    ({"operations": 100, "response_p99_ns": 6}, False),
    ({"operations": 100, "response_p99_ns": 5, "unanswered": 2}, False),
    ({"operations": 0}, False),
])  # fmt: skip
def test_a_step_is_met_if_its_p99_is(step, met):
    assert capacity.is_met(step, 5) is met


def test_a_ramp_grows_by_one_factor():
    rates = capacity.ramp(10, 1_000)
    assert (rates[0], rates[-1]) == (10, pytest.approx(1_000))
    assert {round(after / before, 9) for before, after in zip(rates, rates[1:])} == {
        round(100 ** (1 / (capacity.STEPS - 1)), 9)
    }
