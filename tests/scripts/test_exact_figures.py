# SPDX-License-Identifier: Apache-2.0
"""Counts that a real run repeats, and figures that a run lacks: compared to the digit."""

import copy
import functools

import pytest
from stalemark.compare import comparison, sides
from two_sides import judged, one_client, simulated, steady, write, write_pairs


@pytest.fixture
def judge(tmp_path):
    return functools.partial(judged, tmp_path)


def test_equal_runs_make_no_row_and_all_their_figures_were_compared(judge):
    found = judge([simulated()], [simulated()])
    assert found.rows == []
    assert found.cases[0]["digits"] > 40


def test_equal_runs_of_one_side_that_differ_are_an_error_of_the_program(judge):
    found = judge([simulated(), simulated(**{"store.reads": 201})], [simulated()])
    assert [row.why for row in found.rows] == ["varies"]
    assert "BASE differ" in found.rows[0].note


def test_a_margin_for_a_figure_lets_less_pass(judge):
    more = [simulated(**{"store.reads": 202})]
    assert judge([simulated()], more, {"store.reads": 0.02}).rows[0].verdict == "same"
    assert judge([simulated()], more, {"store.reads": 0.005}).failing


def lacking(*names, of=simulated, **figures):
    """A simulated run without these figures or sections."""
    data = of(**figures)
    for name in names:
        *places, last = name.split(".")
        section = data
        for place in places:
            section = section[place]
        del section[last]
    return data


def verdicts(found):
    return {row.metric: row.verdict for row in found.rows}


def test_a_figure_that_only_the_new_program_knows_is_told_and_fails_nothing(judge):
    newer = simulated()
    newer["shield"] = {"joined": 5}
    (row,) = judge([simulated()], [newer]).rows
    assert (row.metric, row.verdict, row.head, row.fails) == ("shield.joined", "new", 5, False)
    assert verdicts(judge([newer], [simulated()])) == {"shield.joined": "missing"}


@pytest.mark.parametrize(
    "name",
    [
        "consistency.stale_reads", "consistency.stale_fraction", "promise", "store.reads",
        "cache.hit_ratio", "operations.read.latency_ns.p99", "operations.read.latency_ns",
        "histograms.read", "virtual.trace_hash", "timeline", "consistency.divergence.after_drain",
    ],
)  # fmt: skip
def test_a_figure_that_the_new_program_no_longer_tells_is_missing(judge, name):
    found = judge([simulated()], [lacking(name)])
    assert found.rows and set(verdicts(found).values()) == {"missing"}
    assert all(row.metric.startswith(name) for row in found.failing)


def test_a_figure_is_missing_too_if_another_case_of_head_tells_it(judge):
    head = [simulated(1), lacking("consistency.stale_reads", seed=2)]
    found = judge([simulated(1), simulated(2)], head)
    assert verdicts(found) == {"consistency.stale_reads": "missing"}


def test_what_is_taken_of_nothing_is_not_missing(judge):
    stale = simulated(**{"consistency.stale_reads": 3})
    stale["consistency"] |= {"stale_age_ns": {"count": 300, "p99": 50},
                             "ages_sampled": 300, "version_lag_max": 2}  # fmt: skip
    none = simulated(**{"consistency.ages_sampled": 0})
    found = judge([stale], [none])
    assert not found.failing
    assert verdicts(found)["consistency.stale_age_ns.p99"] == "changed"
    none["consistency"]["ages_sampled"] = 99  # They show no p99.
    assert verdicts(judge([stale], [none]))["consistency.stale_age_ns.p99"] == "changed"
    none["consistency"]["ages_sampled"] = 300
    assert verdicts(judge([stale], [none]))["consistency.stale_age_ns.p99"] == "missing"
    assert verdicts(judge([none], [stale]))["consistency.stale_age_ns.p99"] == "new"


