# SPDX-License-Identifier: Apache-2.0
"""The decision matrix as Markdown and for the terminal. Both show the same cells, a list of short
lines each; docs/matrix.md says what they mean."""

import re
import textwrap

from stalemark.common.figures import (
    NOT_MEASURED, duration, number_of, out_of, percent, short, times,
)  # fmt: skip
from stalemark.common.markdown import table
from stalemark.matrix import agreement, answer_markdown, claims, complexity, matrix_brief
from stalemark.matrix.measures import BASELINE

COLUMNS = (
    "Protocol",
    "Consistency",
    "Reads, ×no_cache",
    "Writes, ×no_cache",
    "Throughput, store",
    "Complexity",
)
WIDTHS = (13, 23, 25, 25, 18, 11)  # Of the terminal's table; 120 columns with the gaps.
ASPECT_OF_COLUMN = (None, "consistency", "read", "write", None, "complexity")
LEGEND = (
    "The article's grade: ✓ holds, ✗ is refuted, ~ depends on an assumption, ? undecided, - not"
    " tested. Consistency is judged by known races, speed by simulated results alone; complexity"
    " is counted and not judged."
)
METHOD = (
    "known: what exploring schedules of a small program without faults proves or breaks."
    " ×: relative to no_cache in the same session (simulated: with the same seed), repetition by"
    " repetition; geometric mean over the workloads; in brackets the 95% interval over"
    " repetitions, each for itself. rate: operations of a client that does nothing else, the"
    " inverse of the mean latency. Stale reads are definite violations only, so their number is a"
    " lower bound; of several workloads the share is that of the worst, which is named; ages are"
    " those of the worst run. RYW missed: reads that did not see their client's own write. left"
    " wrong: entries unlike the store once everything was drained. exposed: the most acknowledged"
    " writes that a crash could have cost, and the age of the oldest. calls/write: changes sent to"
    " cache and store."
)

OF_ANSWERED = "†"

NOTHING = "Every grade that was tested holds."


def cells(row, notes):
    """The six cells of a row, each a list of lines. Contradictions are added to `notes`, which
    numbers them."""
    columns = [
        [row["protocol"]],
        _consistency(row),
        _operation(row, "read"),
        _operation(row, "write") + _durability(row["durability"]),
        _throughput(row),
        _complexity(row["complexity"]),
    ]
    for aspect, lines in zip(ASPECT_OF_COLUMN, columns):
        claim = row["claims"].get(aspect)
        if claim and notes is not None:
            lines.insert(0, f'"{claim["grade"]}"{_mark(row, aspect, claim, notes)}')
    return columns


def _mark(row, aspect, claim, notes):
    mark = claims.MARKS[claim["verdict"]]
    if claim["verdict"] in (claims.REFUTED, claims.DEPENDS, claims.UNDECIDED):
        notes.append(f'{row["protocol"]}, {aspect} "{claim["grade"]}": {claim["because"]}')
        mark += f"[{len(notes)}]"
    return f" {mark}" if mark else ""


def _consistency(row):
    seen = row["consistency"]
    if "stale_reads" not in seen:
        lines = [f"stale: {NOT_MEASURED}"]
    elif seen["stale_reads"]:
        worst = seen["stale_fraction_worst"]
        where = f" {worst['workload']}" if row["workloads"] > 1 else ""
        lines = [f"stale {percent(worst['fraction'])}{where}"]
    else:
        lines = [f"stale {out_of(0, seen['reads_checked'])}"]
    lines.insert(0, f"known: {row['known']['short']}")
    if "stale_age_max_ns" in seen:
        p99 = f"p99 {duration(seen['stale_age_p99_ns'])}, " if "stale_age_p99_ns" in seen else ""
        lines.append(f"age {p99}max {duration(seen['stale_age_max_ns'])}")
    lines += [
        _count("RYW missed", seen, "read_your_writes_violations", "read_your_writes_eligible"),
        _promise(seen.get("promise")),
        _count("differ at the end", seen, "unlike_store_after_drain", "resident_after_drain"),
    ]
    return lines


def _count(what, seen, part, whole):
    if part not in seen:
        return f"{what}: {NOT_MEASURED}"
    return f"{what} {out_of(seen[part], seen.get(whole))}"


