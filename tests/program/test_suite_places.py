# SPDX-License-Identifier: Apache-2.0
"""What a suite's runs refuse is said with the place in the suite that brought it."""

import re

import pytest

CACHED = {"strategy": ["cache_aside", "read_through"], "invalidate": ["erase", "set"]}
BAD = {"shield": "lok"}
PLACES = {
    "a protocol": (
        {"protocols": [{"strategy": "no_cache"}, {"strategy": "cache_aside", **BAD}]},
        "protocols.1: unknown shield 'lok'",
    ),
    "a protocol of a workload": (
        {"workloads": [{"workload": "./one.json",
                        "protocols": [{"strategy": "cache_aside", **BAD}]}]},
        "workloads.0.protocols.0: unknown shield 'lok'",
    ),
    "a product of a workload": (
        {"workloads": [{"workload": "./one.json",
                        "product": [{"strategy": ["no_cache"], "shield": "lock"}]}]},
        "workloads.0.product.0: shield lock makes sense in no combination",
    ),
    "the options": (
        {"options": {"runtime": "virtual", "clients": 0}, "product": [CACHED],
         "protocols": None},
        "options: --clients 0",
    ),
    "the options of a workload": (
        {"workloads": [{"workload": "./one.json", "options": {"store": "rocks"}}]},
        "workloads.0.options: --store rocks: unknown store 'rocks'",
    ),
    "the settings": ({"settings": [{}, {"nodes": "0"}]}, "settings.1: --nodes 0"),
    "a strategy that lacks something": (
        {"protocols": [{"strategy": "refresh_ahead"}]}, "protocols.0: refresh_ahead: without a TTL"
    ),
    "a workload": ({"workloads": ["./one.json", "two"]}, "workloads.1: unknown workload 'two'"),
}  # fmt: skip


@pytest.mark.parametrize("what", PLACES)
def test_what_a_run_refuses_is_said_with_its_place_in_the_file(suite, refuse, what):
    changes, expected = PLACES[what]
    said = refuse(suite(**changes))
    assert re.match(rf"stalemark: \S*suite\.json:\d+: {re.escape(expected)}", said), said


def test_what_was_typed_is_refused_without_a_place(stalemark, suite):
    ended = stalemark("suite", suite(settings=[{"store-servers": 2}]), "--clients", 0)
    assert ended.status == 2
    assert ended.err.startswith("stalemark: --clients 0: "), ended.err
