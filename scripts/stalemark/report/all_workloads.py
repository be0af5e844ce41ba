# SPDX-License-Identifier: Apache-2.0
"""What the report's pictures of all workloads together show: heat map, exposure, predictions; and
which pictures are missing, with the command that would make the results for them.
"""

import dataclasses
import json
import pathlib

from stalemark.common import command, figures
from stalemark.common.due_operations import NEVER
from stalemark.matrix import measures
from stalemark.report import curves

GRADIENTS = {  # Measures of the heat map: title, unit, whether more is better, and the value.
    "read_p99": ("read p99", "ns", False, lambda found: found["read"].get("p99_ns")),
    "read_p50": ("read p50", "ns", False, lambda found: found["read"].get("p50_ns")),
    "write_p99": ("write p99", "ns", False, lambda found: found["write"].get("p99_ns")),
    "throughput": ("throughput", "operations per second", True,
                   lambda found: _rate(found["throughput"])),
    "store_reads": ("store reads", "per operation", False,
                    lambda found: found["store"].get("reads_per_operation")),
}  # fmt: skip
SETTINGS = {  # What decides how many writes wait.
    "flush_delay_ns": "delay", "flush_batch": "batch", "queue": "queue",
    "when_full": "when full", "coalescing": "coalescing",
}  # fmt: skip
PREDICTIONS = "predictions.json"


def names_of(groups):
    """Of the workloads, short enough for a picture: where one name stands for several settings, the
    settings are numbered."""
    names = [group.setting["workload"]["name"] for group in groups]
    return [
        f"{names[: place + 1].count(name)}: {name}" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    ]


def heat_map(groups, numbers):
    """A figure of every protocol on every workload, None for a time that took for ever; the page
    colours it by the workload's best."""
    cells = {name: [] for name in GRADIENTS}
    for place, group in enumerate(groups):
        for label, number in numbers.items():
            if label not in group.rows:
                continue
            part = measures.Part(group.title, group.rows[label], {})
            found = measures.figures_of([part])
            for name, (_, _, _, value_of) in GRADIENTS.items():
                if value := value_of(found):
                    told = None if value == NEVER else float(f"{value:.4g}")
                    cells[name].append([place, number, told])
    kept = {name: found for name, found in cells.items() if len(found) > 1}
    if not kept:
        return None
    kinds = {
        name: {"title": title, "unit": unit, "more": more}
        for name, (title, unit, more, _) in GRADIENTS.items()
        if name in kept
    }
    return {"workloads": names_of(groups), "kinds": kinds, "cells": kept}


def _rate(throughput):
    """Unless so many failed that it is not comparable."""
    return throughput.get("operations_per_second") if throughput["is_comparable"] else None


def exposure(groups, numbers):
    """Acknowledged writes in danger, of every protocol that had any, by workload and setting. Of
    the settings those are told that differ."""
    found = []
    for place, group in enumerate(groups):
        for label, number in numbers.items():
            results = group.rows.get(label, {})
            values = [_exposed(each, "exposure_writes_max") for each in results.values()]
            if not any(values):
                continue
            ages = [_exposed(each, "exposure_age_ns_max") or 0 for each in results.values()]
            row = {"p": number, "most": max(filter(None, values)), "age": max(ages)}
            curves.add_range(row, "most", values)
            protocol = next(iter(results.values())).protocol
            found.append((place, [protocol.get(name, 0) for name in SETTINGS], number, row))
    if not found:
        return None
    found.sort(key=lambda each: (
        each[0], [(isinstance(value, str), value) for value in each[1]], each[2]
    ))  # fmt: skip
    differing = {name for place, name in enumerate(SETTINGS)
                 if len({settings[place] for _, settings, _, _ in found}) > 1}  # fmt: skip
    names = names_of(groups)
    for place, settings, _, row in found:
        told = [f"{SETTINGS[name]} {_value(name, value)}"
                for name, value in zip(SETTINGS, settings) if name in differing]  # fmt: skip
        row |= {"workload": names[place], "setting": ", ".join(told)}
    return {"rows": [row for _, _, _, row in found], "workloads": len({at for at, *_ in found})}


def _exposed(result, name):
    return result.data.get("durability", {}).get(name)


def _value(name, value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return figures.duration(value) if name.endswith("_ns") else f"{value:,}"


def settings_of_exposure(found):
    return len({row["setting"] for row in found["rows"]}) if found else 0


def predictions(paths):
    """What scripts/predictions.py left beside the results: measured over predicted, by family."""
    for path in map(pathlib.Path, paths):
        file = (path if path.is_dir() else path.parent) / PREDICTIONS
        if not file.is_file():
            continue
        try:
            told = json.loads(file.read_text())
            rows = [{name: form[name] for name in ("family", "name", "formula", "predicted",
                                                   "mean", "low", "high", "inside", "command")}
                    for form in told["forms"]]  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise command.Refusal(
                f"{file}: not the predictions that scripts/predictions.py --json writes: {error!r}"
            ) from None
        return {"rows": rows, "seeds": told["seeds"]} if rows else None
    return None


def pictures(groups, numbers, told):
    """(kind, title, caption, what it shows or None) of each."""
    yield (
        "heat_map",
        "Every protocol on every workload",
        "Relative to the best protocol of the workload, on a log scale: the best is palest, twice"
        " as bad is a step darker.",
        heat_map(groups, numbers),
    )
    yield (
        "exposure",
        "Acknowledged writes that a crash would cost",
        "The most that were in danger at one moment, by workload and write-behind setting;"
        " protocols that never had one in danger are left out. Whiskers: least and most of the"
        " repetitions.",
        exposure(groups, numbers),
    )
    yield (
        "predictions",
        "Predicted and measured",
        "What was measured in virtual time over what mathematics predicts for it, with the 99%"
        " interval of the mean over the seeds. These are runs of scripts/predictions.py, apart from"
        " the results above.",
        told,
    )


NO_HERD = "the results have no protocol with several shields"


@dataclasses.dataclass(frozen=True)
class Missing:
    title: str
    why: str
    command: str  # Empty: no other results would help.


def missing(overview, workloads):
    """What has no picture, and why. `overview` and `workloads`: the pictures that there are."""
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
    if settings_of_exposure(drawn.get("exposure")) < 2:
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
