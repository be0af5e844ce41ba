# SPDX-License-Identifier: Apache-2.0
"""The report's matrix: its columns, and rows of cells, each with its claim and its evidence.

The evidence of a cell is what the figure consists of: by workload, and repetition by repetition.
"""

from collections.abc import Callable
import dataclasses
import math

from stalemark.common.figures import (
    NOT_COMPARABLE, NOT_MEASURED, duration, number_of, out_of, percent, short, times,
)  # fmt: skip
from stalemark.matrix import claims, matrix, measures
from stalemark.matrix.matrix_text import OF_ANSWERED
from stalemark.matrix.measures import BASELINE


@dataclasses.dataclass(frozen=True)
class Shown:
    """`value` is what sorting goes by, None where nothing was measured; `details` are lines."""

    text: str
    details: tuple = ()
    value: float | None = None


MISSING = Shown(NOT_MEASURED)


@dataclasses.dataclass(frozen=True)
class Column:
    name: str  # In the page's anchors.
    title: str
    meaning: str
    show: Callable[[dict], Shown]
    aspect: str | None = None  # Of the article's grades, which stands in this column.
    is_more_better: bool = False


def stale(row):
    seen = row["consistency"]
    if "stale_reads" not in seen:
        return MISSING
    if not seen["stale_reads"]:
        return Shown("0", (f"of {seen['reads_checked']:,}",), 0)
    worst = seen["stale_fraction_worst"]
    where = (worst["workload"],) if row["workloads"] > 1 else ()
    return Shown(percent(worst["fraction"]), where, worst["fraction"])


def oldest(row):
    seen = row["consistency"]
    if "read_age_max_ns" in seen:
        age = seen["read_age_max_ns"]
        p99 = seen.get("stale_age_p99_ns")
        return Shown(duration(age), (f"p99 {duration(p99)}",) if p99 is not None else (), age)
    return Shown("none", (), 0) if seen.get("stale_reads") == 0 else MISSING


def counted(part, whole):
    def show(row):
        seen = row["consistency"]
        if part not in seen:
            return MISSING
        of = (out_of(0, seen[whole])[2:],) if whole in seen else ()
        return Shown(f"{seen[part]:,}", of, seen[part])

    return show


def promise(row):
    told = row["consistency"].get("promise")
    if told is None:
        return MISSING
    tested, untested = told["kept"] + told["broken"], told["untested"]
    if not tested:
        return Shown("untested", tuple(told.get("untested_because", [])), 1.5)
    verdict = "broken" if told["broken"] else "kept"
    seen = f"in {told[verdict]} of {number_of(tested, 'run')}"
    details = (f"{seen} that tested it", f"{untested} did not test it") if untested else (seen,)
    value = 2 + told["broken"] / tested if told["broken"] else untested / (tested + untested)
    return Shown(verdict, details, value)


def relative(operation, quantile):
    """Beside the time itself, where there is one workload alone."""

    def show(row):
        measured = row[operation]
        absolute = measured.get(f"{quantile}_ns")
        details = () if absolute is None else (duration(absolute),)
        if row["settings"]["strategy"] == BASELINE and measured:
            return Shown("×1", details, 1)
        ratio = measured.get(f"{quantile}_ratio")
        if ratio is None:
            return Shown(details[0], (), absolute) if details else MISSING
        return _ratio(ratio, details)

    return show


def throughput(row):
    """Marked where it is of the answered alone."""
    shown = _throughput(row)
    if "of_answered" not in row["throughput"]:
        return shown
    return dataclasses.replace(shown, text=f"{shown.text}{OF_ANSWERED}")


def _throughput(row):
    measured = row["throughput"]
    rate = measured.get("operations_per_second")
    details = () if rate is None else (f"{short(rate, 3)} op/s",)
    if row["settings"]["strategy"] == BASELINE:
        return Shown("×1", details, 1)
    ratio = measured.get("ratio")
    if ratio is None:
        return Shown(details[0], (), rate) if details else MISSING
    return _ratio(ratio, details)


def _ratio(ratio, details):
    if math.isnan(ratio.value):
        return Shown(NOT_COMPARABLE, details)
    text, _, interval = times(ratio).partition(" ")
    details = tuple(each for each in details if each != text)  # "never" once.
    return Shown(text, ((interval,) if interval else ()) + details, ratio.value)


def store(name):
    def show(row):
        value = row["store"].get(name)
        return MISSING if value is None else Shown(short(value), (), value)

    return show


def exposed(row):
    most = row["durability"].get("exposure_writes_max")
    if most is None:
        return MISSING
    age = row["durability"].get("exposure_age_ns_max")
    return Shown(f"{most:,}", (duration(age),) if most and age else (), most)


def complexity(row):
    facts = row["complexity"]
    if not facts:
        return MISSING
    counted = {fact: number_of(n, fact.removesuffix("s")) for fact, n in facts.items() if n}
    lines = counted.pop("lines")
    others = counted.values()
    return Shown(lines, (", ".join(others),) if others else (), facts["lines"])


