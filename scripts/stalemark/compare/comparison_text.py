# SPDX-License-Identifier: Apache-2.0
"""A comparison for people: the table in the terminal, and Markdown for a pull request."""

import collections
import math

from stalemark.common.figures import NEVER, duration, number_of, short
from stalemark.common.markdown import table

MOST_ROWS = 40
SIGNS = {"missing": "✗", "regressed": "✗", "inconclusive": "?", "changed": "~", "improved": "✓",
         "same": "=", "new": "+"}  # fmt: skip
HEADINGS = ("", "verdict", "case", "metric", "base", "head", "change", "95% interval", "p", "n",
            "note")  # fmt: skip


def verdict_line(comparison):
    """One line that answers."""
    missing = sum(row.verdict == "missing" for row in comparison.failing)
    regressed = len(comparison.failing) - missing
    if regressed:
        more = f", {missing:,} missing" if missing else ""
        return f"REGRESSED: {number_of(regressed, 'figure')}{more}"
    if missing:
        return f"MISSING: {missing:,} of what BASE has"
    if comparison.contaminated:
        return "UNDECIDED: the machine's own speed differed between the sides; measure again"
    left = {"undecided": len(comparison.undecided), "changed": len(comparison.changed)}
    if any(left.values()):
        (how, number), *more = [each for each in left.items() if each[1]]
        told = [f"{number_of(number, 'figure')} {how}"]
        told += [f"{number:,} {how}" for how, number in more]
        return f"NOT SHOWN TO REGRESS, and {', '.join(told)}"
    return "NO REGRESSION"


def facts(comparison, base, head):
    """Lines under the verdict: what was compared, how, and what it could see."""
    yield f"BASE {_side(base)}; HEAD {_side(head)}"
    modes = collections.Counter(case["mode"] for case in comparison.cases)
    if modes["exact"]:
        digits = sum(case["digits"] for case in comparison.cases if case["mode"] == "exact")
        runs = sum(case["seeds"] for case in comparison.cases if case["mode"] == "exact")
        yield f"{number_of(runs, 'simulated run')}: {digits:,} figures compared exactly"
    if modes["paired"]:
        pairs = sorted({case["pairs"] for case in comparison.cases if case["mode"] == "paired"})
        counted = "-".join(map(str, dict.fromkeys((pairs[0], pairs[-1]))))
        lost = sum(case["lost"] for case in comparison.cases)
        told = f"; without a side: {number_of(lost, 'pair')}" if lost else ""
        yield f"{number_of(modes['paired'], 'case')} recorded in pairs, {counted} each{told}"
    if modes["separate"]:
        yield (f"{number_of(modes['separate'], 'case')} of separate sessions: the machine's drift"
               " is in every change")  # fmt: skip
    digits = sum(case["digits"] for case in comparison.cases if case["mode"] != "exact")
    if digits:
        yield f"{digits:,} counts that every run of BASE repeats, compared exactly"
    if visible := comparison.visible():
        told = ", ".join(f"{name} {_percent(change)}" for name, change in visible.items())
        yield f"smallest change for the worse that is found half of the time: {told}"
    count = comparison.count
    if comparison.rows:
        yield ", ".join(f"{number:,} {verdict}" for verdict, number in count.items() if number)
    for moved in comparison.contaminated:
        yield f"control moved: {moved}"
    for doubt in comparison.doubts:
        yield f"note: {doubt}"


def _side(runs):
    named = sorted({f"{run.commit}{' (dirty)' if run.is_dirty else ''}" for run in runs
                    if run.commit})  # fmt: skip
    counted = number_of(len(runs), "run")
    return f"{', '.join(named)} ({counted})" if named else f"has {counted}"


def terminal(comparison, base, head):
    """The verdict, the facts and the rows, worst first."""
    rows, left = _chosen(comparison.rows)
    lines = [verdict_line(comparison), *(f"  {line}" for line in facts(comparison, base, head))]
    if rows:
        table = _without_empty_columns([HEADINGS, *map(_cells, rows)])
        widths = [max(len(line[column]) for line in table) for column in range(len(table[0]) - 1)]
        lines.append("")
        for line in table:
            padded = [cell.ljust(width) for cell, width in zip(line, widths)]
            lines.append("  ".join([*padded, line[-1]]).rstrip())
    if left:
        lines.append(f"... and {number_of(left, 'row')}; all are in --json")
    return "\n".join(lines)


def markdown(comparison, base, head):
    """The same for a pull request."""
    rows, left = _chosen(comparison.rows)
    lines = [f"**{verdict_line(comparison)}**", ""]
    lines += [f"- {_escaped(line)}" for line in facts(comparison, base, head)]
    if rows:
        titles, *cells = _without_empty_columns([HEADINGS, *map(_cells, rows)])
        lines += ["", *table(titles, [map(_escaped, line) for line in cells])]
    if left:
        lines += ["", f"... and {number_of(left, 'row')}."]
    return "\n".join(lines) + "\n"


def _without_empty_columns(table):
    """Exact figures have no interval, say. The last column stays."""
    last = len(HEADINGS) - 1
    kept = [column for column in range(last) if any(line[column] for line in table[1:])]
    return [[line[column] for column in (*kept, -1)] for line in table]


def _escaped(text):
    """Names may hold what Markdown or HTML would take for its own."""
    for mark, instead in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\\", "\\\\"),
                          ("|", "\\|"), ("`", "\\`"), ("*", "\\*"), ("_", "\\_"), ("[", "\\["),
                          ("@", "&#64;"), ("\r", " "), ("\n", " ")):  # fmt: skip
        text = text.replace(mark, instead)
    return text


def _chosen(rows):
    """The first rows, and how many are left. Of equal ones there are no rows but of noisy ones."""
    return rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS)


def _cells(row):
    return (
        SIGNS[row.verdict],
        row.verdict if row.is_gated else f"({row.verdict})",
        row.case,
        row.metric,
        value(row.metric, row.base),
        value(row.metric, row.head),
        "" if row.change is None else _signed(row.change),
        "" if row.low is None else f"{_signed(row.low)} to {_signed(row.high)}",
        "" if row.p is None else f"{row.p:.2g}",
        str(row.n) if row.n and (row.mode != "exact" or row.p is not None) else "",
        row.note,
    )


def value(metric, number):
    """A figure as people read it."""
    if number is None:
        return ""
    if isinstance(number, (dict, list)) or (isinstance(number, str) and len(number) > 20):
        return "..."
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return str(number)
    last = metric.rpartition(".")[2]
    is_time = "_ns" in metric or last in ("mean", "p50", "p99", "cpu_time", "real_time",
                                          "processor_time")  # fmt: skip
    if is_time and "count" not in last:
        return duration(number)
    return f"{number:,}" if isinstance(number, int) else short(number, 4)


def _signed(share):
    if share == math.inf:
        return NEVER
    return f"{100 * share:+.2f}%" if abs(share) < 0.1 else f"{100 * share:+.0f}%"


def _percent(share):
    return "none" if share == math.inf else f"{100 * share:.2g}%"
