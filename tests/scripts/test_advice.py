# SPDX-License-Identifier: Apache-2.0
"""What to use for which need."""

import pytest
import synthetic
from simulated_answer import PLANS, TTL
from synthetic import FILL, Plan


def advice(data):
    return {each["need"]: each["protocol"] for each in data["answers"][0]["advice"]}


def test_each_need_has_the_simplest_protocol_that_meets_it(made):
    _, data, _ = made()
    assert advice(data) == {
        "never a stale read, own writes always": "no_cache",
        "1 in 100,000 reads stale, no loss": "write_through",
        "reads up to 5 s old, no loss": "cache_aside ttl=5s",  # Slower, but it spares the database.
        "reads up to 60 s old, no loss": "write_through",
        "least database load, 1% stale, no loss": "cache_aside",  # All alike.
        "the fastest writes, some loss": "write_behind",
    }


@pytest.mark.parametrize("reads, protocol", [(500, "cache_aside ttl=5s"), (700, "no_cache")])
def test_a_slower_cache_is_named_only_if_it_relieves_the_database(made, reads, protocol):
    def load(data):
        is_cached = data["configuration"]["protocol"]["strategy"] != "no_cache"
        data["store"]["reads"] = reads if is_cached else 1000

    _, data, _ = made(bend=load)
    assert advice(data)["reads up to 5 s old, no loss"] == protocol


def test_no_cache_with_a_known_race_is_named_for_never_stale(made):
    _, data, _ = made(bend=lambda data: data.update(known_races=[FILL]))
    assert advice(data)["never a stale read, own writes always"] == "-"


def test_own_writes_are_a_need_of_their_own_where_other_protocols_meet_it(made):
    event = {**FILL, "name": "late_event"}  # Of two clients, so on another node.

    def late(data):
        if data["configuration"]["protocol"]["strategy"] == "write_through":
            data["known_races"] = [event]

    _, data, _ = made(bend=late)
    assert advice(data)["never a stale read"] == "no_cache"
    assert advice(data)["your own writes, always"] == "write_through"


def test_a_protocol_that_may_lose_writes_is_no_answer_where_nothing_may_be_lost(made):
    plans = [Plan("write_behind", read=0.1, write=0.1, exposure=9, protocol=TTL)]
    _, data, _ = made(plans)
    found = advice(data)
    assert found.pop("the fastest writes, some loss") == "write_behind"
    assert set(found.values()) == {"no_cache"}


def test_a_worst_seed_that_is_too_stale_is_seen(made):
    def once(data):
        if data["configuration"]["protocol"]["strategy"] == "write_through" and data["seed"] == 9:
            data["consistency"].update(stale_reads=9, stale_age_ns=synthetic.quantiles(9, 9))

    _, data, _ = made(bend=once)
    assert advice(data)["1 in 100,000 reads stale, no loss"] == "read_through"


def test_a_grace_is_part_of_how_long_a_read_may_be_stale(made):
    plan = Plan("write_through", read=0.4, protocol={"grace_ns": 10 * 10**9, **TTL})
    printed, data, _ = made([plan])
    assert "up to 70 s" in printed
    assert advice(data)["reads up to 70 s old, no loss"] == "write_through"


def test_a_copy_that_begins_its_ttl_anew_doubles_it(made):
    def restart(data):
        if data["configuration"]["protocol"]["strategy"] != "no_cache":
            layers = {"capacity_bytes": 9, "latency": "1ms", "layer_ttl": "restart"}
            data["configuration"]["shared_cache"] = layers

    plan = Plan("write_through", read=0.4, protocol=TTL)
    printed, data, _ = made([plan], bend=restart)
    assert "up to 120 s" in printed
    assert "reads up to 120 s old, no loss" in advice(data)


def test_without_a_ttl_nothing_ends_a_stale_entry(made):
    printed, data, _ = made([Plan("write_through", read=0.4)])
    assert "no TTL" in printed and "for ever [" in printed
    assert not any(need.startswith("reads up to") for need in advice(data))


def test_where_no_cache_cannot_bear_the_load_a_cache_wins(made):
    def overload(data):
        if data["configuration"]["protocol"]["strategy"] == "no_cache":
            for kind in ("read", "write"):
                synthetic.fail(data, kind, failed=data["operations"][kind]["count"] // 5)

    _, data, _ = made(bend=overload)
    found = advice(data)
    assert found["reads up to 60 s old, no loss"] == "cache_aside"
    assert found["the fastest writes, some loss"] != "no_cache"


def test_too_few_reads_show_no_rare_staleness(made):
    def shorten(data):
        data["consistency"]["reads_checked"] = 1_000

    _, data, _ = made(bend=shorten)
    assert advice(data)["1 in 100,000 reads stale, no loss"] == "-"


def test_the_simplest_goes_before_the_fastest(made):
    plans = [Plan("read_through", read=0.3, protocol=TTL), Plan("cache_aside", read=0.6,
             protocol=TTL)]  # fmt: skip
    _, data, _ = made(plans)
    assert advice(data)["reads up to 60 s old, no loss"] == "cache_aside"


def test_a_bound_that_may_lose_writes_is_no_answer_where_nothing_may_be_lost(made):
    def weaken(data):
        if data["configuration"]["protocol"]["strategy"] == "cache_aside":
            data["promise"]["declared"] = "bounded_staleness(60s)"

    plans = [Plan("cache_aside", read=0.3, protocol=TTL), Plan("read_through", read=0.6,
             protocol=TTL)]  # fmt: skip
    _, data, _ = made(plans, bend=weaken)
    assert advice(data)["reads up to 60 s old, no loss"] == "read_through"


def test_little_load_is_no_answer_where_many_reads_are_stale(made):
    def relieve(data):
        if data["configuration"]["protocol"]["strategy"] == "cache_aside":
            data["store"]["reads"] = 1
            data["consistency"]["stale_reads"] = 2_000  # Of 100,000.

    _, data, _ = made(PLANS[2:] + PLANS[:1], bend=relieve)
    assert advice(data)["least database load, 1% stale, no loss"] != "cache_aside"


@pytest.mark.parametrize("write, exposure, told", [
    (0.99, 0, ("no_cache", "no protocol writes faster")),  # Within the margin.
    (0.5, 0, ("cache_aside", "writes ×0.50, nothing is lost")),
    (0.5, 4, ("cache_aside", "writes ×0.50, acknowledged before they are stored")),
])  # fmt: skip
def test_the_fastest_writes_are_faster_by_the_margin_and_say_what_they_cost(
    made, write, exposure, told
):
    _, data, _ = made([Plan("cache_aside", write=write, exposure=exposure, protocol=TTL)])
    (found,) = (each for each in data["answers"][0]["advice"] if "fastest" in each["need"])
    assert (found["protocol"], found["because"]) == told
