# SPDX-License-Identifier: Apache-2.0
"""What the report's pictures of one workload show, as the page's data has it.

Each function takes a Group and {label: number} of its protocols in the order of drawing, and
answers an object for the page's scripts, where protocols are numbers, or None where the results
hold nothing to draw. A range [low, high] is the least and the most of the repetitions; it is absent
where fewer than two have the figure. `..._of` is there where some lack it: [how many have it, how
many there are].
"""

import math

from stalemark.common import histograms, results
from stalemark.common.due_operations import NEVER, Due
from stalemark.matrix import measures

OUTCOMES = ("hit", "stale_hit", "wait", "miss", "bypass")
STOPS = {2: "50%", 10: "90%", 100: "99%", 1_000: "99.9%", 10_000: "99.99%", 100_000: "99.999%"}
POINTS = 100  # Of a curve, about: as many as can be told apart.
RATES = {  # Counts of an interval that are drawn as rates.
    "answered": "operations answered",
    "store_reads": "store reads",
    "stale_reads": "stale reads",
}
SHIELD_SETTINGS = {"shield", "lock_timeout_ns", "beta", "grace_ns", "stale_if_error_ns",
                   "error_throttle_ns", "reloads"}  # fmt: skip
TIMES = {"response_p99_ns": "response p99", "p99_ns": "p99"}


def trade_off(group, numbers):
    """How far out of date the worst read was, against the read p99. Nothing to trade where no read
    was stale."""
    points, unknown, never = [], [], []
    for label, number in numbers.items():
        all_of_it = _figures(group.rows[label].values())
        point = _point(number, all_of_it)
        if point is None or point["p99"] == NEVER:
            (unknown if point is None else never).append(number)
            continue
        alone = [_figures([each]) for each in group.rows[label].values()]
        p99s = [each["read"].get("p99_ns") for each in alone]
        add_range(point, "p99", [None if p99 == NEVER else p99 for p99 in p99s])
        add_range(point, "age", [_age(each["consistency"]) for each in alone])
        points.append(point)
    if len(points) < 2 or not any(point["age"] for point in points):
        return None
    for point in points:
        point["front"] = not any(_beats(other, point) for other in points)
    return {"points": points, "unknown": unknown, "never": never}


def _figures(results):
    return measures.figures_of([measures.Part("", dict(enumerate(results)), {})])


def _point(number, found):
    """Nothing where ages are needed and nobody measured them."""
    seen, p99 = found["consistency"], found["read"].get("p99_ns")
    age = _age(seen)
    if p99 is None or age is None:
        return None
    return {"p": number, "p99": p99, "age": age, "stale": seen.get("stale_fraction")}


def _age(seen):
    """Of the most outdated read; 0 where none was stale, and None where nobody knows."""
    return seen.get("read_age_max_ns", 0 if seen.get("stale_reads") == 0 else None)


def _beats(one, other):
    """At least as good in both, and better in one."""
    mine, others = (one["p99"], one["age"]), (other["p99"], other["age"])
    return mine != others and all(a <= b for a, b in zip(mine, others))


def percentiles(group, numbers):
    """Read latency by percentile of all reads that were due, all repetitions together, until fewer
    than ten reads are left, or those that were never answered. In an open loop response times: with
    the wait for a free client."""
    lines, titles = [], set()
    for label, number in numbers.items():
        texts, is_since_due = histograms.of_reads(group.rows[label].values())
        due = [Due(each.data, "read") for each in group.rows[label].values()]
        unanswered = sum(each.unanswered for each in due)
        points = histograms.curve(histograms.merged(texts), unanswered)
        if not points:
            continue
        alone = [histograms.curve(histograms.merged([text]), each.unanswered)
                 for text, each in zip(texts, due)]  # fmt: skip
        stops = [_stop(at, points, alone) for at in STOPS if reaches(points, at)]
        curve = [[1 / (1 - share), ns] for share, ns in points]
        count = sum(each.count for each in due)
        never = [at for at in STOPS if at * unanswered > count]
        lines.append({"p": number, "curve": _thinned(curve), "stops": stops, "never": never})
        titles.add("read response time" if is_since_due else "read latency")
    if not lines:
        return None
    title = "; ".join(sorted(titles))
    return {"lines": lines, "title": title, "names": {str(at): name for at, name in STOPS.items()}}


def reaches(points, at):
    return 1 / (1 - points[-1][0]) >= at


def _stop(at, points, alone):
    stop = {"at": at, "ns": _quantile(points, at)}
    add_range(stop, "ns", [_quantile(each, at) if each and reaches(each, at) else None
                           for each in alone])  # fmt: skip
    return stop


def _quantile(points, at):
    """The least duration that this share of all do not exceed."""
    return next(ns for share, ns in points if 1 / (1 - share) >= at * (1 - 1e-12))


