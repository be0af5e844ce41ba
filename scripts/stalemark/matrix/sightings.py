# SPDX-License-Identifier: Apache-2.0
"""What was seen that no known race allows: a bug of Stalemark."""

from stalemark.common import command, races


def refuse(runs):
    """Raises a Refusal of status 1 for the first run that saw what is known to be impossible."""
    for run in runs:
        why = excluded(run.data)
        if why:
            raise command.Refusal(
                f"{run.path}: {why}. Please report this, with the file: what is known of the"
                " protocol or what judges its reads is wrong",
                1,
            )


def excluded(data):
    """What was seen though no race is known that explains it; None if there is nothing. Faults are
    played on purpose, and calls of unknown outcome explain more than races do."""
    known = data.get("known_races")
    if known is None or _had_trouble(data):
        return None
    seen = data.get("consistency", {})
    stale = seen.get("stale_reads", 0)
    if stale and not races.of_reads(known):
        return f"{stale:,} stale reads, though no race is known that makes one"
    late = seen.get("contract_violations", 0)
    if late and races.are_all_ended_by_a_ttl(known):
        return f"{late:,} reads past the bound, though every known race ends with the TTL"
    return None


def _had_trouble(data):
    ended = data["operations"].values()
    return bool(data["configuration"].get("faults")) or any(
        kind.get(name, 0) for kind in ended for name in ("failed", "unknown")
    )
