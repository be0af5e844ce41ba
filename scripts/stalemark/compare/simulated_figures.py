# SPDX-License-Identifier: Apache-2.0
"""Rows of the figures of simulated runs: equal to the digit, or changed, and in which direction.

Whatever changes the order of events moves many figures a bit up or down, as the seed decides. So a
figure that differs is `changed`. It improved or regressed

  - where the runs have one schedule (compared_metrics.has_one_schedule): nothing else can move it.
    A time moves with the delays, too, of which another number of calls draws others: it counts
    only where all counts are equal;
  - where all seeds in which it differs agree, and so many of them are no chance: the sign test,
    adjusted by Holm for all such rows together;
  - where --fail-on says by how much it may become worse, and the median of the seeds is beyond;
  - where a wrong answer appears that no correct build gives.

Equal figures make no row.
"""

import collections
import dataclasses
import math
import statistics

from scipy import stats
from stalemark.common import intervals
from stalemark.common.figures import number_of
from stalemark.compare import compared_metrics, exact_figures

WRONG = ("consistency.values_corrupt", "consistency.phantom_reads")


@dataclasses.dataclass(frozen=True)
class Seed:
    """One figure of the runs of one seed."""

    base: object
    head: object
    is_exact: bool  # Its direction is not the schedule's.


def rows_of(title, seeds, settings):
    """Rows of what differs, as fields of a Row, and how many figures were compared; of the seeds
    of one case as [(title with its seed, runs of BASE, runs of HEAD)]."""
    rows, compared = [], 0
    figures = collections.defaultdict(list)
    for titled, base, head in seeds:
        sets = list(exact_figures.sets_of(base, head))
        is_alike = _have_equal_counts(sets)
        has_one = all(run.has_one_schedule for run in base + head)
        for name, before, after in sets:
            row = {"case": titled, "metric": name, "mode": "exact", "verdict": "inconclusive",
                   "better": compared_metrics.better_of(name), "n": 1,
                   "margin": settings.margins.get(name, 0.0)}  # fmt: skip
            if None in before + after:
                rows.append({**row, **exact_figures.lone(name, before, after, base, head)})
            elif told := _varying(before, after):
                rows.append({**row, "why": "varies", "note": told})
            else:
                is_exact = has_one and (is_alike or not compared_metrics.is_time(name))
                figures[name].append(Seed(before[0], after[0], is_exact))
            compared += None not in before + after
    rows += [_row(title, name, found, settings) for name, found in sorted(figures.items())
             if any(seed.base != seed.head for seed in found)]  # fmt: skip
    return rows, compared


def _have_equal_counts(sets):
    return all(before == after for name, before, after in sets
               if compared_metrics.is_count(name))  # fmt: skip


def _varying(before, after):
    """What is wrong with runs of one seed that differ; nothing if they are equal."""
    sides = [name for name, values in (("BASE", before), ("HEAD", after))
             if any(value != values[0] for value in values)]  # fmt: skip
    if sides:
        return f"equal runs of {' and '.join(sides)} differ, which is an error of the program"
    return ""


def _row(title, name, seeds, settings):
    """Of a figure that differs in some of its seeds."""
    better = compared_metrics.better_of(name)
    margin = settings.margins.get(name)
    row = {"case": title, "metric": name, "mode": "exact", "verdict": "changed", "better": better,
           "n": len(seeds), "margin": margin or 0.0, **_values(seeds)}  # fmt: skip
    ranked = [[compared_metrics.RANKS.get(value, value) if name == "promise.verdict" else value
               for value in (seed.base, seed.head)] for seed in seeds]  # fmt: skip
    if not all(isinstance(value, (int, float)) for pair in ranked for value in pair):
        return {**row, "note": exact_figures.UNRATED}
    changes = [_change(*pair) for pair in ranked]
    if name != "promise.verdict" and all(seed.base or not seed.head for seed in seeds):
        row["change"] = statistics.median(changes)
    if better == "none":
        return {**row, "note": exact_figures.UNRATED}
    if name in WRONG and not any(seed.base for seed in seeds):
        return {**row, "verdict": "regressed", "note": "a wrong answer"}
    losses = [-change if better == "higher" else change for change in changes]
    if margin and all(abs(loss) <= margin for loss in losses):
        return {**row, "verdict": "same", "note": "measurable, and below the margin"}
    worse, gained = sum(loss > 0 for loss in losses), sum(loss < 0 for loss in losses)
    row |= {"worse_in": worse, "better_in": gained}
    if margin is not None and statistics.median(losses) > margin:
        return {**row, "verdict": "regressed", "note": "by more than --fail-on allows"}
    if not all(seed.is_exact for seed in seeds if seed.base != seed.head):
        return {**row, "p": float(stats.binomtest(worse, worse + gained).pvalue)}
    if worse and gained:
        return {**row, "note": _mixed(worse, gained, len(seeds))}
    return {**row, "verdict": "regressed" if worse else "improved"}


def _values(seeds):
    """Of either side: the median over the seeds, or what they have in common."""
    found = {}
    for side in ("base", "head"):
        values = [getattr(seed, side) for seed in seeds]
        if all(value == values[0] for value in values):
            found[side] = values[0]
        elif all(isinstance(value, (int, float)) for value in values):
            found[side] = statistics.median(values)
    return found


def _change(before, after):
    """As a share of BASE, which may be 0."""
    if before == after:
        return 0.0
    return after / before - 1 if before else math.copysign(math.inf, after)


def judge(rows, alpha):
    """Gives a direction to the rows whose seeds show it; `rows`: all of a comparison."""
    tested = [row for row in rows if row.mode == "exact" and row.p is not None]
    # So many seeds that all agree are beyond chance even as the first of all rows.
    enough = 1 + math.ceil(math.log2(max(1, len(tested)) / alpha))
    for row, p in zip(tested, intervals.holm([row.p for row in tested])):
        row.p = p
        if row.worse_in and row.better_in:
            row.note = _mixed(row.worse_in, row.better_in, row.n)
            continue
        way = "worse" if row.worse_in else "better"
        row.note = f"{way} in {row.worse_in or row.better_in} of {number_of(row.n, 'seed')}"
        if p <= alpha:
            row.verdict = "regressed" if row.worse_in else "improved"
        else:
            row.note += f"; {enough} that agree would show it"


def _mixed(worse, better, seeds):
    return f"worse in {worse} and better in {better} of {number_of(seeds, 'seed')}"
