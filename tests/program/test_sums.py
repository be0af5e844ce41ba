# SPDX-License-Identifier: Apache-2.0
"""Figures of several nodes are sums over all of them, and audits go through every cache: each is
held to another figure that is counted elsewhere."""

import pytest
from fleet_words import NODES, SHARED

SIMULATED = ["--runtime", "virtual", "--warmup", 0, "--store-latency", "1ms"]


@pytest.fixture
def run(measure):
    def run_it(*words, operations=5_000):
        return measure(*SIMULATED, *words, operations=operations)

    return run_it


def outcome(result, name):
    return result["operations"]["read"]["by_outcome"][name]["count"]


def test_of_a_lock_each_node_counts(run):
    result = run(*NODES, "--keys", 5, "--ttl", "5ms", "--shield", "lock")
    assert result["shield"]["joined"] == outcome(result, "wait") > 100


def test_of_reloads_each_node_counts(run):
    """Those that wait at the end ask the store in the drain, which is in neither figure."""
    words = ["--keys", 20, "--ttl", "5ms", "--cache-latency", "100us", "--grace", "5ms"]
    words += ["--reloads", 1]
    result = run(*NODES, *words, "--shield", "stale")
    assert result["cache"]["refreshes"] > 100
    loads = outcome(result, "miss") + result["cache"]["refreshes"]
    assert result["store"]["reads"] == loads


def test_of_write_queues_each_node_counts(run):
    """A batch holds one change: each write is stored or was replaced."""
    words = ["--strategy", "write_behind", "--flush-delay", "50ms", "--flush-batch", 1]
    result = run(*NODES, *words, "--keys", 500, "--cache-size", "1MiB")
    queue = result["durability"]["writes_behind"]
    writes = result["operations"]["write"]["count"]
    assert queue["coalesced"] > 100 < queue["batches"]
    assert queue["coalesced"] + queue["batches"] == writes


def test_an_audit_goes_through_every_cache(run):
    result = run(*SHARED, "--ttl", "none")
    entries = result["cache"]["entries"] + result["shared_cache"]["entries"]
    divergence = result["consistency"]["divergence"]
    assert divergence["at_stop"]["resident"] == divergence["after_drain"]["resident"] == entries
    assert 100 < result["cache"]["entries"] < entries


@pytest.mark.parametrize("words", [
    ["--ttl", "1s"],
    ["--ttl", "1s", "--shield", "stale", "--grace", "5s"],
    ["--ttl", "1s", "--negative-ttl", "5s", "--set", "preload=0", "--reads", 1],
], ids=lambda words: " ".join(map(str, words)))  # fmt: skip
def test_nothing_is_left_after_the_last_ttl_whichever_it_is(run, words):
    divergence = run(*words, "--cache-size", "1MiB")["consistency"]["divergence"]
    assert divergence["after_drain"]["resident"] > 20
    assert divergence["after_ttl"]["resident"] == 0


def test_an_exposed_write_grows_old_until_the_clients_stop(run):
    """No write is stored before the drain, which takes its time."""
    words = ["--strategy", "write_behind", "--flush-delay", "1h", "--no-coalescing", "--reads", 0]
    result = run(*words, "--clients", 1, "--cache-latency", "1ms", "--flush-batch", 1)
    durability = result["durability"]
    assert durability["exposure_writes_at_stop"] == durability["exposure_writes_max"] == 5_000
    # All but the first write, which was exposed when it was acknowledged.
    age = result["elapsed_ns"] * (1 - 1 / 5_000)
    assert durability["exposure_age_ns_max"] == pytest.approx(age, abs=10)


def test_peaks_of_the_warm_up_are_none_of_the_measured_part(measure):
    """Nothing is stored in a measured part so short: the most is what is left."""
    words = ["--runtime", "virtual", "--strategy", "write_behind", "--flush-delay", "20ms"]
    pace = ["--warmup", "5s", "--duration", "100us", "--rate", 2_000, "--reads", 0]
    words += ["--no-coalescing", "--keys", 5_000, "--clients", 8]
    result = measure(*words, *pace, operations=None)
    durability = result["durability"]
    assert result["store"]["batches"] == 0
    assert durability["exposure_writes_max"] == durability["exposure_writes_at_stop"] > 10
    assert durability["writes_behind"]["queued_max"] == durability["exposure_writes_at_stop"]
