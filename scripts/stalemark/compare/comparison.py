# SPDX-License-Identifier: Apache-2.0
"""Compares two sides, case by case: rows, each with a verdict.

  improved, regressed   it changed by more than chance would explain, and by the margin at least
  same                  the whole interval of the change lies within the margin
  inconclusive          neither was shown; `why` says what stood in the way
  changed               an exact figure differs, and whether for better or worse was not shown

docs/comparison.md explains the procedure. `missing` and `new` are rows that one side lacks.
"""

import dataclasses
import statistics

from stalemark.common import differences
from stalemark.compare import (
    compared_metrics, exact_figures, noisy_metrics, simulated_figures,
)  # fmt: skip
from stalemark.compare.noisy_metrics import Settings  # noqa: F401 - callers' word

WORST_FIRST = ("missing", "regressed", "inconclusive", "changed", "improved", "same", "new")


@dataclasses.dataclass
class Row:
    case: str
    metric: str
    mode: str  # "exact", "paired" or "separate"; of what one side lacks, "".
    verdict: str
    why: str = ""  # Of an inconclusive row, one of noisy_metrics.WHY or exact_figures.WHY.
    note: str = ""
    is_gated: bool = True
    better: str = "none"
    base: object = None  # Median over the runs, or the figure itself.
    head: object = None
    change: float | None = None  # head / base - 1, and the ends of its interval.
    low: float | None = None
    high: float | None = None
    p: float | None = None  # Adjusted for the number of rows of its family.
    n: int = 0  # Pairs, runs of a side, or seeds.
    worse_in: int | None = None  # Of the seeds of a simulated figure.
    better_in: int | None = None
    margin: float | None = None
    visible: float | None = None  # Smallest change for the worse that would have got a verdict.
    # Of a noisy row: (sign, level) to the change of the logarithm that its test would find.
    reach: object = dataclasses.field(default=None, repr=False, compare=False)

    @property
    def worse(self):
        """The change as a share, positive where it is for the worse; 0 if there is none."""
        if self.change is None:
            return 0.0
        return -self.change if self.better == "higher" else self.change

    @property
    def fails(self):
        return self.verdict == "missing" or (self.verdict == "regressed" and self.is_gated)


@dataclasses.dataclass
class Comparison:
    rows: list
    # [{"case", "kind", "mode", "pairs", "lost", "digits": figures that were compared}], and "seeds"
    # of a simulated one.
    cases: list
    doubts: list  # Lines for people.
    contaminated: list  # Names of the control metrics that moved, though nothing could move them.
    settings: Settings

    @property
    def count(self):
        return {verdict: sum(row.verdict == verdict for row in self.rows)
                for verdict in WORST_FIRST}  # fmt: skip

    @property
    def failing(self):
        return [row for row in self.rows if row.fails]

    @property
    def undecided(self):
        return [row for row in self.rows if row.verdict == "inconclusive" and row.is_gated]

    @property
    def changed(self):
        return [row for row in self.rows if row.verdict == "changed" and row.is_gated]

    def visible(self):
        """{gated metric: smallest change for the worse that would have got a verdict, the median
        over the cases; infinite where none would}. Nothing of a session that is left undecided."""
        found = {}
        for row in self.rows:
            if row.is_gated and row.visible is not None and not self.contaminated:
                found.setdefault(row.metric, []).append(row.visible)
        return {metric: statistics.median(each) for metric, each in sorted(found.items())}


def compare(matched, settings, doubts=()):
    """`matched`: as sides.match() gives it."""
    rows, cases, controls = [], [], []
    units = _units(matched)
    for title, unit in zip(_titles(units), units):
        base, head = unit[0]
        if not base or not head:
            rows.append(_lone(title, head))
        elif base[0].kind == "virtual":
            figures, case = _simulated(title, unit, settings)
            rows += [Row(**each) for each in figures]
            cases.append(case)
        else:
            pairing = noisy_metrics.pair_up(base, head)
            tried = noisy_metrics.rows_of(title, base, head, pairing, settings)
            controls += noisy_metrics.controls_of(title, pairing)
            figures, compared = exact_figures.rows_of(title, base, head, settings)
            rows += [Row(**each) for each in (*tried, *figures)]
            cases.append({"case": title, "kind": base[0].kind, "mode": pairing.mode,
                          "pairs": len(pairing.pairs), "lost": pairing.lost, "digits": compared})
    simulated_figures.judge(rows, settings.alpha)
    family = [row for row in rows if row.mode in ("paired", "separate")]
    noisy_metrics.judge(family, settings)
    contaminated = noisy_metrics.moved(controls)
    if contaminated:
        for row in family:
            row.verdict, row.why = "inconclusive", "contaminated"
            row.note = "the machine's own speed differed between the sides"
    noisy_metrics.explain(rows)
    rows.sort(key=lambda row: (WORST_FIRST.index(row.verdict), not row.is_gated,
                               -abs(row.worse), row.case, row.metric))  # fmt: skip
    return Comparison(rows, cases, list(doubts), contaminated, settings)


def _units(matched):
    """Lists of (runs of BASE, runs of HEAD): of a simulated case one of each seed that both sides
    have, of all others one alone."""
    units = {}
    for base, head in matched:
        run = (base or head)[0]
        is_seed = base and head and run.kind == "virtual"
        units.setdefault(run.family if is_seed else len(units), []).append((base, head))
    return list(units.values())


def _titles(units):
    first = [(unit[0][0] or unit[0][1])[0] for unit in units]
    return _apart([
        run if len(unit) == 1
        else dataclasses.replace(run, title=run.name, configuration={**run.configuration,
                                                                     "seed": None})
        for run, unit in zip(first, units)
    ])  # fmt: skip


def _simulated(title, unit, settings):
    """Rows of a simulated case, as fields of a Row, and what is told of the case."""
    seeds = [(title if len(unit) == 1 else base[0].title, base, head) for base, head in unit]
    rows, compared = simulated_figures.rows_of(title, seeds, settings)
    return rows, {"case": title, "kind": "virtual", "mode": "exact", "pairs": 0, "lost": 0,
                  "digits": compared, "seeds": len(seeds)}  # fmt: skip


def _lone(title, head):
    if head:
        return Row(title, "", "", "new", note="only HEAD has it", is_gated=False)
    return Row(title, "", "", "missing", note="BASE has it and HEAD has not")


def _apart(runs):
    """Their titles, and where several cases share one what tells them apart."""
    alike = {}
    for place, run in enumerate(runs):
        alike.setdefault(run.title, []).append(place)
    titles = [run.title for run in runs]
    for title, places in alike.items():
        told = differences.differences([runs[place].configuration for place in places])
        for place, words in zip(places, told):
            titles[place] = f"{title} ({words})" if words else title
    return titles


def confirmed(first, second):
    """The first session's comparison, in which only what regressed in the second, too, stays so."""
    again = {(row.case, row.metric) for row in second.rows if row.verdict == "regressed"}
    for row in first.rows:
        is_noisy = row.mode in ("paired", "separate")
        if row.verdict == "regressed" and is_noisy and (row.case, row.metric) not in again:
            row.verdict, row.why = "inconclusive", "unconfirmed"
            row.note = "a second session did not show it"
    first.rows.sort(key=lambda row: WORST_FIRST.index(row.verdict))
    return first


def metric_names(runs):
    """Those that --fail-on may name: the noisy ones, and the exact figures of these runs."""
    names = set(compared_metrics.NOISY)
    for run in runs:
        names |= run.exact.keys()
    return names
