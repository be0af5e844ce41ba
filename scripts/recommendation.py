"""Which is the simplest protocol that measurably meets every requirement.

Protocols are judged on one workload or on several together, where the worst counts, and ranked by
their counted complexity: lines first, then background tasks, locks and sections that hold them. (An
option more makes nothing harder for who leaves it alone.) Of equals the one comes first that asks
the store less.
"""

import dataclasses
import math

import command
import complexity
import matrix
import measures
import requirements
from judgements import MET, MISSED, NOT_MEASURED, UNDECIDED

SIZE = ("lines", "tasks", "locks", "sections")
WORST_FIRST = (MISSED, NOT_MEASURED, UNDECIDED, MET)


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A protocol: {requirement: (Judgement, title of the workload where it came out worst)}."""

    label: str
    protocol: dict
    facts: dict
    judgements: dict
    store_reads: float  # Per operation, in the worst workload.
    command: str  # That made its first result.

    @property
    def failing(self):
        return [name for name, (each, _) in self.judgements.items() if each.status != MET]

    @property
    def size(self):
        return tuple(self.facts.get(fact, math.inf) for fact in SIZE)


@dataclasses.dataclass(frozen=True)
class Recommendation:
    """`candidates` from the simplest to the most complicated."""

    titles: list
    limits: dict
    why: str
    candidates: list

    @property
    def qualified(self):
        return [each for each in self.candidates if not each.failing]

    @property
    def excluded(self):
        return [each for each in self.candidates if each.failing]

    @property
    def nearest(self):
        """Who fails the fewest requirements, and these by the least."""
        return min(self.excluded, key=_distance, default=None)

    def relaxations(self):
        """[(requirement, limit or None, Candidate)]: whom a milder requirement would let qualify
        who is simpler than the best; None where it would have to go altogether."""
        best = self.qualified[0].size if self.qualified else (math.inf,)
        found = []
        for name in self.limits:
            alone = [
                (each, each.judgements[name][0])
                for each in self.excluded
                if each.failing == [name] and each.size < best
            ]
            alone = [pair for pair in alone if pair[1].status in (MISSED, UNDECIDED)]
            if alone:
                simplest, judgement = alone[0]
                found.append((name, judgement.needed, simplest))
        return found


def of_groups(groups, limits, why=""):
    """Judged on all these groups together: a protocol must be in each of them."""
    counted = complexity.count()
    labels = [label for label in groups[0].rows if all(label in each.rows for each in groups)]
    if not labels:
        titles = ", ".join(each.title for each in groups)
        raise command.Refusal(f"no protocol was run on all of these: {titles}; choose one of them")
    candidates = [_candidate(label, groups, limits, counted) for label in labels]
    candidates.sort(key=lambda each: (each.size, each.store_reads, each.label))
    return Recommendation([each.title for each in groups], limits, why, candidates)


def of_use_cases(groups):
    """One for each workload that says what it requires."""
    found = []
    for group in groups:
        fields = group.setting["workload"].get("requirements", {})
        limits = requirements.of_workload(fields)
        if limits:
            found.append(of_groups([group], limits, fields.get("why", "")))
    return found


def _candidate(label, groups, limits, counted):
    rows = [(group.title, _data(group.rows[label])) for group in groups]
    first = next(iter(groups[0].rows[label].values()))
    return Candidate(
        label=label,
        protocol=first.protocol,
        facts=complexity.of_protocol(first.protocol, counted),
        judgements={name: _worst(name, limit, rows) for name, limit in limits.items()},
        store_reads=max(_store_reads(group, label) for group in groups),
        command=first.data["command"],
    )


def _data(row):
    return [row[repetition].data for repetition in sorted(row)]


def _worst(name, limit, rows):
    judge = requirements.REQUIREMENTS[name].judge
    judged = [(judge(results, limit), title) for title, results in rows]
    return min(judged, key=lambda pair: (WORST_FIRST.index(pair[0].status), -_excess(pair[0])))


def _excess(judgement):
    return 1.0 if judgement.excess is None else judgement.excess


def _store_reads(group, label):
    figures = measures.figures_of([matrix.part_of(group, label)])
    return figures["store"].get("reads_per_operation", math.inf)


def _distance(candidate):
    failing = [candidate.judgements[name][0] for name in candidate.failing]
    return len(failing), max(map(_excess, failing)), candidate.size
