# SPDX-License-Identifier: Apache-2.0
"""Rows of metrics that no run repeats: paired where the sides were recorded in pairs whose order
was tossed, else against what sessions of one build differ by.

A value is worse where d = ln(head / base), with its sign turned where higher is better, is
positive. Paired: Hodges-Lehmann estimate of d, exact signed-rank interval and p; exact because the
order in each pair was tossed, whatever the noise looks like. Separate sessions: Welch's interval
with the floor's spread between sessions added; without a floor nothing can be said.
"""

import dataclasses
import functools
import math
import statistics

from stalemark.common import intervals
from stalemark.compare import compared_metrics
import numpy as np
from scipy import stats

ALPHA = 0.01  # Of any false finding in a comparison: one in a hundred builds that are as good.
CONFIDENCE = 0.95  # Of an interval.
PAIRS_LEAST = intervals.PAIRS_FOR_WALSH
TOSSES_TO_SHOW = 10  # As many of one side first are no fair tosses: one chance in 512.
PAIRS_MOST = 2000  # More than anybody would record.
MOST_LOST = 0.2  # Of the pairs; those left of fewer could have been chosen by the loss.
# A control that moved by more than this and than chance explains leaves a session undecided. Chance
# is judged strictly: each session that it spoils in vain is one that finds nothing.
CONTROL_MARGIN, CONTROL_ALPHA = 0.05, 0.001

WHY = {
    "margin": "the interval spans the margin",
    "few pairs": "too few pairs",
    "pairs lost": "too many pairs lack a side",
    "separate sessions": "separate sessions and no noise floor",
    "no ratio": "a value is 0",
    "unanswered": "more than 1% of a side's operations were not answered",
    "few operations": "a side has too few operations for it",
    "contaminated": "the machine's own speed differed between the sides",
    "unconfirmed": "a second session did not show it",
}


@dataclasses.dataclass(frozen=True)
class Settings:
    margins: dict = dataclasses.field(default_factory=dict)  # --fail-on: {metric: share}
    floor: object = None  # A noise_floor.Floor, or nothing.
    alpha: float = ALPHA

    def margin_of(self, metric):
        """And whether it is gated."""
        if metric in self.margins:
            return self.margins[metric], True
        known = compared_metrics.NOISY[metric]
        return known.margin, known.is_gated


@dataclasses.dataclass(frozen=True)
class Pairing:
    mode: str  # "paired" or "separate"
    pairs: list  # [(run of BASE, run of HEAD)]
    lost: int = 0  # Pairs of which one side is missing.
    note: str = ""


def pair_up(base, head):
    """Pairs of the runs that share a session and a number."""
    by_pair = {run.pair: run for run in base if run.pair}
    others = {run.pair: run for run in head if run.pair}
    pairs = [(by_pair[pair], others[pair]) for pair in sorted(by_pair.keys() & others.keys())]
    if not pairs:
        return Pairing("separate", [])
    if len(by_pair) < len(base) or len(others) < len(head):
        return Pairing("separate", [], note="some runs are not of the session, or one pair twice")
    lost = len(by_pair.keys() ^ others.keys())
    if not _were_tossed(pairs):
        return Pairing("separate", [], lost, "one side was always first: its order was not tossed")
    return Pairing("paired", pairs, lost)


def _were_tossed(pairs):
    first = [
        one.session["position"] < other.session["position"]
        for one, other in pairs
        if "position" in one.session and "position" in other.session
    ]
    return len(first) < TOSSES_TO_SHOW or len(set(first)) == 2