def test_a_kind_of_operation_that_did_not_occur_is_none_and_not_missing(judge):
    found = judge([simulated()], [lacking("operations.write")])
    assert not found.failing
    (row,) = (row for row in found.rows if row.metric == "operations.write.count")
    assert (row.base, row.head, row.verdict) == (100, 0, "changed")


def test_an_outcome_that_only_one_side_had_is_a_count_from_or_to_none(judge):
    gone = judge([one_client()], [lacking("operations.read.by_outcome.hit", of=one_client)])
    assert verdicts(gone) == {"operations.read.by_outcome.hit.count": "regressed"}
    more = judge([lacking("operations.read.by_outcome.miss", of=one_client)], [one_client()])
    assert verdicts(more) == {"operations.read.by_outcome.miss.count": "regressed"}


@pytest.mark.parametrize(
    "figure, section",
    [
        ("durability.writes_behind.dropped", {"durability": {"writes_behind": {"dropped": 9}}}),
        ("cache.failed", {"cache": {"failed": 9}}),
        ("consistency.values_corrupt", {"consistency": {"values_corrupt": 9}}),
    ],
)
def test_failures_of_which_base_has_no_count_were_none(judge, figure, section):
    worse = one_client()
    for name, inner in section.items():
        worse[name] |= inner
    (row,) = judge([one_client()], [worse]).failing
    assert (row.metric, row.base, row.head) == (figure, 0, 9)
    assert verdicts(judge([worse], [one_client()])) == {figure: "missing"}


def test_what_a_run_that_was_configured_otherwise_lacks_is_not_missing(tmp_path):
    other = lacking("cache.hit_ratio")
    other["configuration"]["clients"] = 5
    paths = [write(tmp_path / "base.json", simulated()), write(tmp_path / "head.json", other)]
    matched, _ = sides.match(*(sides.load([each]) for each in paths), True)
    (row,) = comparison.compare(matched, comparison.Settings()).rows
    assert (row.verdict, row.note) == ("changed", "HEAD, configured otherwise, lacks it")


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


@pytest.mark.parametrize(
    "reads, verdict, told",
    [
        ((900, 901, 902), "regressed", (200, 901)),
        ((100, 101, 102), "improved", (200, 101)),
        ((200, 201, 200), "inconclusive", (200, 200)),
        ((199, 201, 202), "inconclusive", (200, 201)),
    ],
)
def test_counts_in_which_base_agrees_and_head_does_not_are_judged_run_by_run(
    tmp_path, reads, verdict, told
):
    def others(data):
        data["store"]["reads"] = reads[data["session"]["pair"] - 1]

    found = compare_pairs(tmp_path, pairs=3, bend=steady, bend_head=others)
    (row,) = (row for row in found.rows if row.metric == "store.reads")
    assert (row.verdict, (row.base, row.head)) == (verdict, told)
    assert "runs of HEAD" in row.note and "error" not in row.note


def test_a_count_that_is_worse_in_some_runs_of_head_regressed_beyond_chance(tmp_path):
    def often(data):
        data["store"]["reads"] += data["session"]["pair"] % 2

    few = compare_pairs(tmp_path / "few", pairs=4, bend=steady, bend_head=often)
    assert [row.why for row in few.rows if row.metric == "store.reads"] == ["varies"]
    many = compare_pairs(tmp_path / "many", pairs=20, bend=steady, bend_head=often)
    assert [row.metric for row in many.failing] == ["store.reads"]


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


@pytest.mark.parametrize("name", ["consistency", "promise"])
def test_real_runs_of_head_that_judge_no_answers_are_missing_something(tmp_path, name):
    def corrupt_is_counted(data):
        data["consistency"]["values_corrupt"] = 0

    found = compare_pairs(
        tmp_path, bend=corrupt_is_counted, bend_head=lambda data: data.pop(name)
    )
    assert {row.verdict for row in found.failing} == {"missing"}
    assert [row.metric.partition(".")[0] for row in found.failing] == [name]