def _promise(promise):
    if promise is None:
        return f"promise: {NOT_MEASURED}"
    tested = promise["kept"] + promise["broken"]
    others = f", {promise['untested']} untested" if promise["untested"] else ""
    if promise["broken"]:
        return f"promise broken {promise['broken']}/{tested}{others}"
    if promise["kept"]:
        return f"promise kept {promise['kept']}/{tested}{others}"
    why = ", ".join(promise.get("untested_because", []))
    return f"promise untested: {why}" if why else "promise untested"


def _operation(row, kind):
    measured = row[kind]
    if not any(f"{name}_ratio" in measured or f"{name}_ns" in measured for name in ("p50", "p99")):
        return [NOT_MEASURED]
    lines = []
    for name in ("p50", "p99", "rate"):
        parts = [duration(measured[f"{name}_ns"])] if f"{name}_ns" in measured else []
        if row["settings"]["strategy"] != BASELINE:
            is_marked = name == "rate" and "rate_of_answered" in measured
            ratio = _marked(measured.get(f"{name}_ratio"), is_marked)
            parts += [ratio] if [ratio] != parts else []  # "never" once.
        if parts:
            lines.append(f"{name} {' '.join(parts)}")
    return lines or ["the baseline"]


def _marked(ratio, is_of_answered):
    return times(ratio) + OF_ANSWERED * (is_of_answered and ratio is not None)


def _durability(durability):
    exposed = durability.get("exposure_writes_max")
    if exposed is None:
        return [f"exposed: {NOT_MEASURED}"]
    age = durability.get("exposure_age_ns_max")
    return [f"exposed {exposed:,}" + (f", {duration(age)}" if exposed and age else "")]


def _throughput(row):
    found, store = row["throughput"], row["store"]
    lines = []
    is_marked = "of_answered" in found
    if "operations_per_second" in found:
        rate = short(found["operations_per_second"], 3)
        lines.append(f"{rate} op/s{OF_ANSWERED * is_marked}")
    if row["settings"]["strategy"] != BASELINE:
        lines.append(_marked(found.get("ratio"), is_marked))
    for name, unit in (("reads_per_operation", "reads/op"), ("writes_per_operation", "writes/op")):
        if name in store:
            lines.append(f"{short(store[name])} {unit}")
    if "calls_per_write" in store:
        lines.append(f"{short(store['calls_per_write'])} calls/write")
    return lines or [NOT_MEASURED]


def _complexity(facts):
    return [f"{fact} {value}" for fact, value in facts.items()] or [NOT_MEASURED]


def markdown(matrix):
    notes = []
    lines = ["# Decision matrix", "", origin(matrix), ""]
    lines += [f"- **{line}**" for line in matrix["caveats"]] + [""] * bool(matrix["caveats"])
    for told in matrix["answers"]:
        lines += [f"## {told['workload']}: the answer", "", *answer_markdown.markdown(told), ""]
    if matrix["here"]:
        lines += ["## Measured here", "", *agreement.markdown(matrix["here"]), ""]
    lines += ["## At a glance", ""] if matrix["answers"] else []
    lines += matrix_brief.markdown(matrix)
    lines += [text for text in unanswered(matrix) for text in ("", text)]
    lines += ["", "## In full", ""]
    lines += _markdown_table([cells(row, notes) for row in matrix["overall"]])
    lines += ["", LEGEND, "", METHOD, ""]
    lines += ["## Why a grade does not hold", ""]
    lines += [f"{number}. {note}" for number, note in enumerate(notes, 1)] or [NOTHING]
    lines += ["", f"Grades: {matrix['claims']['source']}. A grade of speed holds within", ""]
    lines += [f"- *{grade}*: {limits}: {why}." for grade, limits, why in thresholds(matrix)]
    lines += ["", "Complexity is counted in the sources (`scripts/complexity.py --help`):", ""]
    lines += [f"    {line}" for line in counting()]
    for workload in matrix["workloads"]:
        lines += ["", f"## {workload['title']}", ""]
        lines += _markdown_table([cells(row, None) for row in workload["rows"]])
    return "\n".join(lines) + "\n"


