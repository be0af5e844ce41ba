# SPDX-License-Identifier: Apache-2.0
"""What is known of one protocol by exploring schedules of a small program.

A class of anomalies is broken by the shortest schedule that shows it, or none was found in so many;
where these are all that there are, that is a proof, of this program. Schedules that begin with a
cold cache and with a warm one count together.
"""

import dataclasses

from stalemark.common import markdown
from stalemark.common.figures import number_of

CLASSES = ("permanent", "permanent_after_ttl", "read_your_writes", "monotonic_reads",
           "linearizability", "dirty", "store_older", "lost_update", "stuck")  # fmt: skip
FAULTS = ("none", "eviction", "expiry", "crash", "loss")
# What happens without any failure: an entry is evicted on any day. That a lock or a lease expires
# takes a holder that stands still for that long.
EVERYDAY = ("none", "eviction")
STALE = ("permanent", "permanent_after_ttl", "read_your_writes", "monotonic_reads",
         "linearizability")  # fmt: skip
TITLES = {
    "permanent": "stale at rest",
    "permanent_after_ttl": "stale after every TTL",
    "read_your_writes": "own write missed",
    "monotonic_reads": "reads go back",
    "linearizability": "not linearizable",
    "dirty": "never committed",
    "store_older": "store older",
    "lost_update": "lost update",
    "stuck": "stuck",
}
WHEN = {"none": "", "eviction": "if evicted", "expiry": "if a lock or lease expires",
        "crash": "after a crash", "loss": "if an event is lost"}  # fmt: skip
# From what is worst; two read-modify-writes lose an update without a cache, too.
GRAVEST_FIRST = ("stuck", "store_older", "permanent_after_ttl", "permanent", "linearizability",
                 "read_your_writes", "monotonic_reads", "dirty", "lost_update")  # fmt: skip
PAGE = "docs/guarantees.md"
NOT_EXPLORED = "not explored"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """On a class of anomalies under a fault. `schedules`: 0 if none was tried."""

    name: str
    fault: str
    schedules: int
    is_exhaustive: bool
    caches: tuple  # With which it was begun: "cold", "warm".
    steps: int | None = None  # Of the shortest schedule that shows it; None: none does.
    preemptions: int | None = None
    witness: str = ""

    @property
    def is_broken(self):
        return self.steps is not None

    @property
    def is_proved(self):
        return not self.is_broken and self.schedules > 0 and self.is_exhaustive

    @property
    def text(self):
        if self.is_broken:
            return f"broken in {self.length}"
        if not self.schedules:
            return NOT_EXPLORED
        alone = f", {self.caches[0]} cache alone" if len(self.caches) == 1 else ""
        seen = f"none in {number_of(self.schedules, 'schedule')}"
        if self.is_exhaustive:
            return f"proved: {seen}, exhaustive{alone}"
        return f"{seen}, not exhaustive{alone}"

    @property
    def length(self):
        return f"{number_of(self.steps, 'step')} ({number_of(self.preemptions, 'preemption')})"


class Statement:
    """Of a row of the table."""

    def __init__(self, row, program):
        self._row = row
        self.protocol = row["protocol"]
        self.declared = row["declared"]
        self.program = program

    @property
    def link(self):
        """Where the page tells of it."""
        return f"{PAGE}#{markdown.slug(self.protocol)}"

    def verdict(self, name, fault="none"):
        cells = [cell for cell in self._row["cells"] if cell["fault"] == fault]
        found = [each for cell in cells for each in cell["anomalies"] if each["class"] == name]
        shortest = min(found, key=lambda each: (each["steps"], each["preemptions"]), default={})
        return Verdict(
            name, fault,
            schedules=sum(cell["schedules"] for cell in cells),
            is_exhaustive=all(cell["exhaustive"] for cell in cells),
            caches=tuple(sorted({cell["cache"] for cell in cells})),
            **{what: shortest[what] for what in ("steps", "preemptions", "witness") if shortest},
        )  # fmt: skip

    def broken(self, names=CLASSES, faults=EVERYDAY):
        """The shortest verdict that breaks one of these classes; None if nothing does. What takes
        no fault comes first, however long it is."""
        for fault in faults:
            found = [each for name in names if (each := self.verdict(name, fault)).is_broken]
            if found:
                return min(found, key=lambda each: (each.steps, each.preemptions))
        return None

    def gravest(self, fault="none"):
        """Of what is broken under it."""
        found = (self.verdict(name, fault) for name in GRAVEST_FIRST)
        return next((each for each in found if each.is_broken), None)

    @property
    def is_explored(self):
        return self.verdict(CLASSES[0]).schedules > 0

    def is_proved(self, names=STALE, faults=EVERYDAY):
        """Of these faults, of those that were tried."""
        tried = [each for name in names for fault in faults
                 if (each := self.verdict(name, fault)).schedules]  # fmt: skip
        return self.is_explored and all(each.is_proved for each in tried)

    def schedules(self, faults=EVERYDAY):
        return sum(self.verdict(CLASSES[0], fault).schedules for fault in faults)
