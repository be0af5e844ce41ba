# SPDX-License-Identifier: Apache-2.0
"""Rows of counts that two real runs of one build repeat to the digit: no statistics, no margin.

They do so only if the runs of BASE show it: a count of which they do not agree is the clock's, and
is not compared. Equal figures make no row. What one side lacks is 0, `missing`, `new` or for want
of anything to take it of: absent_figures. Of simulated runs all figures repeat: simulated_figures.
"""

import math
import statistics

from scipy import stats
from stalemark.compare import absent_figures, compared_metrics

WHY = {
    "varies": "runs of one build differ",
    "chance": "too few runs to tell it from chance",
}
UNRATED = "neither better nor worse by itself"
MISSING = "BASE has it and HEAD has not"
CHANCE = 0.01  # Of what both sides do as often to look worse in HEAD.


def rows_of(title, base, head, settings):
    """Rows of what differs, as fields of a Row; and how many figures were compared."""
    rows = [*_wrong(title, base, head)]
    if not base[0].exact or not head[0].exact:
        return rows, 0
    compared = 0
    for name, before, after in sets_of(base, head):
        if len(base) < 2 or len(_unlike(before)) > 1:
            continue
        row = {"case": title, "metric": name, "mode": "exact", "verdict": "inconclusive",
               "better": compared_metrics.better_of(name), "n": 1,
               "margin": settings.margins.get(name, 0.0)}  # fmt: skip
        if None in before + after:
            rows.append({**row, **lone(name, before, after, base, head)})
            continue
        compared += 1
        if len(_unlike(before + after)) > 1:
            rows.append({**row, **_judged(row, before, after)})
    return rows, compared


def sets_of(base, head):
    """(name, values of the runs of BASE, of HEAD) of each figure; None where a run lacks it."""
    for name in sorted({name for run in base + head for name in run.exact}):
        yield name, _values(base, name, True), _values(head, name, False)


def _values(side, name, is_base):
    """Of its runs; None where one lacks it and that does not say 0."""
    absent = 0 if absent_figures.is_none(name, is_base) else None
    return [run.exact.get(name, absent) for run in side]


def _unlike(values):
    """The different ones, in their order."""
    return [value for place, value in enumerate(values) if value not in values[:place]]


def lone(name, before, after, base, head):
    """The rest of the row of a figure that some of these runs lack."""
    if None in before:
        if set(before) != {None}:
            return {"why": "varies", "note": "equal runs of BASE differ: some lack it"}
        value = next(each for each in after if each is not None)
        return {"verdict": "new", "head": value, "is_gated": False, "note": "only HEAD has it"}
    lacking = [run for run, value in zip(head, after) if value is None]
    row = {"base": before[0], "verdict": "changed"}
    if base[0].configuration != head[0].configuration:
        return {**row, "note": "HEAD, configured otherwise, lacks it"}
    if any(absent_figures.is_due(name, run.exact) for run in lacking):
        few = f" in {len(lacking)} of {len(head)} runs" if len(lacking) < len(head) else ""
        return {"verdict": "missing", "base": before[0], "note": f"{MISSING}{few}"}
    return {**row, "note": "HEAD has nothing to take it of"}


def _judged(row, before, after):
    """The rest of the row of a count in which these runs differ; those of BASE agree."""
    if len(_unlike(after)) > 1:
        return _several(row, before[0], after, len(before))
    return _settled(row, before[0], after[0])


def _several(row, before, after, runs_of_base):
    """Those of HEAD do not."""
    verdicts = [_settled(row, before, each)["verdict"] for each in after]
    worse, better = verdicts.count("regressed"), verdicts.count("improved")
    side = {"base": before, "n": len(after)}
    if "changed" in verdicts:
        note = "runs of BASE agree and those of HEAD do not"
        return {**side, "why": "varies", "note": note}
    side["head"] = statistics.median(after)
    side["change"] = side["head"] / before - 1 if before else None
    note = f"worse in {worse} and better in {better} of {len(after)} runs of HEAD; BASE's agree"
    if better == len(after):
        return {**side, "verdict": "improved", "note": note}
    is_clear = worse == len(after) or _is_beyond_chance(worse, len(after), runs_of_base)
    if is_clear and not better:
        return {**side, "verdict": "regressed", "note": note}
    return {**side, "why": "varies", "note": note}


def _settled(row, before, after):
    """Of one value a side."""
    told = {"base": before, "head": after}
    if before == after:
        return {**told, "verdict": "same"}
    one, other = (compared_metrics.RANKS.get(value, value) if row["metric"] == "promise.verdict"
                  else value for value in (before, after))  # fmt: skip
    if not all(isinstance(value, (int, float)) for value in (one, other)):
        return {**told, "verdict": "changed", "note": UNRATED}
    if row["metric"] != "promise.verdict":
        told["change"] = other / one - 1 if one else None
    if row["better"] == "none":
        return {**told, "verdict": "changed", "note": UNRATED}
    is_never = math.inf in (one, other)
    if one and not is_never and abs(other - one) <= row["margin"] * abs(one):
        return {**told, "verdict": "same", "note": "measurable, and below the margin"}
    is_worse = (other > one) == (row["better"] == "lower")
    return {**told, "verdict": "regressed" if is_worse else "improved"}


def _wrong(title, base, head):
    """What no correct build does, however its threads ran: found in HEAD and not in BASE. And what
    tells it, if HEAD does not."""
    row = {"case": title, "mode": "exact", "better": "lower", "n": len(head), "margin": 0.0}
    for name in sorted({name for run in base + head for name in run.wrong}):
        metric = f"consistency.{name}"
        before, after = (sum(run.wrong.get(name, 0) for run in side) for side in (base, head))
        if after and not before:
            yield {**row, "metric": metric, "verdict": "regressed", "base": before, "head": after,
                   "note": "a wrong answer"}  # fmt: skip
        elif metric not in base[0].exact and _is_lost(base, head, lambda run: name in run.wrong):
            yield {**row, "metric": metric, "verdict": "missing", "base": before,
                   "note": MISSING}  # fmt: skip
    row |= {"metric": "promise.verdict", "better": "higher"}
    if _is_lost(base, head, lambda run: run.promise):
        yield {**row, "verdict": "missing", "base": base[0].promise, "note": MISSING}
    judged = [[run.promise == "broken" for run in side if run.promise in ("broken", "kept")]
              for side in (base, head)]  # fmt: skip
    before, after = map(sum, judged)
    if not after or before or not judged[0]:
        return
    row |= {"base": "kept", "head": "broken", "n": len(judged[1]),
            "note": f"broken in {after} of {len(judged[1])} of HEAD, in none of BASE"}  # fmt: skip
    if _is_beyond_chance(after, len(judged[1]), len(judged[0])):
        yield {**row, "verdict": "regressed"}
    else:
        yield {**row, "verdict": "inconclusive", "why": "chance"}


def _is_lost(base, head, tells):
    """All of BASE tell it, and not all of HEAD."""
    return all(map(tells, base)) and not all(map(tells, head))


def _is_beyond_chance(after, of_head, of_base):
    """Whether so many of HEAD, and none of BASE, are more than chance (Fisher's exact test)."""
    table = [[after, of_head - after], [0, of_base]]
    return stats.fisher_exact(table, "greater")[1] <= CHANCE
