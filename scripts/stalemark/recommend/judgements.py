# SPDX-License-Identifier: Apache-2.0
"""Whether a requirement is met, and how strongly: by the upper end of an interval over repetitions,
or, where nothing was seen, by how much so many trials can have missed."""

import dataclasses
import math

from stalemark.common import intervals
from stalemark.common.figures import percent

MET, MISSED, UNDECIDED, NOT_MEASURED = "met", "missed", "undecided", "not measured"
NO_WRITES = "nothing is written"
# What misses a requirement, whatever was seen.
RACE_KNOWN = "a race is known: "
SCHEDULE_KNOWN = "an explored schedule breaks it: "
MARGIN = 1.2  # Of a run that is to be long enough, since its successor may be a little slower.


@dataclasses.dataclass(frozen=True)
class Judgement:
    """`excess` is by how many times the limit was passed, infinite for a limit of zero; `needed`
    the limit that this protocol would meet; both are None where the requirement is met or nothing
    was measured. `missing` are options of a run that would measure it; of a requirement that is
    missed anyway, those that would tell the limit needed."""

    status: str
    seen: str
    excess: float | None = None
    needed: float | None = None
    missing: str = ""


def bounded(values, limit, back, show):
    """By the upper end of the interval; `back` turns a value into the unit of the limit."""
    estimate = intervals.centre(values)
    value = back(estimate.value)
    if estimate.high is None:
        few = f"{show(value)} in {estimate.n} run" + "s" * (estimate.n > 1)
        missing = f"--repeat {intervals.PAIRS_FOR_STUDENT}"
        if value > limit:
            return Judgement(MISSED, few, excess(value, limit), missing=missing)
        few += f", and it takes {intervals.PAIRS_FOR_STUDENT} to tell"
        return Judgement(NOT_MEASURED, few, missing=missing)
    high = back(estimate.high)
    seen = f"{show(value)}, at most {show(high)}"
    if high <= limit:
        return Judgement(MET, seen)
    return Judgement(MISSED if value > limit else UNDECIDED, seen, excess(high, limit), high)


def excess(value, limit):
    return value / limit if limit else math.inf


def below(trials, of="", what=""):
    """What so many trials without an event leave possible, in 95 of 100 cases. Requires: one."""
    words = " ".join(word for word in (of, what) if word)
    bound = percent(intervals.zero_bound(trials))
    return f" (below {bound}{' ' if words else ''}{words})"


def total(objects, name):
    return sum(each.get(name, 0) for each in objects)


def lasting(ns):
    """The option for a run of that length, in whole seconds."""
    return f"--duration {max(1, math.ceil(ns / 1e9))}s"


def more_of(result, wanted, seen):
    """The option for a run so long that it shows `wanted` of what this one showed `seen` of."""
    return lasting(MARGIN * result["elapsed_ns"] * wanted / max(seen, 1))
