"""Simulated runs, and counts that a real run repeats: compared to the digit."""

import copy

import comparison
import pytest
import sides
from two_sides import simulated, write, write_pairs


@pytest.fixture
def judge(tmp_path):
    """The comparison of two lists of results."""

    def run(base, head, margins=None):
        loaded = []
        for side, results in (("base", base), ("head", head)):
            for number, data in enumerate(results):
                write(tmp_path / side / f"{number}.json", data)
            loaded.append(sides.load([tmp_path / side]))
        matched, doubts = sides.match(*loaded, False)
        return comparison.compare(matched, comparison.Settings(margins or {}), doubts)

    return run


def test_equal_runs_make_no_row_and_all_their_figures_were_compared(judge):
    found = judge([simulated()], [simulated()])
    assert found.rows == []
    assert found.cases[0]["digits"] > 40


@pytest.mark.parametrize(
    ("figure", "value", "verdict"),
    [
        ("store.reads", 201, "regressed"),
        ("store.reads", 199, "improved"),
        ("consistency.stale_reads", 1, "regressed"),
        ("operations_per_second", 1e9, "improved"),
        ("promise.verdict", "broken", "regressed"),
        ("virtual.trace_hash", "00fe", "inconclusive"),
        ("virtual.events", 5001, "inconclusive"),
        ("store.writes", 101, "inconclusive"),
        ("histograms.read", "300:501 320:400 400:100", "inconclusive"),
        ("timeline", [{"at_ns": 0, "operations": 1}], "inconclusive"),
    ],
)
def test_a_single_count_more_or_less_is_seen(judge, figure, value, verdict):
    found = judge([simulated()], [simulated(**{figure: value})])
    assert [(row.metric, row.verdict) for row in found.rows] == [(figure, verdict)]
    if verdict == "inconclusive":
        assert found.rows[0].why == "changed"
    assert bool(found.failing) == (verdict == "regressed")


def test_each_seed_is_a_case_of_its_own(judge):
    found = judge([simulated(1), simulated(2)], [simulated(1), simulated(2, **{"store.reads": 9})])
    assert [row.case for row in found.rows] == ["zipf cache_aside seed=2"]


def test_equal_runs_of_one_side_that_differ_are_an_error_of_the_program(judge):
    found = judge([simulated(), simulated(**{"store.reads": 201})], [simulated()])
    assert [row.why for row in found.rows] == ["varies"]
    assert "BASE differ" in found.rows[0].note


def test_a_margin_for_a_figure_lets_less_pass(judge):
    more = [simulated(**{"store.reads": 202})]
    assert judge([simulated()], more, {"store.reads": 0.02}).rows[0].verdict == "same"
    assert judge([simulated()], more, {"store.reads": 0.005}).failing


def test_a_figure_that_only_the_new_program_knows_is_no_change(judge):
    newer = simulated()
    newer["shield"] = {"joined": 5}
    assert judge([simulated()], [newer]).rows == []
    assert [row.metric for row in judge([newer], [simulated()]).rows] == ["shield.joined"]


def steady(data):
    """One client, a number of operations, and nothing that the clock decides."""
    data["configuration"]["clients"] = 1
    data["configuration"]["workload"] |= {"operations": 1100, "warmup": "0"}


def compare_pairs(folder, **options):
    base, head = (sides.load([each]) for each in write_pairs(folder, **options))
    matched, _ = sides.match(base, head, False)
    return comparison.compare(matched, comparison.Settings())


def test_counts_of_a_steady_run_are_compared_to_the_digit(tmp_path):
    def one_more(data):
        data["store"]["reads"] += 1

    found = compare_pairs(tmp_path, bend=steady, bend_head=one_more)
    assert [row.metric for row in found.failing] == ["store.reads"]
    assert found.cases[0]["digits"] > 10


@pytest.mark.parametrize(
    "change",
    [
        {"clients": 2}, {"nodes": 2}, {"faults": ["store-slow@1s"]}, {"workload": {"warmup": "1s"}},
        {"protocol": {"ttl_ns": 5}}, {"workload": {"operations": None}},
    ],
    ids=str,
)  # fmt: skip
def test_counts_that_the_clock_decides_are_not_compared(tmp_path, change):
    def bend(data):
        steady(data)
        for name, value in copy.deepcopy(change).items():
            if isinstance(value, dict):
                data["configuration"][name] |= value
            else:
                data["configuration"][name] = value
        if data["configuration"]["workload"]["operations"] is None:
            del data["configuration"]["workload"]["operations"]

    def one_more(data):
        data["store"]["reads"] += 1

    found = compare_pairs(tmp_path, bend=bend, bend_head=one_more)
    assert found.cases[0]["digits"] == 0
    assert not found.failing


def test_a_count_that_the_runs_of_base_do_not_repeat_is_not_compared(tmp_path):
    def bend(data):
        steady(data)
        data["store"]["reads"] += data["session"]["pair"]

    found = compare_pairs(tmp_path, bend=bend)
    assert "store.reads" not in {row.metric for row in found.rows}


def test_a_wrong_answer_of_head_is_a_regression_without_statistics(tmp_path):
    def corrupt(data):
        if data["session"]["pair"] == 3:
            data["consistency"]["values_corrupt"] = 1

    found = compare_pairs(tmp_path, bend_head=corrupt)
    assert [row.metric for row in found.failing] == ["consistency.values_corrupt"]


def test_a_promise_that_only_head_breaks_counts_when_chance_does_not_explain_it(tmp_path):
    def broken(often):
        def bend(data):
            if data["session"]["pair"] <= often:
                data["promise"]["verdict"] = "broken"

        return bend

    rare = compare_pairs(tmp_path / "rare", bend_head=broken(1))
    assert [row.why for row in rare.rows if row.metric == "promise.verdict"] == ["chance"]
    often = compare_pairs(tmp_path / "often", bend_head=broken(12))
    assert [row.metric for row in often.failing] == ["promise.verdict"]
