# SPDX-License-Identifier: Apache-2.0
"""Every protocol of the literature that the suite is to cover has a command line."""

import json

import pytest

ASIDE = "--strategy cache_aside"
THROUGH = "--strategy write_through"
BEHIND = "--strategy write_behind"
LOG = f"{ASIDE} --invalidate event --event-source log"
LOSERS_READ = "--guard lease --lease-losers bypass"
LOSERS_WAIT = "--guard lease --lease-losers wait"

# What a write does, in order, and how a miss fills.
PROTOCOLS = {
    "store, erase; plain fill": ASIDE,
    "erase, store; plain fill": f"{ASIDE} --order cache_first",
    "erase, store, erase; plain fill": f"{ASIDE} --order both",
    "store, delayed erase; plain fill": f"{ASIDE} --delete-delay 5ms",
    "store, set; plain fill": THROUGH,
    "set, store; plain fill": f"{THROUGH} --order cache_first",
    "store, set; add": f"{THROUGH} --guard add",
    "store, erase; add": f"{ASIDE} --guard add",
    "store, set if newer; fill if newer": f"{THROUGH} --guard newer",
    "store, erase; fill if newer": f"{ASIDE} --guard newer",
    "store, tombstone; fill if newer": f"{ASIDE} --guard tombstone",
    "store, erase voids lease; leased fill, losers read": f"{ASIDE} {LOSERS_READ}",
    "store, erase voids lease; leased fill, losers wait": f"{ASIDE} {LOSERS_WAIT}",
    "erase voids lease, store; leased fill": f"{ASIDE} --order cache_first --guard lease",
    "quarantine over store, erase; leased fill": f"{ASIDE} --guard quarantine",
    "lock over store, set; fill outside": f"{THROUGH} --guard lock_writers",
    "lock over store, set; miss locked": f"{THROUGH} --guard lock",
    "lock over store, set; get locked": f"{THROUGH} --guard lock_all",
    "lock over store, erase; miss locked": f"{ASIDE} --guard lock",
    "lock over erase, store; miss locked": f"{ASIDE} --guard lock --order cache_first",
    "store, erase from the log; plain fill": LOG,
    "store, erase from the log; leased fill": f"{LOG} --guard lease",
    "store, erase if older from the log; fill if newer": f"{LOG} --guard newer",
    "store, tombstone from the log; fill if newer": f"{LOG} --guard tombstone",
    "behind, queue looked into; plain fill": BEHIND,
    "behind, queue looked into; add": f"{BEHIND} --guard add",
    "behind, queue looked into; leased fill": f"{BEHIND} --guard lease",
    "behind, queue not looked into; plain fill": f"{BEHIND} --no-queue-lookup",
    "behind, queue not looked into; add": f"{BEHIND} --no-queue-lookup --guard add",
    "behind, queue not looked into; leased fill": f"{BEHIND} --no-queue-lookup --guard lease",
    "behind, unordered flush": f"{BEHIND} --flushers 2",
}
# What belongs to one of these, or to the shield beside them.
VARIANTS = {
    "erase, store, delayed erase": f"{ASIDE} --order cache_first --double-delete 5ms",
    "the same, acknowledged at its end":
        f"{ASIDE} --order cache_first --double-delete 5ms --delete-ack after",
    "erase, store, erase that comes late alone": f"{ASIDE} --order both --delete-delay 5ms",
    "leased fill, a refused reader starts again": f"{ASIDE} --guard lease --lease-refused retry",
    "quarantine that hides the entry": f"{ASIDE} --guard quarantine --quarantine-reads none",
    "fill if newer than what is gone": f"{ASIDE} --guard newer_remembered",
    "lock with a fencing token": f"{THROUGH} --guard lock --fencing",
    "single flight, detached": f"{ASIDE} --shield lock --flights detach",
    "single flight, joined": f"{ASIDE} --shield lock --flights join",
}
SIMULATED = ["--runtime", "virtual", "--operations", 2_000, "--clients", 8, "--near-cache", "none",
             "--out", "-"]  # fmt: skip


@pytest.fixture
def simulate(stalemark, tiny):
    def run(words):
        ended = stalemark("run", tiny, *SIMULATED, *words.split())
        assert (ended.status, ended.err) == (0, "")
        return ended.out

    return run


@pytest.mark.parametrize("words", [*PROTOCOLS.values(), *VARIANTS.values()])
def test_a_protocol_can_be_named_and_runs_to_its_end(simulate, schema, words):
    result = json.loads(simulate(words))
    schema.validate(result)
    assert result["complete"]
    assert sum(one["count"] for one in result["operations"].values()) == 2_000


def test_each_row_has_a_protocol_of_its_own(simulate):
    assert len(PROTOCOLS) == 31
    seen = {}
    for name, words in {**PROTOCOLS, **VARIANTS}.items():
        if words.endswith("detach"):  # As single flight is by default.
            continue
        configuration = json.loads(simulate(words))["configuration"]
        key = json.dumps([configuration["protocol"], configuration.get("events")])
        assert key not in seen, (name, seen[key])
        seen[key] = name
