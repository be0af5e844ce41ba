# SPDX-License-Identifier: Apache-2.0
"""The races that are known of a protocol, as a result names them in `known_races`."""

ENDLESS = ("until_next_write", "for_ever")  # No TTL, event or flush ends these.


def of_reads(races, _=None):
    """Those after which a read is stale though nothing has failed: not what takes a crash or
    trouble of the store, nor what is seen only by those who ask the store themselves."""
    return [race for race in races or [] if race["needs"] == "nothing" and not (
        race["breaks"] == "store" and race["lasts"] == "until_flush")]  # fmt: skip


def endless(races, has_ttl=True):
    """Without a TTL nothing ends those that a TTL would."""
    lasting = ENDLESS if has_ttl else (*ENDLESS, "until_ttl")
    return [race for race in of_reads(races) if race["lasts"] in lasting]


def are_all_ended_by_a_ttl(races):
    """Then no read is older than a TTL and a load, whatever interleaves."""
    return all(race["lasts"] in ("until_ttl", "until_event", "until_flush")
               for race in of_reads(races))  # fmt: skip
