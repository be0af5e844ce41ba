# SPDX-License-Identifier: Apache-2.0
"""The races that are known of a protocol, as a result names them in `known_races`."""

import re

from stalemark.common import durations

OF_OTHER_NODES = ("unseen_write", "late_event", "unflushed_write")
ENDLESS = ("until_next_write", "for_ever")  # No TTL, event or flush ends these.


def of_reads(races, _=None):
    """Those after which a read is stale though nothing has failed: not what takes a crash or
    trouble of the store, nor what is seen only by those who ask the store themselves."""
    return [race for race in races or [] if race["needs"] == "nothing" and not (
        race["breaks"] == "store" and race["lasts"] == "until_flush")]  # fmt: skip


def of_own_writes(races):
    """Those after which a client may miss its own write. It stays with its node, where a write
    drops or replaces the copy: races of two clients that leave an old copy on another node do not
    reach it."""
    return [race for race in of_reads(races)
            if race["clients"] < 2 or race["name"] not in OF_OTHER_NODES]  # fmt: skip


def endless(races, has_ttl=True):
    """Without a TTL nothing ends those that a TTL would."""
    lasting = ENDLESS if has_ttl else (*ENDLESS, "until_ttl")
    return [race for race in of_reads(races) if race["lasts"] in lasting]


def are_all_ended_by_a_ttl(races):
    """Then no read is older than a TTL and a load, whatever interleaves."""
    return all(race["lasts"] in ("until_ttl", "until_event", "until_flush", "until_delete")
               for race in of_reads(races))  # fmt: skip


def bound_ns(result):
    """How old a read of such a protocol may be: by its promise or, where races break that, by what
    ends them; None without a bound."""
    configuration = result["configuration"]
    protocol = configuration["protocol"]
    declared = result.get("promise", {}).get("declared", "")
    found = re.search(r"bounded_staleness\(([^)]+)\)", declared)
    if found:
        return durations.nanoseconds(found[1])
    ttl = protocol.get("ttl_ns")
    if ttl is None or not are_all_ended_by_a_ttl(result.get("known_races")):
        return None
    lives = 2 if configuration.get("shared_cache", {}).get("layer_ttl") == "restart" else 1
    return lives * ttl + protocol.get("grace_ns", 0) + protocol.get("stale_if_error_ns", 0)
