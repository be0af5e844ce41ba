# SPDX-License-Identifier: Apache-2.0
"""What races that are known mean for a requirement, and shares in place of never."""

import pytest
import synthetic
from simulated_answer import PLANS, simulate
from stalemark.recommend.judgements import MET, MISSED, NOT_MEASURED
from test_requirements import SECOND, judge, runs

RACE = {"name": "overtaken_fill", "breaks": "reads", "lasts": "until_ttl", "needs": "nothing"}


@pytest.mark.parametrize("limit, known, status", [
    (0, [RACE], MISSED),
    (0, [], MET),
    (0, [{**RACE, "needs": "crash"}], MET),
    (0, [{**RACE, "breaks": "store", "lasts": "until_flush"}], MET),
    (SECOND, [RACE], MISSED),  # There is no TTL that would end it.
])  # fmt: skip
def test_never_stale_is_not_met_by_luck(limit, known, status):
    found = judge("stale_age_max", limit, runs(bend=lambda data: data.update(known_races=known)))
    assert found.status == status
    if status == MISSED:
        assert found.seen == "a race is known: overtaken_fill"


@pytest.mark.parametrize("ttl, more, status", [
    (1, {}, MET), (1, {"grace_ns": 1}, MISSED), (2, {}, MISSED),
    (1, {"stale_if_error_ns": 1}, MISSED),
])  # fmt: skip
def test_an_age_is_not_kept_by_luck_where_a_race_lasts_longer(ttl, more, status):
    def bend(data):
        data["known_races"] = [synthetic.FILL]
        data["promise"]["declared"] = "linearizable, durable"
        data["configuration"]["protocol"] |= {"ttl_ns": ttl * SECOND, **more}

    found = judge("stale_age_max", SECOND, runs(bend=bend))
    assert found.status == status
    if more or ttl > 1:
        assert found.needed == ttl * SECOND + bool(more)
        assert found.seen.startswith("a race is known: overtaken_fill, for up to ")


def test_a_bound_that_is_promised_counts_before_the_ttl():
    def bend(data):
        data["known_races"] = [synthetic.FILL]
        data["promise"]["declared"] = "bounded_staleness(1s), durable"
        data["configuration"]["protocol"]["ttl_ns"] = 60 * SECOND

    assert judge("stale_age_max", SECOND, runs(bend=bend)).status == MET


def stale(*counts):
    counts = iter(counts)
    return lambda data: data["consistency"].update(stale_reads=next(counts), reads_checked=1000)


@pytest.mark.parametrize("counts, limit, status", [
    ((0, 0, 0), 0.0, MET),
    ((1, 1, 1), 0.0, MISSED),
    ((1, 1, 1), 0.001, MET),
    ((1, 1, 1), 0.0009, MISSED),
    ((0, 43, 0), 0.02, "undecided"),  # A cluster in one of three runs says little.
])  # fmt: skip
def test_a_share_of_stale_reads_is_judged_by_the_spread_of_the_runs(counts, limit, status):
    assert judge("stale_fraction_max", limit, runs(bend=stale(*counts))).status == status


def test_none_of_few_reads_shows_no_small_share():
    found = judge("stale_fraction_max", 1e-4, runs(bend=stale(0, 0, 0)))
    assert (found.status, found.seen) == (NOT_MEASURED, "0 stale of 3,000 reads (below 0.10%)")
    assert found.missing.startswith("--duration ")
    assert judge("stale_fraction_max", 0.002, runs(bend=stale(0, 0, 0))).status == MET


@pytest.mark.parametrize("race, status", [
    ({}, MISSED),  # A slow fill is read by its writer, too.
    ({"name": "late_event"}, MET),  # Of two clients, so on another node.
    ({"name": "late_event", "clients": 1}, MISSED),
    ({"needs": "crash"}, MET),
])  # fmt: skip
def test_own_writes_are_not_always_seen_where_a_race_is_known(race, status):
    results = runs(bend=lambda data: data.update(known_races=[{**synthetic.FILL, **race}]))
    assert judge("read_your_writes", True, results).status == status


@pytest.mark.parametrize("limit, status", [(0.05, MET), (0.01, MISSED)])
def test_a_share_of_own_writes_may_be_missed(limit, status):
    missed = lambda data: data["consistency"].update(read_your_writes_violations=10)  # noqa: E731
    assert judge("own_writes_missed_max", limit, runs(bend=missed)).status == status


def test_a_share_counts_what_is_stale_by_design():
    results = runs(bend=lambda data: data["consistency"].update(stale_by_design=100))
    assert judge("stale_fraction_max", 0.05, results).status == MISSED
    assert judge("stale_fraction_max", 0.11, results).status == MET


def test_where_races_alone_exclude_caches_the_missing_guard_is_named(call, tmp_path):
    folder = synthetic.suite(tmp_path / "r", PLANS, bend=simulate)
    said = "which a guard, such as --guard lease, may prevent"
    words = [folder, "--max-stale-age", "0"]
    assert said in " ".join(call("recommend.py", *words).stdout.split())
    # Another reason to exclude one of them: the races are not all that is in the way.
    words = [folder, "--lose-at-most", "0", "--read-p99", "1ns"]
    assert said not in " ".join(call("recommend.py", *words).stdout.split())