def thresholds(matrix):
    """(grade, its limits in words, why these) of each grade of speed."""
    for grade, rule in matrix["claims"]["thresholds"].items():
        limits = [
            f"{name} {' to '.join(f'×{bound:g}' for bound in (low, high) if bound is not None)}"
            f"{' at most' if low is None else ' at least' if high is None else ''}"
            for name, (low, high) in rule["limits"].items()
        ]
        yield grade, ", ".join(limits), rule["why"]


def unanswered(matrix):
    """The note under the table, if there were such operations: how they count, and whose they
    were."""
    told = []
    for row in matrix["overall"]:
        kinds = [(kind, row[kind]) for kind in ("read", "write") if "unanswered" in row[kind]]
        told += [
            f"{row['protocol']} {percent(each['unanswered'] / each['due'])} of {each['due']:,}"
            f" {kind}s"
            for kind, each in kinds
        ]
    if not told and not any("of_answered" in row["throughput"] for row in matrix["overall"]):
        return []
    return [
        "Not answered (failed, of unknown outcome, or due and never sent): "
        + (", ".join(told) or "deletes or read-modify-writes alone")
        + ". They count as slower than all others: \"never\" is a quantile that is one of them, ×0"
        f" where only no_cache's is. {OF_ANSWERED}: of the answered ones alone, which decides"
        " nothing; not comparable where more than 1% were not answered."
    ]


def counting():
    return [line.strip() for line in complexity.__doc__.splitlines() if line.startswith("  ")]


def _markdown_table(rows):
    escaped = [["<br>".join(cell).replace("|", "\\|") for cell in row] for row in rows]
    return table(COLUMNS, escaped)


def origin(matrix):
    context = matrix["context"]
    is_simulated = matrix["workloads"][0]["setting"].get("runtime") == "virtual"
    facts = [number_of(matrix["results"], "simulated result" if is_simulated else "result")]
    facts += [f"session {name}" for name in matrix["sessions"]]
    facts += [f"commit {context['commit'][:12]}"] if "commit" in context else []
    facts += [f"version {context['version']}"] if is_simulated and "version" in context else []
    facts += [f"{name} {context[name]}" for name in ("cpu", "cores", "rocksdb") if name in context]
    fewest, *more = sorted({row["repetitions"] for row in matrix["overall"]})
    span = f"{fewest}-{more[-1]} repetitions" if more else number_of(fewest, "repetition")
    return f"{', '.join(facts)}; {span} of {number_of(len(matrix['workloads']), 'workload')}."


def terminal(matrix, with_workloads=False):
    notes = []
    lines = ["Decision matrix", *textwrap.wrap(origin(matrix), 118)]
    for line in matrix["caveats"]:
        lines += textwrap.wrap(line, 118, initial_indent="! ", subsequent_indent="  ")
    lines += ["", *_terminal_table([cells(row, notes) for row in matrix["overall"]]), ""]
    for number, note in enumerate(notes, 1):
        lines += textwrap.wrap(note, 118, initial_indent=f"[{number}] ", subsequent_indent="    ")
    for text in unanswered(matrix):
        lines += textwrap.wrap(text, 118)
    lines += ["", *textwrap.wrap(LEGEND, 118), *textwrap.wrap(METHOD, 118)]
    for workload in matrix["workloads"] if with_workloads else []:
        lines += ["", workload["title"], ""]
        lines += _terminal_table([cells(row, None) for row in workload["rows"]])
    return "\n".join(line.rstrip() for line in lines)


def _terminal_table(rows):
    rule = " ".join("-" * width for width in WIDTHS)
    lines = [*_wrapped([[title] for title in COLUMNS]), rule]
    for row in rows:
        lines += [*_wrapped(row), rule]
    return lines


def _wrapped(row):
    """The lines of a row. No line ends inside an interval or between a number and its unit."""
    together = re.compile(r"\[[^]]*\]|\d (?:ns|µs|ms|s)\b")
    parts = []
    for cell, width in zip(row, WIDTHS):
        glued = [together.sub(lambda found: found[0].replace(" ", "\0"), line) for line in cell]
        wrap = textwrap.TextWrapper(width, subsequent_indent=" ").wrap
        parts.append([piece.replace("\0", " ") for line in glued for piece in wrap(line)])
    for number in range(max(map(len, parts))):
        shown = [part[number] if number < len(part) else "" for part in parts]
        yield " ".join(f"{text:<{width}}" for text, width in zip(shown, WIDTHS))
