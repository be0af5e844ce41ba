# SPDX-License-Identifier: Apache-2.0
"""Guards, orders and late deletes: what each is for, what each setting changes, and which
combinations make no sense."""

import json

import pytest
from fleet_words import MS, left_stale, stale
from test_bad_input import OK, is_refused

# Readers who are slow, and few keys that are written often.
HASTE = ["--near-cache", "none", "--keys", 20, "--store-latency", "uniform(500us,5ms)",
         "--cache-latency", "uniform(100us,1ms)"]  # fmt: skip
ASIDE = [*HASTE, "--strategy", "cache_aside"]
THROUGH = [*HASTE, "--strategy", "write_through"]
BEHIND = [*HASTE, "--strategy", "write_behind", "--flush-delay", "20ms"]
LEASE = [*ASIDE, "--guard", "lease"]
GUARDS = ["none", "add", "newer", "newer_remembered", "tombstone", "lease", "quarantine",
          "lock_writers", "lock", "lock_all"]  # fmt: skip


def outcomes(result):
    return {name: one["count"]
            for name, one in result["operations"]["read"]["by_outcome"].items()}  # fmt: skip


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_prevents_what_it_declares(paced, stalemark, guard):
    listed = json.loads(stalemark("list", "guards", "--json").out)["guards"]
    assert [each["name"] for each in listed] == GUARDS
    prevents = {each["name"]: each["prevents"] for each in listed}[guard]
    erased = paced(*ASIDE, "--guard", guard)
    assert (stale(erased) == 0) == ("none" in prevents["fill_over_erase"])
    if guard == "quarantine":
        return
    set_anew = paced(*THROUGH, "--guard", guard)
    if "none" in prevents["fill_over_set"] and "none" in prevents["set_over_set"]:
        assert stale(set_anew) == 0 < stale(paced(*THROUGH))


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize("strategy", ["cache_aside", "read_through", "write_through",
                                      "write_around", "write_behind", "refresh_ahead"])  # fmt: skip
def test_the_same_seed_gives_the_same_bytes_with_every_shield(measure, guard, strategy):
    if strategy == "write_behind" and guard in ("newer", "newer_remembered", "tombstone"):
        return
    if guard == "quarantine" and strategy in ("write_through", "write_behind"):
        return
    ways = [["--shield", shield] for shield in ("none", "lock", "early", "stale")]
    for way in ways[:1] if strategy == "read_through" else ways:
        words = [*HASTE, "--nodes", 2, "--clients", 8, "--runtime", "virtual", "--strategy",
                 strategy, "--guard", guard, "--ttl", "30ms", "--negative-ttl", "5ms", "--set",
                 "mix.read=0.7", "--set", "mix.delete=0.1", *way]  # fmt: skip
        words += ["--invalidate", "erase"] if strategy == "write_around" else []
        first, again = (measure(*words, operations=800) for _ in range(2))
        assert json.dumps(first) == json.dumps(again)
        assert sum(one["failed"] for one in first["operations"].values()) == 0
        if guard in ("tombstone", "quarantine", "lock", "lock_all") and strategy == "cache_aside":
            assert left_stale(first) == 0


def test_locks_and_leases_of_near_caches_are_the_nodes_own(paced):
    words = ["--nodes", 2, "--keys", 20, "--store-latency", "uniform(500us,5ms)", "--strategy"]
    for guard in ("lock", "lease", "tombstone"):
        result = paced(*words, "cache_aside", "--guard", guard)
        assert left_stale(result) > 0  # No write reaches the other node.
        assert "unseen_write" in [race["name"] for race in result["known_races"]]


def test_losers_of_a_lease_wait_or_read_the_store(paced):
    waiting = outcomes(paced(*LEASE))
    assert waiting["wait"] > 0 and "bypass" not in waiting
    bypassing = outcomes(paced(*LEASE, "--lease-losers", "bypass"))
    assert bypassing["bypass"] > 0 and "wait" not in bypassing


def test_a_refused_reader_answers_or_starts_again(paced):
    answered, retried = (paced(*LEASE, "--lease-refused", what) for what in ("answer", "retry"))
    assert answered["cache"]["fills_refused"] > 0
    assert outcomes(retried)["wait"] != outcomes(answered)["wait"]


def test_a_lease_or_a_lock_that_is_too_short_helps_nobody(paced):
    assert paced(*LEASE, "--lease-ttl", "1ms")["cache"]["fills_refused"] > 1_000
    lock = [*ASIDE, "--guard", "lock", "--lock-ttl", "1ms"]
    assert stale(paced(*lock)) > 0 == stale(paced(*lock, "--fencing"))


def test_a_tombstone_or_a_memory_that_is_too_short_helps_nobody(paced, measure):
    assert stale(paced(*ASIDE, "--guard", "tombstone", "--tombstone-ttl", "100us")) > 0
    remembered = [*ASIDE, "--guard", "newer_remembered"]
    assert stale(paced(*remembered, "--remember-for", "100us")) > 0
    # In a cache that is too small to have parts, which would remember a key each.
    small = [*remembered, "--runtime", "virtual", "--rate", 5000, "--cache-size", "8KiB"]
    assert stale(measure(*small, "--remember", 1, operations=10_000)) > 0
    assert stale(measure(*small, operations=10_000)) == 0


def test_a_reader_finds_the_old_entry_in_quarantine_or_none(paced):
    quarantine = [*ASIDE, "--guard", "quarantine", "--quarantine-reads"]
    old, none = (paced(*quarantine, what)["cache"] for what in ("old", "none"))
    assert old["hit_ratio"] > none["hit_ratio"]


