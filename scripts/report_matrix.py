# SPDX-License-Identifier: Apache-2.0
"""The report's matrix: rows of cells, each with its claim and a link to its evidence.

The evidence of a cell is what the figure consists of: by workload, and repetition by repetition.
"""

import dataclasses
import math

import claims
import matrix
import measures
from report_columns import COLUMNS, MISSING, Shown

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
