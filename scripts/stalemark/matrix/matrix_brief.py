# SPDX-License-Identifier: Apache-2.0
"""The decision matrix at a glance: one line a protocol, of what decides first."""

from stalemark.common.figures import NOT_MEASURED, out_of, percent, short, times_of
from stalemark.common.markdown import table
from stalemark.matrix import claims
from stalemark.matrix.measures import BASELINE

COLUMNS = (
    "Protocol",
    "The article says",
    "Known",
    "Stale reads",
    "Own writes missed",
    "Differ at the end",
    "Read p50",
    "Write p50",
    "Store reads",
    "Unpersisted (max)",
    "Lines",
)
LEGEND = (
    "Known: what exploring schedules of a small program without faults proves or breaks. Stale"
    " reads: older than a write that had been acknowledged before they began, in the worst"
    " workload. Own writes missed: by reads that should have seen their own client's write. Differ"
    " at the end: cached entries unlike the store after everything was drained. p50: ×no_cache."
    " Store reads: per operation. Unpersisted (max): acknowledged writes that were not stored, at"
    " the worst moment. Lines: of the strategy. ✓ holds, ✗ refuted, ~ depends, ? undecided, - not"
    " tested."
)


def markdown(matrix):
    return [*table(COLUMNS, map(cells, matrix["overall"])), "", LEGEND]


def cells(row):
    seen, is_baseline = row["consistency"], row["settings"]["strategy"] == BASELINE
    return (
        row["protocol"],
        "the baseline" if is_baseline else _claims(row["claims"]),
        row["known"]["short"],
        _stale(seen),
        _out_of(seen, "read_your_writes_violations", "read_your_writes_eligible"),
        _out_of(seen, "unlike_store_after_drain", "resident_after_drain"),
        "1" if is_baseline else _times(row["read"]),
        "1" if is_baseline else _times(row["write"]),
        _number(row["store"].get("reads_per_operation")),
        _whole(row["durability"].get("exposure_writes_max")),
        _whole(row["complexity"].get("lines")),
    )


def _claims(found):
    graded = [f"{claim['grade']} {claims.MARKS[claim['verdict']]}".strip()
              for claim in found.values()]  # fmt: skip
    return ", ".join(graded) or "-"


def _stale(seen):
    if "stale_reads" not in seen:
        return NOT_MEASURED
    if not seen["stale_reads"]:
        return f"**0** of {seen['reads_checked']:,}"
    return percent(seen["stale_fraction_worst"]["fraction"])


def _out_of(seen, part, whole):
    if part not in seen:
        return NOT_MEASURED
    return "0" if not seen[part] else out_of(seen[part], seen.get(whole))


def _times(measured):
    ratio = measured.get("p50_ratio")
    return times_of(ratio.value) if ratio else NOT_MEASURED


def _number(value):
    return NOT_MEASURED if value is None else short(value)


def _whole(value):
    return NOT_MEASURED if value is None else f"{value:,}"