COLUMNS = (
    Column("stale", "Stale reads", "reads older than a write acknowledged before they began:"
           " definite violations, so a lower bound; of several workloads the worst", stale,
           "consistency"),
    Column("age", "Oldest read", "how far out of date the worst read was, those included that are "
           "stale by design; below it the p99 of the stale ones", oldest),
    Column("own", "Own writes missed", "reads that did not see their own client's write",
           counted("read_your_writes_violations", "read_your_writes_eligible")),
    Column("wrong", "Differ at the end", "cached entries unlike the store once all was drained",
           counted("unlike_store_after_drain", "resident_after_drain")),
    Column("promise", "Promise", "whether runs kept what the protocol declares", promise),
    Column("read-p50", "Read p50", "median read, ×no_cache", relative("read", "p50"), "read"),
    Column("read-p99", "Read p99", "99% of the reads took no longer, ×no_cache",
           relative("read", "p99")),
    Column("write-p50", "Write p50", "median write, ×no_cache", relative("write", "p50"), "write"),
    Column("write-p99", "Write p99", "99% of the writes took no longer, ×no_cache",
           relative("write", "p99")),
    Column("throughput", "Throughput", "successful operations per second, ×no_cache", throughput,
           is_more_better=True),
    Column("store-reads", "Store reads", "rows read from the store per successful operation",
           store("reads_per_operation")),
    Column("store-writes", "Store writes", "rows changed in the store per successful operation",
           store("writes_per_operation")),
    Column("exposed", "Writes exposed", "the most acknowledged writes that a crash could have"
           " cost at one moment, and the age of the oldest", exposed),
    Column("complexity", "Complexity", "counted in the sources", complexity, "complexity"),
)  # fmt: skip


SHORT = {"Promise", "Complexity"}  # Columns whose evidence is no figure of a repetition.


@dataclasses.dataclass(frozen=True)
class Claim:
    grade: str
    mark: str  # As claims.MARKS.
    verdict: str
    note: int | None  # The number of the note that says why it is refuted or depends.


@dataclasses.dataclass(frozen=True)
class Cell:
    shown: Shown
    anchor: str
    claim: Claim | None

    @property
    def key(self):
        """What a click on the column sorts by; empty where nothing was measured."""
        if self.shown.value is None:
            return ""
        value = float(self.shown.value)
        return "Infinity" if value == math.inf else repr(value)  # As the page's scripts read it.


@dataclasses.dataclass(frozen=True)
class Row:
    number: int  # Of the protocol, as the page's data has it.
    label: str
    workloads: int
    cells: list


@dataclasses.dataclass(frozen=True)
class Evidence:
    """One protocol's. `rows`: (column, anchor or None, workload, Shown, figures by repetition)."""

    number: int
    label: str
    rows: list
    commands: list


def rows_of(found, numbers, notes=None):
    """Of rows as matrix.json has them, in the page's order; what contradicts a grade is appended to
    `notes`: ((aspect, grade, why), labels)."""
    ordered = sorted(found, key=lambda row: numbers[row["protocol"]])
    return [_row(row, numbers[row["protocol"]], notes) for row in ordered]


def _row(row, number, notes):
    cells = [
        Cell(column.show(row), anchor(number, column), _claim(row, column, notes))
        for column in COLUMNS
    ]
    return Row(number, row["protocol"], row["workloads"], cells)


def anchor(number, column):
    return f"p{number}-{column.name}"


def _claim(row, column, notes):
    told = row["claims"].get(column.aspect)
    if told is None or notes is None:
        return None
    note = None
    if told["verdict"] in (claims.REFUTED, claims.DEPENDS):
        note = _noted(notes, (column.aspect, told["grade"], told["because"]), row["protocol"])
    return Claim(told["grade"], claims.MARKS[told["verdict"]], told["verdict"], note)


def _noted(notes, reason, label):
    """The number of the note: what contradicts several protocols alike is told once."""
    for number, (known, labels) in enumerate(notes, 1):
        if known == reason:
            labels.append(label)
            return number
    notes.append((reason, [label]))
    return len(notes)


def evidence(groups, built, numbers):
    """Of every protocol in the page's order."""
    by_label = {label: [] for label in sorted(numbers, key=numbers.get)}
    for group, workload in zip(groups, built["workloads"]):
        for row in workload["rows"]:
            by_label[row["protocol"]].append((group, row))
    return [_of_protocol(numbers[label], label, parts) for label, parts in by_label.items()]


def _of_protocol(number, label, parts):
    repeated = [list(_by_repetition(group, label, row)) for group, row in parts]
    rows = []
    for column in COLUMNS:
        name = anchor(number, column)
        for (group, row), once in zip(parts, repeated):
            shown = column.show(row)
            values = [column.show(each).text for each in once]
            is_telling = len(values) > 1 and column.title not in SHORT and shown != MISSING
            rows.append((column, name, group.title, shown, values if is_telling else []))
            name = None
    commands = [results[min(results)].data["command"]
                for results in (group.rows[label] for group, _ in parts)]  # fmt: skip
    return Evidence(number, label, rows, commands)


def _by_repetition(group, label, row):
    part = matrix.part_of(group, label)
    for repetition, result in sorted(part.results.items()):
        baseline = part.baseline
        same = {repetition: baseline[repetition]} if repetition in baseline else {}
        alone = measures.Part(part.title, {repetition: result}, same)
        yield {**row, **measures.figures_of([alone])}
