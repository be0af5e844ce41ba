# SPDX-License-Identifier: Apache-2.0
"""What each protocol declares, what exploring schedules says of it and what its runs showed, side
by side: in a row per protocol, and class by class."""

import dataclasses

from stalemark.common.figures import NOT_MEASURED, number_of, out_of
from stalemark.guarantees import wording
from stalemark.guarantees.statement import CLASSES, TITLES, WHEN

MEASURED = {  # Of a row's consistency: the count, and of how many.
    "permanent": ("unlike_store_after_drain", "resident_after_drain"),
    "permanent_after_ttl": ("unlike_store_after_ttl", "resident_after_ttl"),
    "read_your_writes": ("read_your_writes_violations", "read_your_writes_eligible"),
    "monotonic_reads": ("monotonic_reads_violations", "monotonic_reads_eligible"),
    "linearizability": ("linearizability_anomalies", None),
    "store_older": ("store_lost_after_drain", None),
}
BROKEN = "broken"


@dataclasses.dataclass(frozen=True)
class Class:
    """Of anomalies, under the columns of the page."""

    title: str
    declared: str
    known: str
    witness: str
    measured: str
    is_broken: bool


@dataclasses.dataclass(frozen=True)
class Row:
    number: int
    label: str
    declared: str
    known: str
    broken_promise: str  # By which schedule; "" if none breaks it.
    measured: str
    link: str
    classes: list


def rows_of(overall, numbers):
    """Of rows as matrix.json has them, in the page's order."""
    ordered = sorted(overall, key=lambda row: numbers[row["protocol"]])
    return [_row(row, numbers[row["protocol"]]) for row in ordered]


def _row(row, number):
    known = row["known"]
    explored = known["explored"]
    return Row(
        number, row["protocol"], "; ".join(known["declared"]) or "not recorded", known["short"],
        known["broken_promise"] or "", _measured_in_short(row["consistency"]),
        explored["link"] if explored else "",
        [_class(name, row, explored) for name in CLASSES] if explored else [],
    )  # fmt: skip


def _measured_in_short(seen):
    if "stale_reads" not in seen:
        return NOT_MEASURED
    text = f"{out_of(seen['stale_reads'], seen.get('reads_checked'))} reads stale"
    promise = seen.get("promise")
    if not promise:
        return text
    tested = promise["kept"] + promise["broken"]
    if not tested:
        return f"{text}; promise untested"
    verdict = "broken" if promise["broken"] else "kept"
    return f"{text}; promise {verdict} in {promise[verdict]} of {number_of(tested, 'run')}"


def _class(name, row, explored):
    verdict = explored["without_faults"][name]
    failures = [f"{WHEN[fault]} in {number_of(found[name]['steps'], 'step')}"
                for fault, found in explored["with_faults"].items() if name in found]  # fmt: skip
    return Class(
        TITLES[name], _declared(name, row), "; ".join([verdict["text"], *failures]),
        verdict.get("witness", ""), _measured(name, row["consistency"]),
        verdict["verdict"] == BROKEN,
    )  # fmt: skip


def _declared(name, row):
    """Whether the promise of its runs excludes the class."""
    declared = row["known"]["declared"]
    has_ttl = "ttl_ns" in row["settings"]
    excludes = [name in wording.excluded(promise, has_ttl) for promise in declared]
    return "excluded" if excludes and all(excludes) else "allowed"


def _measured(name, seen):
    part, whole = MEASURED.get(name, (None, None))
    return out_of(seen[part], seen.get(whole)) if part in seen else NOT_MEASURED


LEAD = (
    "Declared: what the catalogue of strategies promises. Known: what schedules of the program {}"
    " on one key prove or break, without faults unless it is said. Measured: what these runs"
    " showed, which is a lower bound: a rare race need not occur in a run."
)


def lead(overall):
    programs = {row["known"]["explored"]["program"] for row in overall if row["known"]["explored"]}
    if not programs:
        return wording.NOT_EXPLORED_HERE
    return LEAD.format(", ".join(sorted(programs)))
