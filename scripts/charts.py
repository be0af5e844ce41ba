# SPDX-License-Identifier: Apache-2.0
"""The main pictures as files, for READMEs and pull requests, each from the results of one workload.

A function takes {label: {repetition: Result}}, the labels' styles and a theme, and answers a figure
or None where the results hold nothing to draw. Its docstring is the caption.
"""

import math

from matplotlib import ticker

import figures
import histograms
import measures
import report_charts
from chart_style import GREY, canvas, label_durations, label_values, legend, log_ticks
from due_operations import Due

MOST = 12  # Protocols in one picture: more cannot be told apart.
OUTCOMES = {  # Colour of the bar, colour of the text in it.
    "hit": ("#0072B2", "white"),
    "stale_hit": ("#E69F00", "#222222"),
    "wait": ("#56B4E9", "#222222"),
    "miss": ("#D55E00", "white"),
    "bypass": (GREY, "white"),
}
PERCENTILES = {  # At 1 / (1 - share).
    1: "0",
    2: "50%",
    10: "90%",
    100: "99%",
    1_000: "99.9%",
    10_000: "99.99%",
    100_000: "99.999%",
}


def percentiles(rows, styles, theme):
    """Read latency by percentile of all reads that were due, all repetitions together; lines end
    where ten reads are left, or those that were never answered. In an open loop since due."""
    curves, title = {}, "read latency"
    for label, results in rows.items():
        texts, is_since_due = histograms.of_reads(results.values())
        title = "read latency, since due" if is_since_due else title
        unanswered = sum(Due(each.data, "read").unanswered for each in results.values())
        points = histograms.curve(histograms.merged(texts), unanswered)
        if points:
            curves[label] = points
    if not curves:
        return None
    drawn, grid = canvas(theme, 4.2)
    axes = grid[0][0]
    for label, points in curves.items():
        style = styles[label]
        x, y = [1 / (1 - share) for share, _ in points], [ns for _, ns in points]
        axes.plot(x, y, color=style.colour, linestyle=style.stroke, linewidth=1.8, label=label)
    axes.set(xscale="log", yscale="log", xlabel="percentile of reads", ylabel=title)
    axes.set_xlim(left=1)
    axes.set_xticks([at for at in PERCENTILES if at <= axes.get_xlim()[1]])
    axes.xaxis.set_minor_locator(ticker.NullLocator())
    label_values(axes.xaxis, lambda at: PERCENTILES.get(round(at), ""))
    label_durations(axes.yaxis)
    legend(drawn, axes, theme)
    return drawn


def throughput(rows, styles, theme):
    """Successful operations per second relative to no_cache, with the 95% interval over
    repetitions."""
    found = {}
    for label, results in rows.items():
        part = measures.Part("", results, rows.get(measures.BASELINE, {}))
        estimate = measures.figures_of([part])["throughput"].get("ratio")
        if estimate and math.isfinite(estimate.value) and label != measures.BASELINE:
            found[label] = estimate
    if not found:
        return None
    drawn, grid = canvas(theme, 0.9 + 0.36 * len(found))
    axes = grid[0][0]
    for place, (label, each) in enumerate(found.items()):
        style = styles[label]
        if each.low is not None:
            axes.plot([each.low, each.high], [place, place], color=style.colour, linewidth=2)
        axes.plot([each.value], [place], color=style.colour, marker=style.marker, markersize=7)
    axes.axvline(1, color=theme.ink, linewidth=1)
    axes.set_yticks(range(len(found)), list(found))
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_xlabel("operations per second, × no_cache")
    low, high = axes.get_xlim()
    if low <= 0 or high > 10 * low:
        axes.set_xscale("log")
        log_ticks(axes.xaxis, *axes.get_xlim())
    label_values(axes.xaxis, lambda at: f"×{at:g}")
    return drawn


def trade_off(rows, styles, theme):
    """Stale reads and the age of the stalest against the read p99: down and to the left is better.
    Hollow: none were seen."""
    spots = {}
    for label, results in rows.items():
        found = measures.figures_of([measures.Part("", results, {})])
        p99 = found["read"].get("p99_ns", math.inf)  # None, or never: no place in the picture.
        if p99 < math.inf and "stale_fraction" in found["consistency"]:
            spots[label] = (found["read"]["p99_ns"], found["consistency"])
    if not spots:
        return None
    drawn, grid = canvas(theme, 5.0, rows=2, sharex=True)
    shares, ages = grid[:, 0]
    _scatter(shares, spots, styles, "stale_fraction", figures.percent)
    _scatter(ages, spots, styles, "stale_age_max_ns", figures.duration)
    shares.set_ylabel("stale reads")
    ages.set(ylabel="age of the stalest", xlabel="read p99", xscale="log")
    log_ticks(ages.xaxis, *ages.get_xlim())
    label_durations(ages.xaxis)
    legend(drawn, shares, theme)
    return drawn


