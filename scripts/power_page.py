"""docs/comparison_power.md, from the lines that comparison_power.py wrote."""

import collections
import statistics

import command
import matrix
from command import Refusal
from scipy import stats

PAGE = command.REPOSITORY / "docs/comparison_power.md"
HIT = ("hit/cache_aside/real_time", "cpu_time")
NAMES = {"aa": "nothing", "5%": "the hit path, 5% slower", "10%": "the hit path, 10% slower",
         "chatty": "one store read more for a thousand hits"}  # fmt: skip


def alarms(lines):
    """Of comparisons of a build with itself, those that said that anything had changed."""
    return sum(bool(changed(line)) for line in lines)


def changed(line):
    return [row for row in line["rows"] if row[2] in ("regressed", "improved", "missing")]


def found(kind, lines):
    """Of comparisons with a planted change, those that said so."""
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


def command_line(by_kind, data_name):
    """What measured this."""
    numbers = {"aa": len(by_kind["aa"]), "slower": len(by_kind["10%"]),
               "chatty": len(by_kind["chatty"]),
               **{name: by_kind["options"][0][name] for name in ("pairs", "seconds")}}  # fmt: skip
    words = [f"--{name} {number}" for name, number in numbers.items()]
    return f"scripts/comparison_power.py --data results/{data_name} {' '.join(words)}"


def text(lines, data_name):
    by_kind = collections.defaultdict(list)
    for line in lines:
        by_kind[line["kind"]].append(line)
    absent = [kind for kind in NAMES if not by_kind[kind]]
    if absent:
        raise Refusal(f"no comparisons of {', '.join(absent)} yet; run without --page first")
    table = ["| planted | comparisons | found | share | pairs | time each, at most |",
             "|---|--:|--:|--:|--:|--:|"]  # fmt: skip
    for kind, name in NAMES.items():
        members = by_kind[kind]
        part = alarms(members) if kind == "aa" else found(kind, members)
        pairs = max(line["pairs"] for line in members)
        longest = max(line["seconds"] for line in members)
        table.append(f"| {name} | {len(members)} | {part} | {share(part, len(members))} |"
                     f" {pairs if kind != 'chatty' else 'exact'} | {longest:.0f} s |")  # fmt: skip
    truths = [
        f"- {line['name']}: {line['change']:+.1%} [{line['low']:+.1%}, {line['high']:+.1%}],"
        f" {line['pairs']} pairs"
        for line in by_kind["truth"]
    ]
    return "\n".join([
        "# How well the comparison sees", "",
        "Whether [`scripts/bench_commits`](comparison.md) finds what is there, and cries wolf"
        " where nothing is. Written by `scripts/comparison_power.py --page` from what", "",
        "```console", f"$ {command_line(by_kind, data_name)}", "```", "",
        "had measured: of HEAD with itself, and with changes of known size planted into it.", "",
        *table, "",
        "*Found* of nothing: comparisons in which any figure at all was called improved,"
        " regressed or missing. The intervals are exact 95% ones of the share.", "",
        "What the slowdowns really are, by the processor time of a hit in a measurement of their"
        " own, after they were chosen:", "",
        *truths, "",
        _visible(by_kind["aa"]), "",
    ])  # fmt: skip


def _visible(lines):
    halves = collections.defaultdict(list)
    for line in lines:
        for metric, half in line["visible"].items():
            halves[metric].append(half)
    told = ", ".join(f"{metric} {100 * statistics.median(each):.2g}%"
                     for metric, each in sorted(halves.items()))  # fmt: skip
    spoiled = sum(bool(line["contaminated"]) for line in lines)
    return (f"The smallest change that one comparison could tell from none (median): {told}."
            f" Left undecided as the machine's own speed differed between the sides: {spoiled}"
            f" of {len(lines)}.")  # fmt: skip


def write(lines, data):
    page = text(lines, data.name)
    matrix.write(PAGE, page)
    print(PAGE)
    return 0