def _thinned(curve):
    """The first and the last point, and between them those that are far enough from the last kept
    one to be told apart from it."""
    width, height = (_span([point[axis] for point in curve]) for axis in (0, 1))
    kept = curve[:1]
    for point in curve[1:-1]:
        apart = [_span([kept[-1][axis], point[axis]]) for axis in (0, 1)]
        if apart[0] * POINTS > width or apart[1] * POINTS > height:
            kept.append(point)
    return [[float(f"{x:.5g}"), ns] for x, ns in kept + curve[1:][-1:]]


def _span(values):
    """On a log axis."""
    least, most = min(values), max(values)
    return math.log(most / least)


def outcomes(group, numbers):
    """Where reads were answered from."""
    bars = []
    for label, number in numbers.items():
        alone = [found for each in group.rows[label].values() if (found := _counts(each.data))]
        if not alone:
            continue
        together = {name: sum(each[name] for each in alone) for name in OUTCOMES}
        bar = {"p": number, "shares": _shares(together)}
        add_range(bar, "hit", [_shares(each)["hit"] for each in alone])
        bars.append(bar)
    shown = [name for name in OUTCOMES if any(bar["shares"][name] for bar in bars)]
    return {"bars": bars, "outcomes": shown} if bars else None


def _counts(data):
    told = data["operations"].get("read", {}).get("by_outcome", {})
    counts = {name: told.get(name, {}).get("count", 0) for name in OUTCOMES}
    return counts if sum(counts.values()) else None


def _shares(counts):
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()}


def over_time(group, numbers):
    """The first repetition as it went, and what went wrong meanwhile."""
    lines = list(_timelines(group, numbers))
    if not lines:
        return None
    known = {name for _, points, _ in lines for each in points for name in each}
    latency = next((name for name in TIMES if name in known), None)
    panels = [
        {"p": number, "at": _middles(points), "answered": _rates(points, "answered"),
         "store_reads": _rates(points, "store_reads"), "stale_reads": _rates(points, "stale_reads"),
         "latency": [each.get(latency) for each in points]}
        for number, points, _ in lines
    ]  # fmt: skip
    kinds = {
        name: f"{title} per second" for name, title in RATES.items()
        if any(value for panel in panels for value in panel[name])
    }  # fmt: skip
    if latency:
        kinds["latency"] = f"{TIMES[latency]} of the operations"
    return {"panels": panels, "kinds": kinds, "faults": _faults(lines)} if kinds else None


def herds(group, numbers):
    """The most reads of one key under way at once, for protocols that differ in their shield."""
    families = {}
    for number, points, result in _timelines(group, numbers):
        protocol = result.protocol
        rest = results.canonical(
            {name: value for name, value in protocol.items() if name not in SHIELD_SETTINGS}
        )
        if any(each.get("concurrent_reads_max") for each in points):
            families.setdefault(rest, {})[protocol.get("shield", "none")] = (number, points, result)
    shown = [line for family in families.values() if len(family) > 1 for line in family.values()]
    if not shown:
        return None
    panels = [
        {"p": number, "at": _middles(points),
         "herd": [each.get("concurrent_reads_max") for each in points]}
        for number, points, _ in shown
    ]  # fmt: skip
    return {"panels": panels, "kinds": {"herd": "most reads of one key under way at once"},
            "faults": _faults(shown)}  # fmt: skip


def _timelines(group, numbers):
    for label, number in numbers.items():
        repetitions = group.rows[label]
        first = repetitions[min(repetitions)]
        points = whole_intervals(first.data)
        if len(points) > 1:
            yield number, points, first


def whole_intervals(data):
    """The end of a run cuts its last interval short: what happened in it would look like less."""
    points = data.get("timeline", [])
    if len(points) < 3:
        return points
    interval = points[1]["at_ns"] - points[0]["at_ns"]
    is_cut_short = data["elapsed_ns"] - points[-1]["at_ns"] < 0.99 * interval
    return points[:-1] if is_cut_short else points


def _middles(points):
    """Of the intervals, in seconds."""
    half = (points[1]["at_ns"] - points[0]["at_ns"]) / 2
    return [_rounded((each["at_ns"] + half) / 1e9) for each in points]


def _rates(points, name):
    """Per second; absent where the timeline does not count it."""
    seconds = (points[1]["at_ns"] - points[0]["at_ns"]) / 1e9
    counts = [
        each.get("operations", 0) - each.get("unanswered", 0) if name == "answered"
        else each.get(name)
        for each in points
    ]  # fmt: skip
    return [None if count is None else _rounded(count / seconds) for count in counts]


def _faults(lines):
    """[[from, to, name]] in seconds, each once, of those that the shown runs had."""
    found = {
        (fault["from_ns"] / 1e9, fault["to_ns"] / 1e9, fault["name"])
        for _, _, result in lines
        for fault in result.data.get("faults", [])
        if "from_ns" in fault and "to_ns" in fault
    }
    return sorted(map(list, found))


def add_range(point, name, values):
    """Of the repetitions' values; None of one that lacks the figure."""
    known = [value for value in values if value is not None]
    if len(known) > 1:
        point[f"{name}_range"] = [min(known), max(known)]
    if len(known) < len(values):
        point[f"{name}_of"] = [len(known), len(values)]


def _rounded(value):
    return float(f"{value:.4g}")