def rows_of(title, base, head, pairing, settings):
    """The rows of a case, as fields of a Row, still to be judged together with all others."""
    metrics = [name for name in compared_metrics.NOISY
               if any(name in run.noisy for run in base + head)]  # fmt: skip
    for metric in metrics:
        margin, is_gated = settings.margin_of(metric)
        row = {"case": title, "metric": metric, "mode": pairing.mode, "verdict": "inconclusive",
               "is_gated": is_gated, "better": compared_metrics.better_of(metric),
               "margin": margin, "note": pairing.note}  # fmt: skip
        before = [run.noisy[metric] for run in base if metric in run.noisy]
        after = [run.noisy[metric] for run in head if metric in run.noisy]
        if not before or not after:
            yield {**row, **_lone(metric, is_new=bool(after))}
            continue
        row |= {"base": statistics.median(before), "head": statistics.median(after)}
        if any(map(math.isnan, before + after)):
            yield {**row, "why": "unanswered", "base": None, "head": None}
        elif min(before + after) <= 0:
            yield {**row, "why": "no ratio"}
        elif pairing.mode == "paired":
            yield {**row, **_paired(metric, pairing)}
        else:
            found = _separate(metric, base, head, settings)
            yield {**row, **found, "note": pairing.note or found.get("note", "")}


def _lone(metric, is_new):
    """Of a metric that one side lacks. A quantile may lack the operations for it."""
    if metric.partition(".")[0] in compared_metrics.KINDS:
        return {"why": "few operations", "mode": ""}
    verdict = "new" if is_new else "missing"
    return {"verdict": verdict, "mode": "", "note": "only one side measured it"}


def _paired(metric, pairing):
    pairs = [(one.noisy[metric], other.noisy[metric]) for one, other in pairing.pairs
             if metric in one.noisy and metric in other.noisy]  # fmt: skip
    lost = pairing.lost + len(pairing.pairs) - len(pairs)
    logs = np.array([_log_ratio(before, after) for before, after in pairs])
    found = {"n": len(logs), "change": math.expm1(intervals.centre(logs).value)}
    if lost > MOST_LOST * (len(pairs) + lost):
        what = "lack a side" if lost == pairing.lost else "lack this figure on a side"
        note = f"{lost} of {len(pairs) + lost} pairs {what}"
        return {**found, "why": "pairs lost", "note": note}
    if len(logs) < PAIRS_LEAST:
        note = f"{PAIRS_LEAST} pairs are the minimum, there are {len(logs)}"
        return {**found, "why": "few pairs", "note": note}
    estimate = intervals.centre(logs)
    found |= {"low": math.expm1(estimate.low), "high": math.expm1(estimate.high),
              "p": intervals.signed_rank_p(logs)}  # fmt: skip
    if np.all(np.isfinite(logs)):
        found["reach"] = functools.partial(_signed_rank_reach, logs)
    return found


def _signed_rank_reach(logs, sign, level):
    """By how much the centre must become worse for the signed-rank test to say so at this level, if
    the values lie about it as they do; infinite if so few can say nothing."""
    values = sign * np.asarray(logs)
    if intervals.signed_rank_cdf(len(values))[0] > level / 2:
        return math.inf
    estimate = intervals.walsh(values, 1 - level)
    return estimate.value - estimate.low


def _log_ratio(before, after):
    """Infinite where one of the two was never answered; no change where neither was."""
    if before == after:
        return 0.0
    if math.inf in (before, after):
        return math.inf if after == math.inf else -math.inf
    return math.log(after / before)


def _separate(metric, base, head, settings):
    sides = [np.log([run.noisy[metric] for run in side if metric in run.noisy])
             for side in (base, head)]  # fmt: skip
    if any(math.isinf(value) for side in sides for value in side):
        return {"n": min(map(len, sides)), "why": "unanswered"}
    change = float(sides[1].mean() - sides[0].mean())
    found = {"n": min(map(len, sides)), "change": math.expm1(change)}
    spread = settings.floor and settings.floor.spread(base[0], metric)
    if not spread:
        note = "record both sides together: scripts/bench_commits"
        return {**found, "why": "separate sessions", "note": note}
    sessions = [len({run.session.get("id", run.path) for run in side}) for side in (base, head)]
    parts = [(spread.deviation**2 * sum(1 / number for number in sessions), spread.sessions - 1)]
    parts += [(float(side.var(ddof=1)) / len(side), len(side) - 1) for side in sides
              if len(side) > 1]  # fmt: skip
    variance = sum(part for part, _ in parts)
    if not variance:
        return {**found, "low": found["change"], "high": found["change"], "p": 1.0}
    freedom = variance**2 / sum(part**2 / each for part, each in parts)  # Satterthwaite 1946.
    half = stats.t.ppf((1 + CONFIDENCE) / 2, freedom) * math.sqrt(variance)
    p = 2 * float(stats.t.sf(abs(change) / math.sqrt(variance), freedom))
    return {**found, "low": math.expm1(change - half), "high": math.expm1(change + half), "p": p,
            "reach": lambda _, level: float(stats.t.isf(level / 2, freedom)) * math.sqrt(variance)}


