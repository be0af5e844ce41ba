# SPDX-License-Identifier: Apache-2.0
"""What the report has no picture of, why, and which command would make the results for it."""

import dataclasses

import report_overview

NO_HERD = "the results have no protocol with several shields"


@dataclasses.dataclass(frozen=True)
class Missing:
    title: str
    why: str
    command: str  # Empty: no other results would help.


def lines(overview, workloads):
    """`overview` and `workloads`: the pictures that there are."""
    drawn = {picture["kind"]: picture["found"] for picture in overview}
    by_kind = {
        kind: [picture["found"] for pictures in workloads for picture in pictures
               if picture["kind"] == kind]
        for kind in ("trade_off", "percentiles", "outcomes", "over_time", "herds")
    }  # fmt: skip
    found = []
    if not by_kind["trade_off"]:
        found.append(Missing("Stale age against read p99", "no read of two protocols or more was"
                             " judged stale", "stalemark suite embedded --out DIR"))  # fmt: skip
    if not by_kind["percentiles"]:
        found.append(Missing("Read latency by percentile", "the results hold no histogram of reads",
                             "stalemark suite embedded --out DIR"))  # fmt: skip
    if not by_kind["outcomes"]:
        found.append(Missing("Hit, miss, wait", "no read says where it was answered from",
                             "stalemark suite embedded --out DIR"))  # fmt: skip
    if not any(each["faults"] for each in by_kind["over_time"]):
        found.append(Missing("Over time with faults", "nothing went wrong on purpose",
                             "stalemark suite virtual --out DIR"))  # fmt: skip
    if not by_kind["herds"]:
        found.append(Missing("The herd, shield by shield", NO_HERD,
                             "stalemark suite virtual --out DIR"))  # fmt: skip
    if report_overview.settings_of_exposure(drawn.get("exposure")) < 2:
        found.append(Missing("Writes exposed, setting by setting", "write_behind ran with one"
                             " setting or not at all",
                             "stalemark suite write_behind --out DIR"))  # fmt: skip
    if "heat_map" not in drawn:
        found.append(Missing("Every protocol on every workload", "there is one figure alone",
                             "stalemark suite embedded --out DIR"))  # fmt: skip
    if "predictions" not in drawn:
        found.append(Missing("Predicted and measured", "no predictions.json lies beside them",
                             "scripts/predictions.py --json DIR/predictions.json"))  # fmt: skip
    return found