def _scatter(axes, spots, styles, name, write):
    """On a log scale, with the zeros on a line of their own below."""
    positive = [seen[name] for _, seen in spots.values() if seen.get(name)]
    zero = min(positive) / 10 if positive else 0.1
    axes.set_yscale("log")
    axes.set_ylim(zero / 2, max(positive, default=1) * 3)
    for label, (p99, seen) in spots.items():
        style, value = styles[label], seen.get(name)
        if value is None and seen["stale_reads"]:
            continue  # There are some, but none of a key whose ages are sampled.
        (point,) = axes.plot([p99], [value or zero], linestyle="none", label=label, clip_on=False)
        point.set(color=style.colour, marker=style.marker, markersize=9, markeredgewidth=1.5)
        point.set_markerfacecolor(style.colour if value else "none")
    axes.yaxis.set_major_locator(ticker.LogLocator(numticks=6))
    axes.yaxis.set_minor_locator(ticker.NullLocator())
    label_values(axes.yaxis, lambda at: write(at) if at > 2 * zero else "")
    text = axes.text(-0.01, zero, "0", transform=axes.get_yaxis_transform())
    text.set(ha="right", va="center", color=axes.yaxis.label.get_color())


def outcomes(rows, _styles, theme):
    """Where reads were answered from."""
    shares = {}
    for label, results in rows.items():
        counts = dict.fromkeys(OUTCOMES, 0)
        for each in results.values():
            read = each.data["operations"].get("read", {})
            for name, outcome in read.get("by_outcome", {}).items():
                counts[name] += outcome["count"]
        if total := sum(counts.values()):
            shares[label] = {name: count / total for name, count in counts.items()}
    if not shares:
        return None
    drawn, grid = canvas(theme, 1.2 + 0.36 * len(shares))
    axes = grid[0][0]
    ends = [0.0] * len(shares)
    for name, (colour, ink) in OUTCOMES.items():
        widths = [share[name] for share in shares.values()]
        if not any(widths):
            continue
        axes.barh(
            range(len(shares)), widths, 0.7, ends, color=colour, label=name.replace("_", " ")
        )
        for place, (start, width) in enumerate(zip(ends, widths)):
            if width > 0.1:
                text = axes.text(start + width / 2, place, f"{width:.0%}", color=ink, fontsize=9)
                text.set(ha="center", va="center")
        ends = [start + width for start, width in zip(ends, widths)]
    axes.set_yticks(range(len(shares)), list(shares))
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.set(xlim=(0, 1), xlabel="share of reads")
    axes.xaxis.set_major_formatter(ticker.PercentFormatter(1))
    legend(drawn, axes, theme)
    return drawn


def timeline(rows, styles, theme):
    """The first repetition as it went."""
    lines = {}
    for label, results in rows.items():
        points = report_charts.whole_intervals(results[min(results)].data)
        if len(points) > 1:
            lines[label] = points
    if not lines:
        return None
    known = {name for points in lines.values() for each in points for name in each}
    p99 = "response_p99_ns" if "response_p99_ns" in known else "p99_ns"  # Open loop, or closed.
    names = [name for name in ("operations", p99) if name in known]
    if not names:
        return None
    drawn, grid = canvas(
        theme, 0.8 + 0.75 * len(lines), len(lines), len(names), sharex=True, sharey="col"
    )
    for (label, points), row in zip(lines.items(), grid):
        for name, axes in zip(names, row):
            _line(axes, points, name, styles[label].colour)
        row[0].set_title(label, fontsize=9, loc="left", pad=2, color=theme.ink)
    for name, axes in zip(names, grid[0]):
        what = {
            "operations": "operations answered per second",
            "p99_ns": "p99 of the operations",
            "response_p99_ns": "response p99 of the operations, since due",
        }[name]
        axes.set_title(what, fontsize=9, loc="right", pad=2, color=theme.ink)
        if name == "operations":
            label_values(axes.yaxis, lambda rate: f"{rate:,.0f}")
            axes.set_ylim(bottom=0)
        else:
            axes.set_yscale("log")
            log_ticks(axes.yaxis, *axes.get_ylim())
            label_durations(axes.yaxis)
    for axes in grid[-1]:
        axes.set_xlabel("time [s]")
    return drawn


def _line(axes, points, name, colour):
    interval = points[1]["at_ns"] - points[0]["at_ns"]
    scale = 1e9 / interval if name == "operations" else 1
    x = [each["at_ns"] / 1e9 for each in points]
    y = [_value(each, name) * scale for each in points]
    axes.plot(x, y, color=colour, linewidth=1.3)


def _value(point, name):
    failed = point.get("unanswered", 0) if name == "operations" else 0
    return point.get(name, math.nan) - failed


CHARTS = (percentiles, throughput, trade_off, outcomes, timeline)