def judge(rows, settings):
    """Gives each row its verdict; `rows`: all noisy rows of a comparison, one family."""
    tested = [row for row in rows if row.p is not None]
    # So many pairs of which all say the same are beyond chance even as the first of all rows.
    enough = 1 + math.ceil(math.log2(max(1, len(tested)) / settings.alpha))
    for row, p in zip(tested, intervals.holm([row.p for row in tested])):
        row.p = p
        _judge(row, settings.alpha, enough)
        if row.reach:
            row.visible = _visible(row, settings.alpha / len(tested))


def _visible(row, level):
    """The smallest change for the worse, as a share, that gets a verdict where the values lie about
    it as they do about this one: p is adjusted as that of the first of all rows."""
    sign = -1 if row.better == "higher" else 1
    change = max(row.reach(sign, level), math.log1p(row.margin))
    return abs(math.expm1(sign * change))


def explain(rows):
    """Says of each inconclusive row what stood in the way, where nothing does yet."""
    for row in rows:
        if row.why in WHY and not row.note:
            row.note = WHY[row.why]


def _judge(row, alpha, enough):
    sign = -1 if row.better == "higher" else 1
    ends = sorted(sign * _log(end) for end in (row.low, row.high))
    estimate, margin = sign * _log(row.change), math.log1p(row.margin)
    if -margin < ends[0] and ends[1] < margin:
        row.verdict = "same"
        if ends[0] > 0 or ends[1] < 0:
            row.note = "measurable, and below the margin"
    elif row.p <= alpha and ends[0] > 0 and estimate >= margin:
        row.verdict = "regressed"
    elif row.p <= alpha and ends[1] < 0 and estimate <= -margin:
        row.verdict = "improved"
    else:
        row.verdict, row.why = "inconclusive", "margin"
        half = (ends[1] - ends[0]) / 2
        row.note = _advice(row, half, abs(margin - abs(estimate)), enough)


def _log(change):
    """ln(head / base); BASE may have been never answered."""
    return math.log1p(change) if change > -1 else -math.inf


def _advice(row, half, distance, enough):
    """How many pairs would settle it, if the change stays what it seems to be."""
    if row.mode == "separate":
        return f"{WHY['margin']}; more runs do not help: record both sides together"
    if not math.isfinite(half):
        return f"{WHY['margin']}, as some of the runs were not answered in any time"
    needed = math.ceil(row.n * max(1.0, half / distance) ** 2) if distance else math.inf
    if needed > PAIRS_MOST:
        return f"{WHY['margin']}; not separable from it at this noise"
    return f"{WHY['margin']}; about {max(needed, row.n + 1, enough)} pairs would settle it"


def controls_of(title, pairing):
    """[(case, name, logarithms of the canaries' ratios)] of a case that was recorded in pairs."""
    names = {name for pair in pairing.pairs for run in pair for name in run.canaries}
    for name in sorted(names):
        logs = [math.log(other.canaries[name] / one.canaries[name]) for one, other in pairing.pairs
                if name in one.canaries and name in other.canaries]  # fmt: skip
        if len(logs) >= PAIRS_LEAST:
            yield title, name, logs


def moved(controls):
    """The controls that differ between the sides by the margin at least, and not by chance."""
    adjusted = intervals.holm([intervals.signed_rank_p(logs) for _, _, logs in controls])
    return [
        f"{name} of {title}: {math.expm1(intervals.walsh(logs).value):+.1%}"
        for (title, name, logs), p in zip(controls, adjusted)
        if p <= CONTROL_ALPHA and abs(intervals.walsh(logs).value) >= math.log1p(CONTROL_MARGIN)
    ]
