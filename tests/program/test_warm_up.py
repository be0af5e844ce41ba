# SPDX-License-Identifier: Apache-2.0
"""What happened in the warm-up is in no other figure: in virtual time each count of a tier is that
of the operations, which the clients count."""

import pytest
from fleet_words import NODES, SHARED, TELL

# A second of warm-up before half a second that is measured.
WARM = ["--runtime", "virtual", "--warmup", "1s", "--duration", "500ms"]
EIGHT = ["--clients", 8]
MIX = ["--set", 'mix={"read": 0.5, "write": 0.3, "delete": 0.2}']


@pytest.fixture
def run(measure):
    def run_it(*words):
        result = measure(*WARM, *words, operations=None)
        assert result["warmup"]["operations"] > 1.5 * operations(result)
        return result

    return run_it


def operations(result, *kinds):
    counted = result["operations"]
    return sum(counted[kind]["count"] for kind in kinds or counted)


def outcome(result, name):
    return result["operations"]["read"]["by_outcome"][name]["count"]


@pytest.mark.parametrize("clients", [8, 16])
def test_the_store_counts_the_calls_of_the_measured_part(run, clients):
    """Four at once are served in a millisecond, and those that wait for two are given up."""
    words = ["--store-latency", "1ms", "--store-servers", 4, "--store-timeout", "2500us"]
    result = run("--strategy", "no_cache", *MIX, *words, "--clients", clients)
    store, counted = result["store"], result["operations"]
    for kind in ("read", "write", "delete"):
        assert store[f"{kind}s"] == counted[kind]["count"] > 0
    assert store["failed"] == sum(kind["failed"] + kind["unknown"] for kind in counted.values())
    assert (store["failed"] > 0) == (clients == 16)
    if clients == 8:
        assert store["queue_ns"]["count"] == operations(result)


def test_reads_that_met_in_the_warm_up_are_not_redundant(run):
    """Eight clients read one key, all at once and each time that it expires."""
    words = [*EIGHT, "--reads", 1, "--keys", 1, "--store-latency", "1ms", "--strategy", "no_cache"]
    store = run(*words)["store"]
    assert store["concurrent_reads_max"] == 8
    # Each of the eight begins its next read as it ends its last: the others are under way.
    assert store["redundant_reads"] == store["reads"] - store["reads"] / 8


def test_the_longest_herd_is_that_of_the_measured_part(run):
    """One key that never expires: all loads are those of the warm-up."""
    words = [*EIGHT, "--reads", 1, "--keys", 1, "--store-latency", "1ms", "--cache-size", "1MiB",
             "--cache-latency", "100us"]  # fmt: skip
    store = run(*words)["store"]
    assert store["reads"] == store["redundant_reads"] == store["concurrent_reads_max"] == 0
    assert "loads_per_herd" not in store


def test_the_cache_counts_the_calls_of_the_measured_part(run):
    result = run(*EIGHT, "--ttl", "5ms", "--keys", 20, "--shield", "stale", "--grace", "2ms",
                 "--store-latency", "500us")  # fmt: skip
    cache = result["cache"]
    assert cache["gets"] == operations(result, "read")
    assert cache["erases"] == operations(result, "write")
    assert cache["stale_hits"] == outcome(result, "stale_hit") > 0
    assert cache["misses"] == outcome(result, "miss") > 0
    shield = result["shield"]
    assert shield["served_stale"] == cache["stale_hits"]
    # A reload that waits at the end is begun in the drain.
    assert cache["refreshes"] == pytest.approx(shield["revalidations"], abs=20)
    assert result["store"]["reads"] == outcome(result, "miss") + cache["refreshes"]


def test_the_shared_cache_counts_the_calls_of_the_measured_part(run):
    result = run(*SHARED, "--near-ttl", "10ms", "--shield", "lock")
    near, shared = result["cache"], result["shared_cache"]
    assert shared["gets"] == near["misses"] > 100
    assert shared["erases"] == near["erases"] == operations(result, "write")
    assert shared["other_looks"] <= near["other_looks"]
    assert shared["entries"] <= 100 < near["entries"], "each of four nodes has its own"
    assert shared["capacity_bytes"] == 1_048_576
    waited = result["operations"]["read"]["by_outcome"].get("wait", {"count": 0})["count"]
    assert result["shield"]["joined"] <= waited <= result["shield"]["joined"] + shared["gets"]


def test_a_lock_counts_those_who_waited_in_the_measured_part(run):
    words = [*EIGHT, "--reads", 1, "--keys", 1, "--ttl", "10ms", "--store-latency", "2ms",
             "--cache-latency", "100us"]  # fmt: skip
    result = run(*words, "--shield", "lock")
    assert result["shield"]["joined"] == outcome(result, "wait") > 100


def test_events_count_those_of_the_measured_part(run):
    result = run(*TELL, "--event-check", "version", "--event-delay", "1us")
    events = result["events"]
    assert events["published"] == operations(result, "write")
    assert events["offered"] == 3 * events["published"]
    assert events["delay_ns"]["count"] == events["delivered"]
    # The near caches drop what was written in their node, and what they heard of; a few are
    # still to hear.
    dropped = events["delivered"] - events["useless"]
    assert events["useless"] > 1_000
    erased = result["cache"]["erases"] - operations(result, "write")
    assert erased == pytest.approx(dropped, abs=24)


def test_what_a_check_of_versions_turned_down_in_the_warm_up_is_not_counted(run):
    """Every load that comes to a node is either cached there or turned down."""
    words = [*TELL, "--event-check", "version", "--event-delay", "1ms", "--cache-latency", 0]
    result = run(*words, "--store-latency", "uniform(1ms,20ms)")
    refused = result["events"]["fills_refused"]
    assert refused > 0
    assert result["cache"]["fills"] + refused == pytest.approx(outcome(result, "miss"), abs=24)


def test_the_log_is_read_as_often_as_the_measured_part_is_long(run):
    words = [*NODES, "--invalidate", "event", "--event-source", "log", "--log-poll", "10ms"]
    # Where something was written it is read again, until there is no more.
    result = run(*words, "--rate", 2000, "--store-latency", 0)
    assert result["store"]["log_reads"] == pytest.approx(2 * 500 / 10, abs=2)


def test_writes_of_the_warm_up_are_not_looked_for(run):
    consistency = run(*TELL)["consistency"]
    looked_for = consistency["writes_looked_for"]
    assert "1s" not in looked_for
    writes = operations(run(*TELL), "write")
    assert looked_for["0ms"] == pytest.approx(writes, abs=16)
