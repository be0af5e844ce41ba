# SPDX-License-Identifier: Apache-2.0
"""What exploring schedules says of the rows of an answer, beside what is known and simulated."""

from stalemark.guarantees import wording
from stalemark.guarantees.statement import STALE


def cell(row):
    """None where it was not explored."""
    return wording.short(row.explored, row.ttl_ns is not None) if row.explored else None


def beside(known, row):
    """What the races say, and after a colon the steps of the shortest schedule or a proof. Where no
    race is known and a schedule is, that says how long."""
    if row.explored is None:
        return known
    broken = row.explored.broken(STALE)
    if broken and row.is_never_stale:
        known = _how_long(row)
    return f"{known}: {wording.compact(row.explored)}"


def _how_long(row):
    if row.explored.broken(("permanent_after_ttl",)):
        return "for ever"
    if row.explored.broken(("permanent",)):
        return "for ever" if row.ttl_ns is None else "up to TTL"
    return "briefly"


def lines(rows):
    """What the column means, and which promises an explored schedule breaks."""
    programs = {row.explored.program for row in rows if row.explored}
    if not programs:
        yield wording.NOT_EXPLORED_HERE
        return
    yield wording.legend(", ".join(sorted(programs)))
    told = {}
    for row in rows:
        if verdict := broken_promise(row):
            told.setdefault((row.declared, wording.sentence(verdict)), []).append(row.label)
    for (declared, text), labels in told.items():
        yield f"✗ {' and '.join(labels)}, {declared} by promise: {text}"


def broken_promise(row):
    """The verdict that breaks what a run of it declared; None if none does."""
    if row.explored is None:
        return None
    return wording.broken_promise(row.explored, row.declared, row.ttl_ns is not None)