def test_a_quarantine_that_is_too_short_takes_its_entry_along(paced):
    quarantine = [*ASIDE, "--guard", "quarantine"]
    long, short = paced(*quarantine), paced(*quarantine, "--quarantine-ttl", "100us")
    assert short["cache"]["hit_ratio"] != long["cache"]["hit_ratio"]
    assert left_stale(short) == 0


def test_an_order_is_in_which_a_write_reaches_store_and_cache(paced):
    first, early, both = (paced(*ASIDE, "--order", order)
                          for order in ("store_first", "cache_first", "both"))  # fmt: skip
    assert stale(early) > 2 * stale(first)
    assert stale(both) < stale(early)
    writes = first["operations"]["write"]["count"]
    assert first["cache"]["erases"] == early["cache"]["erases"] == writes
    assert both["cache"]["erases"] == 2 * writes


def test_a_second_delete_erases_what_a_slow_fill_has_left(paced):
    once, twice = paced(*ASIDE), paced(*ASIDE, "--double-delete", "20ms")
    assert 0 < stale(twice) < stale(once)  # A fixed delay is no guard.
    writes = twice["operations"]["write"]["count"]
    assert 2 * writes - 100 < twice["cache"]["erases"] <= 2 * writes


def test_a_delayed_delete_comes_late_and_alone(paced):
    late = paced(*ASIDE, "--delete-delay", "20ms")
    assert stale(late) > 10 * stale(paced(*ASIDE))
    assert late["cache"]["erases"] <= late["operations"]["write"]["count"]


def test_a_write_may_be_acknowledged_after_its_late_delete(paced):
    words = [*ASIDE, "--double-delete", "20ms", "--clients", 500, "--delete-ack"]
    before, after = (paced(*words, when) for when in ("before", "after"))
    assert before["operations"]["write"]["latency_ns"]["min"] < 20 * MS
    assert after["operations"]["write"]["latency_ns"]["min"] >= 20 * MS


def test_a_read_after_a_write_joins_an_older_load_or_starts_its_own(paced):
    detach, join = (paced(*ASIDE, "--shield", "lock", "--flights", rule)
                    for rule in ("detach", "join"))  # fmt: skip
    assert join["shield"]["joined"] > detach["shield"]["joined"]
    assert stale(join) > stale(detach)


def test_a_miss_looks_into_the_queue_or_not(measure):
    small = [*BEHIND, "--runtime", "virtual", "--rate", 5000, "--cache-size", "4KiB"]
    small[small.index("--keys") + 1] = 100
    with_look, without = (
        measure(*small, *words, operations=10_000) for words in ([], ["--no-queue-lookup"])
    )
    assert stale(without) > 2 * stale(with_look)


def test_several_flushers_keep_no_order(measure):
    words = [*BEHIND, "--runtime", "virtual", "--rate", 600, "--reads", 0.2, "--no-coalescing",
             "--flush-batch", 1, "--store-servers", "none"]  # fmt: skip
    words[words.index("--keys") + 1] = 3
    one, many = (measure(*words, "--flushers", number, operations=2_000) for number in (1, 8))
    lost_by_one, lost_by_many = (
        result["consistency"]["divergence"]["after_drain"]["store_lost"] for result in (one, many)
    )
    assert lost_by_one == 0 < lost_by_many


WRONG = [
    (["--guard", "leese"], "did you mean 'lease'?"),
    (["--order", "last"], "known: store_first cache_first both"),
    (["--strategy", "write_behind", "--guard", "tombstone"], "no version to compare"),
    (["--strategy", "write_behind", "--guard", "newer"], "no version to compare"),
    (["--strategy", "write_behind", "--guard", "lock", "--fencing"], "no version to compare"),
    (["--strategy", "write_through", "--guard", "quarantine"], "write_through sets it"),
    (["--guard", "quarantine", "--invalidate", "set"], "give --invalidate erase"),
    (["--guard", "quarantine", "--order", "both"], "neither --order nor --delete-delay"),
    (["--guard", "quarantine", "--delete-delay", "1ms"], "neither --order nor --delete-delay"),
    (["--guard", "tombstone", "--order", "cache_first"], "guard tombstone compares versions"),
    (["--guard", "lock", "--fencing", "--order", "both"], "--fencing compares versions"),
    (["--order", "both", "--invalidate", "none"], "no write treats the cached copy"),
    (["--nodes", 2, "--clients", 2, "--invalidate", "event", "--order", "both"],
     "an event tells of a change"),
    (["--double-delete", "1ms", "--invalidate", "set"], "give --invalidate erase"),
    (["--delete-delay", "1ms", "--double-delete", "1ms"], "give one of them"),
    (["--delete-delay", "1ms", "--order", "cache_first"], "give --double-delete"),
    (["--double-delete", "2m"], "expected at most 1m"),
    (["--delete-ack", "after"], "no delete comes late"),
    (["--guard", "lock", "--tombstone-ttl", "1s"], "give --fencing"),
    (["--guard", "lease", "--lease-ttl", "0"], "--lease-ttl 0"),
    (["--guard", "newer_remembered", "--remember", "0"], "--remember 0"),
    (["--strategy", "write_behind", "--flushers", "0"], "--flushers 0"),
]  # fmt: skip


@pytest.mark.parametrize("words, expected", WRONG, ids=lambda part: str(part)[:60])
def test_what_makes_no_sense_is_refused_in_one_line(stalemark, tiny, words, expected):
    is_refused(stalemark(*OK, *words), expected)


def test_a_guard_is_passed_over_where_nothing_is_cached(stalemark, tiny):
    ended = stalemark(*OK, "--strategy", "no_cache", "--guard", "lease", "--lease-ttl", "1s",
                      "--out", "-")  # fmt: skip
    assert ended.status == 0
    assert "no_cache does not read --guard lease, --lease-ttl" in ended.err
    assert "guard" not in json.loads(ended.out)["configuration"]["protocol"]
