# SPDX-License-Identifier: Apache-2.0
"""What counts for and against a requirement, result by result."""

import pytest
import synthetic
from stalemark.common.command import Refusal
from stalemark.recommend import requirements
from stalemark.recommend.judgements import MET, MISSED, NOT_MEASURED
from synthetic import Plan

SECOND = 1_000_000_000
BUCKET = 64 * 15  # Its latencies are from 1,048,576 ns on, to 1,064,960.


def runs(plan=None, count=3, bend=lambda data: None):
    made = [synthetic.result(plan or Plan("cache_aside"), repetition=each) for each in range(count)]
    for data in made:
        bend(data)
    return made


def judge(name, limit, results):
    return requirements.REQUIREMENTS[name].judge(results, limit)


def asking(mix):
    """Of a workload with these phases."""
    phases = [{"mix": each} for each in mix]
    return lambda data: data["configuration"]["workload"].update(phases=phases)


def slow_reads(slow, failed=0, dropped=0):
    """Of 10,000 due reads so many took 1 ms and the others 1 us, but for those without answer."""
    answered = 10_000 - failed - dropped

    def bend(data):
        quantiles = {"min": 1000, "p50": 1000, "p99": 1000, "max": 1_050_000, "count": answered}
        data["operations"] = {
            "read": {"count": answered + failed, "failed": failed, "latency_ns": quantiles}
        }
        data["histograms"] = {"read": f"317:{answered - slow} {BUCKET}:{slow}"}
        data["schedule"] = {"dropped": dropped}
        asking([{"read": 1.0}])(data)

    return bend


@pytest.mark.parametrize(
    ("slow", "failed", "dropped", "status"),
    [(100, 0, 0, MET), (50, 50, 0, MET), (50, 51, 0, MISSED), (50, 0, 50, MET), (50, 0, 51, MISSED),
     (0, 100, 0, MET), (0, 60, 41, MISSED), (0, 10_000, 0, MISSED)],
)  # fmt: skip
def test_at_most_1_of_100_reads_that_were_due_is_slow_or_without_answer(
    slow, failed, dropped, status
):
    found = judge("read_p99_max", 10_000, runs(bend=slow_reads(slow, failed, dropped)))
    assert found.status == status, found.seen


def test_the_p99_beside_failed_reads_is_the_latency_of_that_rank():
    found = judge("read_p99_max", 10_000, runs(bend=slow_reads(50, 51)))
    assert 1_048_576 <= found.needed <= 1_064_960


def test_without_histograms_the_next_quantile_beyond_that_rank_counts():
    def bend(data):
        slow_reads(50, 51)(data)
        data["operations"]["read"]["latency_ns"]["p999"] = 7_000_000
        del data["histograms"]

    assert judge("read_p99_max", 10_000, runs(bend=bend)).needed == pytest.approx(7_000_000)


def test_reads_that_were_never_sent_count_as_many_as_the_mix_lets_expect():
    def bend(data):
        slow_reads(0)(data)
        data["schedule"] = {"dropped": 800}
        asking([{"read": 0.1, "write": 0.9}, {"read": share, "write": 1 - share}])(data)

    share = 0.125
    assert judge("read_p99_max", 10_000, runs(bend=bend)).status == MET  # 100 of 10,100.
    share = 0.25
    found = judge("read_p99_max", 10_000, runs(bend=bend))
    assert (found.status, found.seen) == (MISSED, "200 of 10,200 reads of a run without answer")


def test_one_failure_among_few_reads_is_no_p99():
    def bend(data):
        data["operations"]["read"].update(count=50, failed=failed)

    failed = 1
    assert judge("read_p99_max", SECOND, runs(bend=bend)).status == NOT_MEASURED
    failed = 10
    assert judge("read_p99_max", SECOND, runs(bend=bend)).status == MISSED


def test_latencies_of_0_ns_are_within_any_limit():
    def bend(data):
        data["operations"]["read"]["latency_ns"]["p99"] = 0

    assert judge("read_p99_max", 1, runs(bend=bend)).status == MET


def only_reads(data):
    del data["operations"]["write"]
    for name in ("read_your_writes_eligible", "monotonic_reads_eligible"):
        data["consistency"].pop(name, None)


OF_WRITES = ("write_p99_max", "writes_lost_max", "read_your_writes", "monotonic_reads")


@pytest.mark.parametrize("name", OF_WRITES)
@pytest.mark.parametrize("kind", ["write", "delete", "read_modify_write"])
def test_writes_that_were_asked_for_and_did_not_run_were_not_measured(name, kind):
    results = runs(bend=only_reads)
    assert judge(name, 0, results).status == MET
    for each in results:
        asking([{"read": 1.0, kind: 0.0}])(each)
    assert judge(name, 0, results).status == MET
    asking([{"read": 1.0, kind: 0.0}, {"read": 0.9, kind: 0.1}])(results[1])
    assert judge(name, 0, results).status == NOT_MEASURED


