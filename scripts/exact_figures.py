"""Rows of figures that two runs of one build repeat to the digit: no statistics, no margin.

Of a simulated run all figures are such. Those of a real one only if the runs of BASE show it: a
count of which they do not agree is the clock's, and is not compared. Equal figures make no row.
"""

import compared_metrics
from scipy import stats

WHY = {
    "changed": "neither better nor worse by itself",
    "varies": "runs of one build differ",
    "chance": "too few runs to tell it from chance",
}
CHANCE = 0.01  # Of a promise that both sides break as often to look worse in HEAD.


def known_to(runs):
    """The names of all figures that some of these runs have."""
    return {name for run in runs for name in run.exact}


def rows_of(title, base, head, known, settings):
    """Rows of what differs, as fields of a Row; and how many figures were compared."""
    rows = [*_wrong(title, base, head)]
    if not base[0].exact or not head[0].exact:
        return rows, 0
    is_simulated = base[0].kind == "virtual"
    names = sorted({name for run in base + head for name in run.exact} & known)
    compared = 0
    for name in names:
        before, after = (_values(side, name) for side in (base, head))
        if not is_simulated and (len(base) < 2 or len(before) > 1):
            continue
        compared += 1
        if before == after and len(before) == 1:
            continue
        rows.append(_row(title, name, before, after, settings))
    return rows, compared


def _values(side, name):
    """Its different values, in the order of the runs; None where a run lacks it."""
    found = []
    for run in side:
        if (value := run.exact.get(name)) not in found:
            found.append(value)
    return found


def _row(title, name, before, after, settings):
    row = {"case": title, "metric": name, "mode": "exact", "verdict": "inconclusive",
           "better": compared_metrics.better_of(name), "n": 1,
           "margin": settings.margins.get(name, 0.0)}  # fmt: skip
    if len(before) > 1 or len(after) > 1:
        varies = " and ".join(
            side for side, values in (("BASE", before), ("HEAD", after)) if len(values) > 1
        )
        note = f"equal runs of {varies} differ, which is an error of the program"
        return {**row, "why": "varies", "note": note}
    row |= {"base": before[0], "head": after[0]}
    one, other = (compared_metrics.RANKS.get(value, value) if name == "promise.verdict" else value
                  for value in (before[0], after[0]))  # fmt: skip
    if not all(isinstance(value, (int, float)) for value in (one, other)):
        return {**row, "why": "changed", "note": WHY["changed"]}
    if name != "promise.verdict":
        row["change"] = other / one - 1 if one else None
    if row["better"] == "none":
        return {**row, "why": "changed", "note": WHY["changed"]}
    if one and abs(other - one) <= row["margin"] * abs(one):
        return {**row, "verdict": "same", "note": "measurable, and below the margin"}
    is_worse = (other > one) == (row["better"] == "lower")
    return {**row, "verdict": "regressed" if is_worse else "improved"}


def _wrong(title, base, head):
    """What no correct build does, however its threads ran: found in HEAD and not in BASE."""
    if base[0].kind == "virtual":
        return  # There it is a figure like all others.
    for name in sorted({name for run in head for name in run.wrong}):
        before, after = (sum(run.wrong.get(name, 0) for run in side) for side in (base, head))
        if after and not before:
            yield {"case": title, "metric": f"consistency.{name}", "mode": "exact",
                   "verdict": "regressed", "better": "lower", "base": before, "head": after,
                   "n": len(head), "margin": 0.0, "note": "a wrong answer"}  # fmt: skip
    judged = [[run.broken for run in side if run.broken is not None] for side in (base, head)]
    before, after = map(sum, judged)
    if not after or before or not judged[0]:
        return
    table = [[after, len(judged[1]) - after], [before, len(judged[0]) - before]]
    row = {"case": title, "metric": "promise.verdict", "mode": "exact", "better": "higher",
           "base": "kept", "head": "broken", "n": len(judged[1]), "margin": 0.0,
           "note": f"broken in {after} of {len(judged[1])} of HEAD, in none of BASE"}  # fmt: skip
    if stats.fisher_exact(table, "greater")[1] <= CHANCE:
        yield {**row, "verdict": "regressed"}
    else:
        yield {**row, "verdict": "inconclusive", "why": "chance"}
