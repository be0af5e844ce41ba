# SPDX-License-Identifier: Apache-2.0
"""The article's grades, and whether they hold.

A grade is judged by what is known and by what is simulated, never by what was measured on a
machine: so a verdict changes with code and assumptions alone. Consistency is judged by the races
that a result names (`known_races`), speed by thresholds that claims.json fixes with their reasons,
in simulated results. Complexity is shown as facts and not judged.

A speed that clears its limits with the margin in every seed holds or is refuted. Where half or
twice of one assumption turns it over, it depends on that (assumptions.py).
"""

import json
import math
import pathlib

from stalemark.common import races
from stalemark.common.due_operations import Due
from stalemark.common.figures import number_of
from stalemark.matrix import warm
from stalemark.matrix.measures import BASELINE

HOLDS = "holds"
REFUTED = "refuted"
DEPENDS = "depends"
UNDECIDED = "undecided"
NOT_TESTED = "not tested"
FACT = "fact"
MARKS = {HOLDS: "✓", REFUTED: "✗", DEPENDS: "~", UNDECIDED: "?", NOT_TESTED: "-", FACT: ""}
CLAIMS = json.loads(pathlib.Path(__file__).with_name("claims.json").read_text())
MARGIN = CLAIMS["margin"]
QUANTITIES = ("mean", "p99")
SEEDS_LEAST = 3  # Of fewer, speed is undecided.
# Which races refute a grade of consistency.
REFUTES = {"Strong": races.of_reads, "Eventual": races.endless, "Eventual (TTL)": races.endless}


def judge(strategy, parts, flips=None):
    """For each aspect that the article grades: {grade, verdict, evidence, because}. `parts`:
    measures.Part of each workload; `flips`: {aspect: [assumptions.Flip]} of this strategy."""
    judged = {}
    for aspect, grade in CLAIMS["grades"].get(strategy, {}).items():
        if aspect == "complexity":
            verdict, evidence, because = FACT, "counted", ""
        elif aspect == "consistency":
            verdict, because = _consistency(grade, parts)
            evidence = "known"
        else:
            verdict, because = _of_workloads(grade, aspect, parts, (flips or {}).get(aspect, []))
            evidence = "simulated"
        judged[aspect] = {"grade": grade, "verdict": verdict, "evidence": evidence}
        if because:
            judged[aspect]["because"] = because
    return judged


def _consistency(grade, parts):
    found = [result.data for part in parts for result in part.results.values()]
    if any("known_races" not in data for data in found):
        return NOT_TESTED, "older results name no known races"
    against = {race["name"]: race for data in found
               for race in REFUTES[grade](data["known_races"], _has_ttl(data))}  # fmt: skip
    if against:
        return REFUTED, "; ".join(
            f"{name}: {race['clients']} clients, {race['steps']} steps ({race['test']})"
            for name, race in against.items()
        )
    return HOLDS, "no race is known that breaks it"


def _has_ttl(data):
    return "ttl_ns" in data["configuration"]["protocol"]


def _of_workloads(grade, aspect, parts, flips):
    found = [(part.title, *_speed(grade, aspect, part)) for part in parts]
    verdicts = {verdict for _, verdict, _ in found}
    if len(verdicts) > 1:
        return DEPENDS, "on the workload: " + "; ".join(
            f"{title} {verdict}" for title, verdict, _ in found
        )
    verdict, because = found[0][1:]
    if len(found) == 1 and flips and verdict != NOT_TESTED:
        return DEPENDS, "turns over with " + ", ".join(map(str, flips))
    return verdict, "; ".join(f"{title}: {why}" if len(found) > 1 else why
                              for title, _, why in found)  # fmt: skip


def _speed(grade, aspect, part):
    results = list(part.results.values())
    if not all(result.is_simulated for result in results):
        return NOT_TESTED, "measured on a machine, and judged by simulation"
    rule = CLAIMS["thresholds"][grade]
    if rule.get("needs") and not all(warm.is_warm(result.data) for result in results):
        return NOT_TESTED, "the cache was still warming up"
    ratios = {name: ratios_of(part, aspect, name) for name in rule["limits"]}
    if not all(ratios.values()):
        if not part.baseline:
            return NOT_TESTED, f"no result of {BASELINE}"
        return NOT_TESTED, f"no {aspect}s to compare"
    if len(results) < SEEDS_LEAST:
        return UNDECIDED, f"{number_of(len(results), 'seed')}, and it takes {SEEDS_LEAST}"
    seen = ", ".join(f"{name} {_span(values)}" for name, values in ratios.items())
    return verdict_of(rule["limits"], ratios), seen


def verdict_of(limits, ratios):
    """By the ratios of every seed: within all limits with the margin, or beyond one of them."""
    if all(_within(limits[name], value, MARGIN) for name in limits for value in ratios[name]):
        return HOLDS
    if any(all(_beyond(limits[name], side, value, MARGIN) for value in ratios[name])
           for name in limits for side in (0, 1)):  # fmt: skip
        return REFUTED
    return UNDECIDED


def _within(limit, value, margin):
    low, high = limit
    return (low is None or value >= low * (1 + margin)) and (
        high is None or value <= high * (1 - margin)
    )


def _beyond(limit, side, value, margin):
    bound = limit[side]
    if bound is None:
        return False
    return value <= bound * (1 - margin) if side == 0 else value >= bound * (1 + margin)


def ratios_of(part, kind, name):
    """Of each seed, to no_cache with the same seed; infinite where too few were answered, 0 where
    only too few of no_cache's. Empty where a seed cannot be compared."""
    found = []
    for repetition, result in sorted(part.results.items()):
        if repetition not in part.baseline:
            return []
        value = _time(result.data, kind, name)
        usual = _time(part.baseline[repetition].data, kind, name)
        if value is None or not usual or math.isinf(usual) and math.isinf(value):
            return []
        found.append(value / usual)
    return found


def _time(data, kind, name):
    due = Due(data, kind)
    if name != "mean":
        return due.quantile(name)
    return due.mean if due.is_comparable else math.inf


def _span(ratios):
    low, high = min(ratios), max(ratios)
    return f"×{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"×{low:.2f} to ×{high:.2f}"
