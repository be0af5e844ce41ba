# SPDX-License-Identifier: Apache-2.0
"""What docs/comparison_power.md tells, from the lines that comparison_power.py wrote."""

import collections
import itertools
import statistics

import page_parts
from scipy import stats
from stalemark.common import command, files, markdown
from stalemark.common.command import Refusal
from stalemark.common.figures import number_of

PAGE = command.REPOSITORY / "docs/comparison_power.md"
HIT = ("hit/cache_aside/real_time", "cpu_time")
NAMES = {"aa": "nothing", "5%": "the hit path, 5% slower", "10%": "the hit path, 10% slower",
         "chatty": "one store read more for a thousand hits",
         "crowd": "the same, among many clients"}  # fmt: skip


def alarms(lines):
    """Of comparisons of a build with itself, those that said that anything had changed."""
    return sum(bool(changed(line)) for line in lines)


def changed(line):
    return [row for row in line["rows"] if row[2] in ("regressed", "improved", "missing")]


def found(kind, lines):
    """Of comparisons with a planted change, those that said so."""
    if kind == "aa":
        return alarms(lines)
    if kind == "crowd":
        return sum(line["count"]["regressed"] + line["count"].get("changed", 0) > 0
                   for line in lines)  # fmt: skip
    wanted = HIT if kind != "chatty" else (None, "store.reads")
    return sum(
        any(row[2] == "regressed" and row[1] == wanted[1] and wanted[0] in (None, row[0])
            for row in line["rows"])
        for line in lines
    )  # fmt: skip


def share(part, whole):
    """With its exact 95% interval (Clopper, Pearson 1934)."""
    interval = stats.binomtest(part, whole).proportion_ci(0.95)
    return f"{100 * part / whole:.1f}% [{100 * interval.low:.1f}%, {100 * interval.high:.1f}%]"


def parts(lines, data_name):
    """{name of a part of the page: its text}"""
    by_kind = collections.defaultdict(list)
    for line in lines:
        by_kind[line["kind"]].append(line)
    absent = [kind for kind in NAMES if not by_kind[kind]]
    if absent:
        raise Refusal(f"no comparisons of {', '.join(absent)} yet; run without --page first")
    return {"the answer": _answer(by_kind), "the command": _command(by_kind, data_name),
            "the table": _table(by_kind), "the slowdowns": _slowdowns(by_kind),
            "the sessions": _sessions(by_kind["aa"])}  # fmt: skip


def _answer(by_kind):
    options = by_kind["options"][0]
    false, *others = (f"{found(kind, by_kind[kind])} of {len(by_kind[kind])}" for kind in NAMES)
    longest = max(line["seconds"] for kind in NAMES for line in by_kind[kind])
    sizes = {line["name"]: f"{line['name']} slower (measured: {line['change']:.1%})"
             for line in by_kind["truth"]}  # fmt: skip
    return (
        f"**Of comparisons of a build with itself, {false} said that anything had changed. A hit"
        f" path that is {sizes['5%']} was found in {others[0]}, one that is {sizes['10%']} in"
        f" {others[1]}, and one store read more for a thousand hits in {others[2]}.** Each took"
        f" {longest:.0f} seconds at most, on {number_of(options['cores'], 'core')} of"
        f" {options['cpu']}, commit {options['commit']}."
    )


def _command(by_kind, data_name):
    """What measures the part that is complete."""
    numbers = {"aa": _in_full(by_kind["aa"]),
               "slower": min(_in_full(by_kind[name]) for name in ("5%", "10%")),
               "chatty": _in_full(by_kind["chatty"]),
               "truth": by_kind["truth"][0]["pairs"],
               **{name: by_kind["options"][0][name] for name in ("pairs", "seconds")}}  # fmt: skip
    words = [f"--{name} {number}" for name, number in numbers.items()]
    return (f"```console\n$ scripts/studies/comparison_power.py --data results/{data_name}"
            f" {' '.join(words)}\n```")  # fmt: skip


def _in_full(lines):
    """How many trials, counted from the first, all are there."""
    trials = {line["trial"] for line in lines}
    return next(number for number in itertools.count() if number not in trials)


def _table(by_kind):
    head = ("planted", "comparisons", "found", "share", "pairs, median (most)", "seconds, median")
    rows = []
    for kind, name in NAMES.items():
        members = by_kind[kind]
        part = found(kind, members)
        each = [line["pairs"] for line in members]
        pairs = f"{statistics.median(each):.0f} ({max(each)})" if any(each) else "exact"
        seconds = statistics.median(line["seconds"] for line in members)
        rows.append((name, len(members), part, share(part, len(members)), pairs, f"{seconds:.1f}"))
    return "\n".join(markdown.table(head, rows, figures=range(1, 6)))


def _slowdowns(by_kind):
    """How large they were before the comparisons, and what these, one with another, said."""
    head = ("planted", "additions", "a hit took longer by", "pairs",
            "in the comparisons: median (least to most)", "largest p")  # fmt: skip
    rows = []
    for line in by_kind["truth"]:
        said = [row for each in by_kind[line["name"]] for row in each["rows"]
                if tuple(row[:2]) == HIT]  # fmt: skip
        changes = [row[3] for row in said]
        rows.append((
            line["name"], line["steps"],
            f"{line['change']:.1%} [{line['low']:.1%}, {line['high']:.1%}]", line["pairs"],
            f"{statistics.median(changes):.1%} ({min(changes):.1%} to {max(changes):.1%})",
            f"{max(row[6] for row in said):.0e}",
        ))  # fmt: skip
    return "\n".join(markdown.table(head, rows, figures=range(1, 6)))


def _sessions(lines):
    visible = collections.defaultdict(list)
    for line in lines:
        for metric, change in line["visible"].items():
            visible[metric].append(change)
    rows = [(metric, f"{100 * statistics.median(each):.2g}%")
            for metric, each in sorted(visible.items())]  # fmt: skip
    table = markdown.table(("metric", "half of the 95% interval, median"), rows, figures=(1,))
    spoiled = sum(bool(line["contaminated"]) for line in lines)
    undecided = [line["count"]["inconclusive"] for line in lines]
    figures = max(sum(line["count"].values()) for line in lines)
    return "\n".join([
        *table, "",
        f"Of the {figures} figures of a comparison of a build with itself"
        f" {statistics.median(undecided):.0f} were inconclusive (median; {min(undecided)} to"
        f" {max(undecided)}). Left undecided as a whole because the machine's own speed differed"
        f" between the sides: {spoiled} of {len(lines)} comparisons.",
    ])  # fmt: skip


def text(page, lines, data_name):
    for name, part in parts(lines, data_name).items():
        page = page_parts.with_part(page, name, "comparison_power.py", part, PAGE)
    return page


def write(lines, data):
    files.write(PAGE, text(PAGE.read_text(), lines, data.name))
    print(PAGE)
    return 0