def test_deletes_have_a_p99_of_writes_where_nothing_else_is_written():
    def bend(data):
        data["operations"]["delete"] = data["operations"].pop("write")
        data["operations"]["delete"].update(count=1000, latency_ns=synthetic.quantiles(SECOND))

    assert judge("write_p99_max", SECOND, runs(bend=bend)).status == MISSED


@pytest.mark.parametrize("name", ["read_your_writes", "monotonic_reads"])
def test_what_was_judged_in_some_repetitions_was_not_measured(name):
    def eligible(data):
        data["consistency"][f"{name}_eligible"] = 500

    results = runs(bend=eligible)
    assert judge(name, True, results).status == MET
    del results[1]["consistency"]
    assert judge(name, True, results).status == NOT_MEASURED
    results[0]["consistency"][f"{name}_violations"] = 1
    assert judge(name, True, results).status == MISSED


def test_a_stale_read_of_no_age_is_stale():
    results = runs(Plan("cache_aside", stale_reads=5, stale_age_ns=0))
    assert judge("stale_age_max", 0, results).status == MISSED
    assert judge("stale_age_max", judge("stale_age_max", 0, results).needed, results).status == MET


@pytest.mark.parametrize("ran", ["in_turn", "side_by_side"])
def test_merged_runs_are_as_long_as_the_shortest_of_them(ran):
    def merged(data):
        data["elapsed_ns"] = 9 * SECOND
        parts = [{"elapsed_ns": length * SECOND} for length in (shortest, 8)]
        data["merged"] = {"ran": ran, "parts": parts}

    plan = Plan("cache_aside", stale_reads=40, stale_age_ns=SECOND // 2)
    for shortest, status in ((4, NOT_MEASURED), (6, MET)):
        assert judge("stale_age_max", 5 * SECOND, runs(plan, bend=merged)).status == status


def aged(measured, by_design):
    """Of 400 stale reads of a run, so many ages known; and stale by design, all of known age."""

    def bend(data):
        data["consistency"]["ages_sampled"] = measured
        data["consistency"]["stale_age_ns"] = synthetic.quantiles(10, measured)
        data["consistency"]["stale_by_design"] = by_design
        if by_design:
            data["consistency"]["stale_by_design_age_ns"] = synthetic.quantiles(10, by_design)

    return bend


@pytest.mark.parametrize(
    ("measured", "by_design", "status", "bound"),
    [(400, 0, MET, "below 0.10% of all reads older"), (400, 90, MET, "0.10% of all reads older"),
     (33, 0, NOT_MEASURED, "of 99 whose age is known"), (50, 0, MET, "below 2.0% of them older"),
     (20, 80, MET, "below 1.0% of them older")],
)  # fmt: skip
def test_an_age_is_bounded_by_as_many_as_were_measured(measured, by_design, status, bound):
    plan = Plan("cache_aside", stale_reads=400, stale_age_ns=200)
    found = judge("stale_age_max", SECOND // 2, runs(plan, bend=aged(measured, by_design)))
    assert found.status == status
    assert bound in found.seen


def test_ages_that_are_known_say_nothing_of_those_that_are_not():
    """Of the oldest reads a least age is known alone, however many ages of others are."""
    def bend(data):
        aged(200, 0)(data)
        data["consistency"]["ages_at_least"] = 200

    plan = Plan("cache_aside", stale_reads=400, stale_age_ns=200)
    found = judge("stale_age_max", SECOND // 2, runs(plan, bend=bend))
    assert found.status == NOT_MEASURED
    assert "of 600 a least age is known alone" in found.seen


def test_reads_that_are_stale_by_design_alone_have_ages():
    def bend(data):
        data["consistency"]["ages_sampled"] = 0
        aged(0, 40)(data)
        del data["consistency"]["stale_age_ns"]

    assert judge("stale_age_max", SECOND // 2, runs(bend=bend)).status == MET


def test_where_every_write_failed_none_was_at_risk_and_nothing_is_known():
    def bend(data):
        data["operations"]["write"]["failed"] = 100

    for limit in (0, 10):
        assert judge("writes_lost_max", limit, runs(bend=bend)).status == NOT_MEASURED


@pytest.mark.parametrize("operations", [{}, {"read": {"count": 0}}])
def test_runs_in_which_no_operation_ended_meet_nothing(operations):
    for name in ("read_p99_max", "store_reads_max"):
        results = runs(bend=lambda data: data.update(operations=operations))
        for each in results:
            asking([{"read": 1.0}])(each)
        assert judge(name, 1, results).status == NOT_MEASURED


@pytest.mark.parametrize(
    ("name", "value"), [("stale_age_max", "5 parsecs"), ("writes_lost_max", -3)]
)
def test_a_limit_of_a_workload_that_is_none_is_refused(name, value):
    with pytest.raises(Refusal, match=f"requirements of a workload: {name}: expected a"):
        requirements.of_workload({name: value})
