# SPDX-License-Identifier: Apache-2.0
"""The figures of one protocol in the answer, from seeds that differ."""

import pytest
import synthetic
from stalemark.matrix import answer, answer_rows, measures
from synthetic import Plan, SimulatedResult

SECOND = 10**9


def results(strategy, bends, **protocol):
    """One per seed; each bend changes its data."""
    found = {}
    for seed, bend in enumerate(bends):
        data = synthetic.result(Plan(strategy, protocol=protocol), repetition=seed)
        data["configuration"]["runtime"] = "virtual"
        bend(data)
        found[seed] = SimulatedResult(data)
    return found


def row(*bends, strategy="cache_aside", baseline=None, **protocol):
    base = results("no_cache", baseline or [lambda data: None] * len(bends))
    part = measures.Part("zipf", results(strategy, bends, **protocol), base)
    return answer_rows.Row("label", "label", part, {}, {})


def judged(checked, stale, by_design=0, **more):
    return lambda data: data["consistency"].update(
        reads_checked=checked, stale_reads=stale, stale_by_design=by_design, **more
    )


def test_a_crash_loses_what_the_worst_moment_of_any_seed_had():
    found = row(*(lambda data, most=most: data["durability"].update(exposure_writes_max=most)
                  for most in (3, 9, 4)))  # fmt: skip
    assert found.exposed == 9


def test_a_share_is_of_the_reads_of_all_seeds_and_counts_what_is_stale_by_design():
    found = row(judged(1_000, 0), judged(3_000, 50, 30))
    assert found.stale == 80 / 4_000
    assert found.stale_worst == 80 / 3_000
    assert found.reads_judged == 4_000
    assert answer.simulated(found) == "2%"  # Of all seeds, and not of the worst.


@pytest.mark.parametrize("kind", ["stale_age_ns", "stale_by_design_age_ns"])
def test_the_oldest_read_may_be_stale_by_design(kind):
    found = row(judged(1_000, 1, 1, stale_age_ns={"max": 5}, stale_by_design_age_ns={"max": 5}),
                judged(1_000, 1, 1, **{kind: {"max": 70}}))  # fmt: skip
    assert found.stale_age == 70


def slow(mean, p99):
    return lambda data: data["operations"]["read"]["latency_ns"].update(mean=mean, p99=p99)


def test_times_are_medians_over_the_seeds_of_mean_and_of_p99():
    found = row(slow(10, 500), slow(40, 100), slow(20, 300))
    assert (found.time("read"), found.time("read", "p99")) == (20, 300)


def test_ratios_are_formed_seed_by_seed_and_their_geometric_mean_is_taken():
    found = row(slow(50, 9), slow(400, 9), baseline=[slow(100, 9), slow(200, 9)])
    assert found.ratio("read") == pytest.approx(1)  # Of a half and of twice.
    assert found.ratio("read", "p99") == pytest.approx(1)


def test_the_load_is_reads_of_the_store_per_operation():
    found = row(lambda data: data["store"].update(reads=220, writes=900),
                lambda data: data["store"].update(reads=440, writes=900))  # fmt: skip
    assert found.store_reads == pytest.approx(0.3)  # Of 1,100 operations each.


@pytest.mark.parametrize("protocol, bound", [
    ({"ttl_ns": 5 * SECOND}, 5 * SECOND),
    ({"ttl_ns": 5 * SECOND, "grace_ns": SECOND}, 6 * SECOND),
    ({"ttl_ns": 5 * SECOND, "grace_ns": SECOND, "stale_if_error_ns": SECOND}, 7 * SECOND),
    ({}, None),
])  # fmt: skip
def test_a_bound_has_all_that_an_entry_may_answer_for(protocol, bound):
    found = row(lambda data: data.update(known_races=[synthetic.FILL]), **protocol)
    assert found.bound_ns == bound


def test_a_promise_goes_before_what_follows_from_races():
    declared = {"declared": "bounded_staleness(9s), durable", "verdict": "kept", "broken_by": []}
    found = row(lambda data: data.update(promise=declared), ttl_ns=5 * SECOND)
    assert (found.bound_ns, found.is_durable) == (9 * SECOND, True)


def test_the_usual_ttl_is_that_of_most_and_not_the_longest():
    ttls = {"a": 5, "b": 5, "c": 60, "d": None}
    parts = {label: row(lambda data: None, **({"ttl_ns": ttl * SECOND} if ttl else {})).part
             for label, ttl in ttls.items()}  # fmt: skip
    assert answer_rows._usual_ttl(parts) == 5 * SECOND
    del parts["a"], parts["b"], parts["c"]
    assert answer_rows._usual_ttl(parts) is None
