# SPDX-License-Identifier: Apache-2.0
"""Which is the simplest protocol that measurably meets every requirement.

Protocols are judged on one workload or on several together, where the worst counts, and ranked by
their counted complexity: lines first, then background tasks, locks and sections that hold them. (An
option more makes nothing harder for who leaves it alone.) Of equals no_cache comes first, which has
no cache to run, and then the one that asks the store less. Where the results are of a deployment,
whose database the cache is to relieve, no_cache comes last: it is recommended if no protocol with a
cache qualifies.
"""

import dataclasses
import math

from stalemark.common import command
from stalemark.common.figures import rounded_up
from stalemark.guarantees.statement import Statement
from stalemark.guarantees.table_file import NOTHING
from stalemark.matrix import caveats, complexity, matrix, measures
from stalemark.recommend import explored_requirements, requirements
from stalemark.recommend.judgements import MET, MISSED, NOT_MEASURED, UNDECIDED

SIZE = ("lines", "tasks", "locks", "sections")
WORST_FIRST = (MISSED, NOT_MEASURED, UNDECIDED, MET)


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A protocol: {requirement: (Judgement, title of the workload where it came out worst)}, and
    {requirement that it fails: a limit that it meets in each workload, None where there is none},
    without those of which the measurements do not tell."""

    label: str
    protocol: dict
    facts: dict
    judgements: dict
    milder: dict
    store_reads: float  # Per operation, in the worst workload.
    command: str  # That made its first result.
    session: str | None  # In which it was recorded; None: it is simulated.
    explored: Statement | None = None  # What schedules of a small program prove or break.

    @property
    def failing(self):
        return [name for name, (each, _) in self.judgements.items() if each.status != MET]

    @property
    def size(self):
        return tuple(self.facts.get(fact, math.inf) for fact in SIZE)


@dataclasses.dataclass(frozen=True)
class Recommendation:
    """`candidates` from the simplest to the most complicated. `partly_run`: the labels of those
    that were not run on all workloads, and so are none."""

    titles: list
    limits: dict
    why: str
    candidates: list
    partly_run: list = dataclasses.field(default_factory=list)
    caveats: list = dataclasses.field(default_factory=list)  # Of runs, a sentence each.

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
        """[(requirement, limit or None, Candidate)]: of those simpler than the best whom a milder
        requirement would let qualify, the simplest, and before it who asks for the least, if that
        is another; None where it would have to go altogether."""
        best = self.qualified[0].size if self.qualified else (math.inf,)
        found = []
        for name in self.limits:
            alone = [
                each
                for each in self.excluded
                if each.failing == [name] and name in each.milder and each.size < best
            ]
            with_limit = [each for each in alone if each.milder[name] is not None]
            shown = alone[:1]
            if with_limit:
                gentlest = min(with_limit, key=lambda each: each.milder[name])
                shown = [gentlest] * (gentlest is not alone[0]) + shown
            found += [(name, each.milder[name], each) for each in shown]
        return found


def of_groups(groups, limits, why="", known=NOTHING):
    """Judged on all these groups together: a protocol must be in each of them. `known`: the
    Guarantees."""
    counted = complexity.count()
    labels = [label for label in groups[0].rows if all(label in each.rows for each in groups)]
    if not labels:
        titles = ", ".join(each.title for each in groups)
        raise command.Refusal(f"no protocol was run on all of these: {titles}; choose one of them")
    candidates = [_candidate(label, groups, limits, counted, known) for label in labels]
    is_asked_for_a_cache = all("deployment" in each.setting for each in groups)
    candidates.sort(key=lambda each: (
        is_asked_for_a_cache and each.protocol["strategy"] == measures.BASELINE,
        each.size, each.protocol["strategy"] != measures.BASELINE, each.store_reads, each.label,
    ))  # fmt: skip
    partly_run = sorted({label for group in groups for label in group.rows} - set(labels))
    told = [line for group in groups for line in caveats.of_runs(group)]
    told += [known.note] if known.note else []
    titles = [each.title for each in groups]
    return Recommendation(titles, limits, why, candidates, partly_run, told)


def of_use_cases(groups, known=NOTHING):
    """One for each workload that says what it requires."""
    found = []
    for group in groups:
        fields = group.setting["workload"].get("requirements", {})
        limits = requirements.of_workload(fields)
        if limits:
            found.append(of_groups([group], limits, fields.get("why", ""), known))
    return found


def _candidate(label, groups, limits, counted, known):
    rows = [(group.title, _data(group.rows[label]), known) for group in groups]
    first = next(iter(groups[0].rows[label].values()))
    judged = {name: _judged(name, limit, rows) for name, limit in limits.items()}
    milder = {name: _milder(name, each, rows) for name, each in judged.items()}
    return Candidate(
        label=label,
        protocol=first.protocol,
        facts=complexity.of_protocol(first.protocol, counted),
        judgements={name: _worst(each) for name, each in judged.items()},
        milder={name: limit for name, (is_known, limit) in milder.items() if is_known},
        store_reads=max(_store_reads(group, label) for group in groups),
        command=first.data["command"],
        session=first.session,
        explored=known.of(first.data),
    )


def _data(row):
    return [row[repetition].data for repetition in sorted(row)]


def _judged(name, limit, rows):
    judge = requirements.REQUIREMENTS[name].judge
    return [
        (explored_requirements.judged(
            name, limit, judge(results, limit), results, known.of(results[0])), title)
        for title, results, known in rows
    ]  # fmt: skip


def _worst(judged):
    return min(judged, key=lambda pair: (WORST_FIRST.index(pair[0].status), -_excess(pair[0])))


def _milder(name, judged, rows):
    """(whether the measurements tell of one, a limit as a reader is told it that is met in each of
    these rows or None): what was judged by one limit is judged again by the milder one."""
    failing = [each for each, _ in judged if each.status in (MISSED, UNDECIDED)]
    needed = [each.needed for each in failing]
    if None in needed:
        told = not any(each.missing for each in failing)
        return told, None
    if not needed:
        return False, None
    digits = requirements.REQUIREMENTS[name].digits
    limit = max(needed) if digits is None else rounded_up(max(needed), digits)
    return all(each.status == MET for each, _ in _judged(name, limit, rows)), limit


def _excess(judgement):
    return 1.0 if judgement.excess is None else judgement.excess


def _store_reads(group, label):
    figures = measures.figures_of([matrix.part_of(group, label)])
    return figures["store"].get("reads_per_operation", math.inf)


def _distance(candidate):
    failing = [candidate.judgements[name][0] for name in candidate.failing]
    return len(failing), max(map(_excess, failing)), candidate.size
