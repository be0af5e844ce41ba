# SPDX-License-Identifier: Apache-2.0
"""Options of a suite that a run reads by what other options say, wherever those come from."""

import pytest

SMALL = {"caption": "c", "keys": 200, "value_size": 32}
QUICK = {"operations": 100, "warmup": "0", "ttl": "3s"}
FLEET = {"nodes": 2, "invalidate": "event"}


@pytest.fixture
def configurations(suite, carry_out, write_json):
    """Of the runs of a suite over a workload that lends options, in the order of the protocols."""

    def of(lent, options, *strategies, **fields):
        write_json("one.json", SMALL | {"options": lent})
        if strategies:
            fields["protocols"] = [{"strategy": name} for name in strategies]
        results, notes = carry_out(suite(options=QUICK | options, **fields))
        found = [result["configuration"] for result in results.values()]
        return sorted(found, key=lambda each: strategies.index(each["protocol"]["strategy"])
                      if strategies else 0), notes  # fmt: skip

    return of


@pytest.mark.parametrize("options, shown", [
    ({"processors": 2, "refresh-at": 0.5}, lambda c: c["processors"] == 2),
    ({**FLEET, "event-delay": "1ms", "flush-batch": 7}, lambda c: c["events"]["delay"] == "1ms"),
    ({"shield": "stale", "grace": "1s", "queue": 7}, lambda c: c["protocol"]["grace_ns"] == 10**9),
    ({**FLEET, "on-gap": "clear", "gap-grace": "1ms", "lock-timeout": "1s"},
     lambda c: c["events"]["gap_grace_ns"] == 10**6),
])  # fmt: skip
def test_an_option_is_read_whatever_others_are_not(configurations, options, shown):
    (found,), _ = configurations({}, {"runtime": "virtual"} | options, "cache_aside")
    assert shown(found)


def test_a_product_keeps_what_makes_sense(configurations):
    product = {"strategy": ["no_cache", "cache_aside"], "shield": ["none", "stale"],
               "skip_senseless": True}  # fmt: skip
    options = {"runtime": "virtual", **FLEET, "event-delay": "1ms", "grace": "2s"}
    found, notes = configurations({}, options, protocols=None, product=[product])
    kept = sorted((c["protocol"]["strategy"], c["protocol"]["shield"]) for c in found)
    assert kept == [("cache_aside", "none"), ("cache_aside", "stale"), ("no_cache", "none")]
    assert "1 combinations" in notes


@pytest.mark.parametrize("lent, options, absent", [
    ({"runtime": "virtual", "processors": 1},
     {"runtime": "threads", "processors": 2}, "processors"),
    ({"runtime": "virtual", **FLEET, "event-delay": "1ms"},
     {"invalidate": "erase", "event-delay": "2ms"}, "events"),
    ({"runtime": "virtual", "shield": "stale", "grace": "1s"},
     {"shield": "lock", "grace": "2s"}, "grace_ns"),
    ({"runtime": "virtual", "nodes": 2, "shared-cache": "1MiB", "near-ttl": "1s"},
     {"shared-cache": "none", "near-ttl": "2s"}, "shared_cache"),
])  # fmt: skip
def test_what_the_suite_turns_off_takes_its_options_along(configurations, lent, options, absent):
    (found,), _ = configurations(lent, {"store": "memory"} | options, "cache_aside")
    assert absent not in found
    assert absent not in found["protocol"]


def test_an_option_is_read_because_of_the_suites_deployment(configurations):
    options = {"runtime": "virtual", "deployment": "fleet", "near-ttl": "700ms", "shield": "lock",
               "cache-size": "50%"}  # fmt: skip
    found, _ = configurations({"shield": "stale"}, options, "cache_aside", "read_through")
    for each in found:
        assert each["shared_cache"]["near_ttl_ns"] == 700_000_000
        assert each["protocol"]["shield"] == "lock"
