# SPDX-License-Identifier: Apache-2.0
"""Nodes and layers: the controls, and what every knob changes."""

import pytest
from fleet_words import MS, NODES, SHARED, TELL, left_stale, stale, visible


# The controls.


def test_without_a_cache_any_number_of_nodes_scores_zero(measure):
    pace = ["--runtime", "virtual", "--rate", 5000, "--duration", "2s"]
    result = measure(*pace, *NODES, "--strategy", "no_cache", operations=None)
    consistency = result["consistency"]
    assert result["configuration"]["nodes"] == 4
    for name in ("stale_reads", "read_your_writes_violations", "monotonic_reads_violations"):
        assert consistency[name] == 0
    assert set(consistency["visible_within"].values()) == {1}
    assert consistency["divergence"]["after_drain"]["resident"] == 0
    assert result["promise"]["verdict"] == "kept"


def test_one_node_without_events_is_as_if_there_were_no_nodes(paced):
    plain, one = paced(), paced("--nodes", 1)
    assert "visible_within" not in plain["consistency"]
    assert not {"events", "shared_cache", "shield"} & set(plain)
    assert plain | {"command": ""} == one | {"command": ""}


def test_a_bus_that_loses_everything_is_no_bus(paced):
    erase, deaf = paced(*NODES), paced(*TELL, "--fault", "event-loss=1")
    events = deaf["events"]
    assert events["delivered"] == 0
    assert events["lost"] == events["offered"] == 3 * events["published"] > 0
    assert stale(deaf) == stale(erase) > 100
    assert left_stale(deaf) == left_stale(erase) > 0
    harm = events["harm"]
    assert harm["lost"] == events["lost"] >= harm["held_no_copy"] + harm["harmed"]
    # Here nothing but a lost event can leave another node's copy old.
    assert harm["stale_reads"] == pytest.approx(stale(deaf), rel=0.02)


# Nodes.


def test_more_nodes_hear_less_of_each_others_writes(paced):
    one, many = paced("--clients", 16), paced(*NODES)
    assert stale(many) > 10 * stale(one)
    assert many["cache"]["entries"] > one["cache"]["entries"]
    looked_for = many["consistency"]["writes_looked_for"]
    # Each, but perhaps one that is acknowledged as the clients stop.
    assert looked_for["0ms"] == pytest.approx(many["operations"]["write"]["count"], abs=1)
    assert looked_for["1s"] == pytest.approx(looked_for["0ms"] / 2, rel=0.1)  # Of two seconds.


def test_each_node_has_processors_of_its_own(measure):
    words = ["--runtime", "virtual", "--strategy", "no_cache", "--store-latency", 0,
             "--operation-cost", "1ms", "--processors", 1, "--clients", 8]  # fmt: skip
    for nodes in (1, 2, 4, 8):
        result = measure(*words, "--nodes", nodes)
        assert result["operations_per_second"] == pytest.approx(1_000 * nodes, rel=0.02)


# What they promise.


def declared(result):
    return result["promise"]["declared"].removesuffix(", durable")


def test_a_write_that_the_other_nodes_never_hear_of_promises_them_nothing(paced):
    words = ["--ttl", "none", "--clients", 16]
    told, alone = paced(*TELL, "--ttl", "none"), paced(*NODES, "--ttl", "none")
    assert declared(paced(*words)) == declared(told) == "eventual"
    assert declared(alone) == "none"
    assert left_stale(alone) > 0 and alone["promise"]["verdict"] == "kept"
    near = paced(*SHARED, "--ttl", "none", "--near-ttl", "100ms")
    assert declared(near) == "eventual"


def test_write_through_over_several_nodes_promises_its_ttl(paced):
    words = ["--strategy", "write_through", "--ttl", "1s"]
    assert declared(paced(*words, "--clients", 16)) == "linearizable"
    many = paced(*words, *TELL)
    assert stale(many) > 0
    assert declared(many) == "bounded_staleness(1s)"
    assert many["promise"]["verdict"] == "kept"


def test_the_write_queues_of_several_nodes_overwrite_each_others_newer_writes(paced):
    words = ["--strategy", "write_behind", "--ttl", "1s", "--reads", 0.2, "--clients", 16]
    one, four = paced(*words), paced(*words, "--nodes", 4)
    assert declared(one) == "eventual" and declared(four) == "none"
    left = [result["consistency"]["divergence"]["after_ttl"] for result in (one, four)]
    assert left[0]["store_lost"] == 0 < left[1]["store_lost"]


# Layers.


def test_what_ends_by_the_near_ttl_alone_is_not_left_for_ever(paced):
    words = [*SHARED, "--ttl", "none"]
    for_ever, near = paced(*words), paced(*words, "--near-ttl", "2s")
    assert "after_ttl" not in for_ever["consistency"]["divergence"]
    assert left_stale(near) > 0
    left = near["consistency"]["divergence"]["after_ttl"]
    # The shared cache keeps what it has: that is still compared.
    assert left["resident"] == near["shared_cache"]["entries"] > 0
    assert left["cache_stale"] == left["cache_ahead"] == left["cache_other"] == 0
    assert near["promise"]["declared"] == "eventual, durable"
    assert near["promise"]["verdict"] == "kept" and near["promise"]["broken_by"] == []


