# SPDX-License-Identifier: Apache-2.0
"""Times of all operations that were due: those without answer are slower than any other."""

import math
import random

import pytest
import synthetic
from recorded import set_of, text_of
from stalemark.common import due_operations, histograms
from stalemark.common.due_operations import NEVER, Due
from synthetic import Plan

RANDOM = random.Random(3)


def recorded_reads(answered, failed=0, unknown=0, dropped=0):
    """A result whose reads took these times, and of which so many more were not answered."""
    data = synthetic.result(Plan("cache_aside"))
    data["operations"] = {"read": {"count": len(answered) + failed + unknown, "failed": failed,
                                   "unknown": unknown}}  # fmt: skip
    data["histograms"] = {}
    if answered:
        data["operations"]["read"]["latency_ns"] = set_of(answered)
        data["histograms"]["read"] = text_of(answered)
    if dropped:
        data["schedule"] = {"completed": len(answered), "dropped": dropped}
        data["configuration"]["workload"]["phases"] = [{"mix": {"read": 1.0}}]
    return data


@pytest.mark.parametrize("answered", [1, 7, 99, 100, 990, 4_321])
@pytest.mark.parametrize(("failed", "unknown", "dropped"),
                         [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (3, 2, 5), (30, 30, 3),
                          (5_000, 0, 0)])  # fmt: skip
def test_a_quantile_is_that_of_the_list_with_infinite_times_at_its_end(
    answered, failed, unknown, dropped
):
    times = [round(RANDOM.lognormvariate(11, 2)) for _ in range(answered)]
    due = Due(recorded_reads(times, failed, unknown, dropped), "read")
    ordered = sorted(times) + [math.inf] * (failed + unknown + dropped)
    assert (due.count, due.unanswered) == (len(ordered), failed + unknown + dropped)
    for name, ten_thousandths in (("p50", 5000), ("p90", 9000), ("p95", 9500), ("p99", 9900),
                                  ("p999", 9990), ("p9999", 9999)):  # fmt: skip
        rank = -(-ten_thousandths * len(ordered) // 10_000)
        expected = ordered[rank - 1]
        if expected == math.inf:
            assert due.quantile(name) == NEVER
        else:
            assert due.quantile(name) == pytest.approx(expected, rel=0.008, abs=0.5)


def test_where_everything_failed_every_quantile_is_never_and_there_is_no_mean():
    due = Due(recorded_reads([], failed=5), "read")
    assert {due.quantile(name) for name in histograms.QUANTILES} == {NEVER}
    assert due.mean is None
    assert not due.is_comparable


def test_what_was_asked_for_and_never_sent_is_never_answered():
    data = recorded_reads([], dropped=7)
    data["operations"] = {}
    assert Due(data, "read").quantile("p50") == NEVER
    assert Due(data, "write").quantile("p50") is None


def test_a_kind_that_did_not_run_has_no_times():
    due = Due(recorded_reads([5, 6]), "delete")
    assert (due.count, due.unanswered, due.mean, due.quantile("p99")) == (0, 0, None, None)


def test_latencies_that_are_absent_were_not_measured():
    data = recorded_reads([5, 6, 7], failed=1)
    del data["operations"]["read"]["latency_ns"]
    assert Due(data, "read").quantile("p50") is None
    assert Due(data, "read").quantile("p99") == NEVER


def test_averages_stand_for_all_where_at_most_1_of_100_is_without_answer():
    times = [1000] * 9_900
    assert Due(recorded_reads(times, failed=60, unknown=40), "read").is_comparable
    assert not Due(recorded_reads(times, failed=61, unknown=40), "read").is_comparable


def test_an_open_loop_counts_from_when_operations_were_due():
    data = recorded_reads([10, 20, 30], failed=1)
    data["operations"]["read"]["response_ns"] = set_of([100, 200, 300])
    data["histograms"]["read.response_ns"] = text_of([100, 200, 300])
    due = Due(data, "read")
    assert due.quantile("p50") == pytest.approx(200, rel=0.008)
    assert (due.quantile("p99"), due.mean) == (NEVER, 200)


def failing(data):
    return synthetic.fail(synthetic.fail(data, "write", failed=20, unknown=5), "read", failed=75)


def test_the_rate_of_successes_is_the_same_from_both_schemas():
    planned = synthetic.result(Plan("cache_aside"))["operations_per_second"]
    old = synthetic.schema_1(failing(synthetic.result(Plan("cache_aside"))))
    assert old["operations_per_second"] == pytest.approx(planned * 1100 / 1000)
    old["operations_per_second"] = 1100 / (old["elapsed_ns"] / 1e9)  # As the program counted.
    assert due_operations.per_second(old) == 1000 / (old["elapsed_ns"] / 1e9)
    new = failing(synthetic.result(Plan("cache_aside")))
    assert due_operations.per_second(new) == planned


def test_of_merged_runs_of_schema_1_the_rate_is_that_share_of_all():
    old = synthetic.schema_1(failing(synthetic.result(Plan("cache_aside"))))
    old |= {"operations_per_second": 5_500.0, "merged": {}}
    assert due_operations.per_second(old) == pytest.approx(5_000)


def test_a_rate_that_was_not_measured_or_of_no_time_is_no_error():
    old = synthetic.schema_1(failing(synthetic.result(Plan("cache_aside"))))
    assert due_operations.per_second(old | {"elapsed_ns": 0}) == 0
    del old["operations_per_second"]
    assert due_operations.per_second(old) is None


@pytest.mark.parametrize(("schedule", "failed", "is_comparable"),
                         [(None, 11, True), (None, 12, False),
                          ({"completed": 1}, 90, True)])  # fmt: skip
def test_failures_of_a_closed_loop_alone_make_rates_incomparable(schedule, failed, is_comparable):
    data = synthetic.fail(synthetic.result(Plan("cache_aside")), "write", failed=failed)
    if schedule:
        data["schedule"] = schedule
    assert due_operations.is_rate_comparable(data) == is_comparable


def test_where_some_phases_alone_are_open_loops_times_are_from_sending():
    """Latencies from when operations were due are of fewer operations: their ranks differ."""
    data = recorded_reads([100] * 900 + [200] * 100)
    data["operations"]["read"]["response_ns"] = set_of([9_000] * 10)
    data["histograms"]["read.response_ns"] = text_of([9_000] * 10)
    assert Due(data, "read").quantile("p50") == 100
    data["operations"]["read"]["failed"] = 1
    data["operations"]["read"]["count"] += 1
    assert Due(data, "read").quantile("p50") == 100


def test_a_closed_phase_drops_nothing():
    data = recorded_reads([100] * 90, dropped=10)
    phases = [{"mix": {"read": 1.0}}, {"mix": {"read": 0.5, "write": 0.5}, "rate": 10.0}]
    data["configuration"]["workload"]["phases"] = phases
    assert Due(data, "read").dropped == 5


def test_of_a_trace_each_kind_drops_its_share_of_what_ran():
    data = recorded_reads([100] * 98, dropped=100)
    data["operations"]["write"] = {"count": 2, "failed": 0, "latency_ns": set_of([100] * 2)}
    del data["configuration"]["workload"]["phases"]
    data["configuration"]["workload"]["trace"] = {"path": "a.csv", "speed": 1}
    assert (Due(data, "read").dropped, Due(data, "write").dropped) == (98, 2)