def test_what_the_shared_cache_keeps_for_ever_is_held_to_the_promise(paced):
    near = paced(*SHARED, "--ttl", "none", "--near-ttl", "100ms", "--fault", "cache-down@0.5s+1s")
    left = near["consistency"]["divergence"]["after_ttl"]
    assert left["cache_stale"] > 0
    assert near["promise"]["verdict"] == "broken"


def test_a_shared_cache_answers_what_another_node_has_loaded(paced):
    alone, shared = paced(*NODES, "--reads", 1), paced(*SHARED, "--reads", 1)
    assert shared["store"]["reads"] < alone["store"]["reads"] / 2
    assert shared["shared_cache"]["hits"] > 0
    assert shared["shared_cache"]["entries"] <= 100 < shared["cache"]["entries"]


def test_a_small_shared_cache_evicts(paced):
    small = paced(*NODES, "--shared-cache", "4KiB")["shared_cache"]
    assert small["evictions"] > 0
    assert small["bytes"] <= small["capacity_bytes"] == 4_096


def test_shared_latency_is_paid_by_who_asks_there(paced):
    words = [*SHARED, "--reads", 1]
    near, far = (paced(*words, "--shared-latency", d) for d in ("0", "20ms"))
    fastest = [
        result["operations"]["read"]["by_outcome"]["miss"]["latency_ns"]["min"]
        for result in (near, far)
    ]
    assert fastest[1] - fastest[0] > 30 * MS  # It looks there and fills.


LAYERS = [*SHARED, "--ttl", "200ms", "--invalidate", "none", "--store-latency", "1ms"]


def test_a_ttl_that_restarts_breaks_the_bound_of_one_that_is_carried(paced):
    carry, restart = (paced(*LAYERS, "--layer-ttl", rule) for rule in ("carry", "restart"))
    assert carry["promise"]["declared"] == "bounded_staleness(200ms), durable"
    assert restart["promise"]["declared"] == "bounded_staleness(400ms), durable"
    longest_load = 20 * MS
    assert carry["consistency"]["stale_age_ns"]["max"] <= 200 * MS + longest_load
    assert restart["consistency"]["stale_age_ns"]["max"] > 200 * MS + longest_load
    for result in (carry, restart):
        assert result["consistency"]["contract_violations"] == 0
        assert result["promise"]["verdict"] == "kept"
        left = result["consistency"]["divergence"]["after_ttl"]
        assert left["resident"] == 0


def test_a_restarted_near_ttl_adds_no_more_than_itself(paced):
    result = paced(*LAYERS, "--layer-ttl", "restart", "--near-ttl", "50ms")
    assert result["promise"]["declared"] == "bounded_staleness(250ms), durable"
    assert result["consistency"]["contract_violations"] == 0
    assert result["consistency"]["stale_age_ns"]["max"] <= 270 * MS


def test_a_near_ttl_bounds_what_other_nodes_hold(paced):
    words = [*SHARED, "--ttl", "10s"]
    long, short = paced(*words), paced(*words, "--near-ttl", "20ms")
    assert visible(short, "100ms") > 0.99 > visible(long, "100ms")
    assert stale(short) < stale(long) / 3
    assert short["shared_cache"]["gets"] > 2 * long["shared_cache"]["gets"]


def test_what_the_shared_cache_holds_hides_a_write_though_no_near_copy_does(paced):
    result = paced(*SHARED, "--ttl", "none", "--near-ttl", "5ms", "--invalidate", "none")
    assert visible(result, "100ms") < 0.1


def test_layers_outlive_a_shared_cache_that_is_down(paced):
    words = [*SHARED, "--reads", 1, "--fault", "cache-down@0+1900ms"]
    result = paced(*words)
    assert result["operations"]["read"]["failed"] == 0
    # Each node loads each key once.
    assert result["store"]["reads"] <= 4 * 100 + 16
    assert result["operations"]["read"]["by_outcome"]["hit"]["count"] > 9_000


def test_absence_is_remembered_in_both_layers(paced):
    words = [*SHARED, "--set", "preload=0", "--reads", 1, "--negative-ttl", "1s", "--ttl", "10s"]
    for rule in ("carry", "restart"):
        result = paced(*words, "--layer-ttl", rule)
        assert result["shared_cache"]["hits"] > 0
        assert result["cache"]["hits"] > 5_000
        # Within two seconds an absence that lasts for one is asked for anew.
        assert result["store"]["reads"] > 150


def test_where_nothing_is_written_nothing_is_said_of_how_soon_it_is_visible(paced):
    consistency = paced(*NODES, "--reads", 1)["consistency"]
    assert not {"visible_within", "writes_looked_for"} & consistency.keys()


def test_the_summary_tells_of_nodes_shield_events_and_visibility(stalemark, tiny):
    words = ["run", tiny, *TELL, "--shield", "stale", "--ttl", "50ms", "--runtime", "virtual"]
    words += ["--rate", 5000, "--duration", "2s", "--fault", "event-loss=0.1"]
    told = stalemark(*words).out
    for part in (
        "cache_aside with stale on tiny, store memory, 4 nodes, 16 clients",
        "more that were meant to be old",
        "of one key",
        "published, ",
        "of them harmful",
        "visible everywhere",
        "% at 10ms",
    ):
        assert part in told, part
