# SPDX-License-Identifier: Apache-2.0
"""What a reader must know before trusting a group's figures, a sentence each.

Of runs whose figures are not those of a warm cache or of the system, any script that reads results
says so: conditions() tells it of one, sentences() of many.
"""

import collections
import dataclasses
import re

from stalemark.common import intervals
from stalemark.common.figures import number_of, percent, short
from stalemark.matrix import warm
from stalemark.matrix.measures import BASELINE

STEAL_MAX = 0.05
CANARY_MAX = 1.2
BASELINE_MAX = 1.5
NAMES_MOST = 4  # Of protocols or cases in a sentence; of more, how many.
COLD = "the cache was not known to be warm when the measured part began"
UNWARMED = "there was no warm-up, so that the cache began empty"
SATURATED = "the figures describe the generator, whose clients could not keep up with the rate"


def conditions(data):
    """Those of this run's result. Schema 1 does not tell them."""
    found = []
    warmup = data.get("warmup", {})
    if warmup and _strategy_of(data) != BASELINE:
        is_cold = warmup.get("stable") is False and not warm.is_warm(data)
        if warmup["ended_because"] == "limit" or is_cold:
            found.append(COLD)
        elif warmup["ended_because"] == "none" and _is_asked(data["command"], "warmup"):
            found.append(UNWARMED)
    if data.get("schedule", {}).get("saturated"):
        found.append(SATURATED)
    return found


def _is_asked(command, option):
    """On the command line of the run; else the workload begins so on purpose."""
    return re.search(rf"--{option}\b|--set[ =]{option}\b", command) is not None


def sentences(runs):
    """One for each condition, of (name, conditions) of runs: "...: cache_aside (2 of 8 runs)"."""
    totals = collections.Counter(name for name, _ in runs)
    for condition in (COLD, UNWARMED, SATURATED):
        counts = collections.Counter(name for name, found in runs if condition in found)
        if counts:
            told = [name if count == totals[name] else f"{name} ({count} of {totals[name]} runs)"
                    for name, count in counts.items()]  # fmt: skip
            if counts == totals and len(told) > 1:
                told = ["all runs"]
            elif len(told) > NAMES_MOST:
                told[NAMES_MOST - 1 :] = [f"{len(told) - NAMES_MOST + 1} others"]
            yield f"{condition}: {', '.join(told[:-1]) + ' and ' * (len(told) > 1)}{told[-1]}"


def of_runs(group):
    """Of the runs of a group, by protocol."""
    runs = [(label, conditions(result.data)) for label, row in group.rows.items()
            for result in row.values()]  # fmt: skip
    return [f"{group.title}: {line}" for line in sentences(runs)]


def of_group(group):
    results = [result.data for row in group.rows.values() for result in row.values()]
    found = [*_build(results), *_baseline(results), *_values(results), *_machine(results)]
    found += _repetitions(group)
    return [f"{group.title}: {line}" for line in found] + of_runs(group)


def _build(results):
    context = results[0]["context"]
    if context.get("build_type") == "Debug" or "-fsanitize" in context.get("flags", ""):
        yield "built for finding bugs, not for speed: its times say nothing"
    if context.get("dirty"):
        yield "built from sources with uncommitted changes: nobody can repeat it exactly"


def _baseline(results):
    baseline = [each for each in results if _strategy_of(each) == BASELINE]
    if not baseline:
        yield f"no result of {BASELINE}, so there is nothing to relate times to"
    stale = sum(each.get("consistency", {}).get("stale_reads", 0) for each in baseline)
    if stale:
        yield f"{BASELINE} scores {stale} stale reads where there can be none: trust no figure here"


def _strategy_of(data):
    return data["configuration"]["protocol"]["strategy"]


def _values(results):
    corrupt = sum(each.get("consistency", {}).get("values_corrupt", 0) for each in results)
    phantoms = sum(each.get("consistency", {}).get("phantom_reads", 0) for each in results)
    failed = sum(kind.get("failed", 0) for each in results for kind in each["operations"].values())
    unknown = sum(each.get("unknown", 0) for run in results for each in run["operations"].values())
    dropped = sum(each.get("schedule", {}).get("dropped", 0) for each in results)
    if corrupt:
        yield f"{corrupt:,} values came back corrupt"
    if phantoms:
        yield f"{phantoms:,} reads saw a write that was refused or an absence that never was"
    if failed:
        yield f"{failed:,} operations failed"
    if unknown:
        yield f"{unknown:,} operations ended without an answer, and may have been done or not"
    if dropped:
        yield f"{dropped:,} operations were due but never sent"


@dataclasses.dataclass(frozen=True)
class Machine:
    """What was seen of it while a group was measured. None: not recorded."""

    steal: float | None  # The largest share of a run's processor time that went to others.
    canary: float | None  # The slowest round of the CPU canary, relative to the fastest.
    baseline: float | None  # The fastest repetition of no_cache, relative to the slowest.

    @property
    def is_recorded(self):
        return (self.steal, self.canary) != (None, None)

    @property
    def has_others(self):
        return (self.steal or 0) > STEAL_MAX

    @property
    def has_changed(self):
        return (self.canary or 1) > CANARY_MAX

    @property
    def is_uneven(self):
        return (self.baseline or 1) > BASELINE_MAX

    @property
    def is_steady(self):
        return not (self.has_others or self.has_changed or self.is_uneven)


def machine_of(results):
    steals = [value for each in results if (value := _session(each, "steal_fraction")) is not None]
    canaries = [value for each in results if (value := _session(each, "canary_cpu_ns"))]
    baseline = [each for each in results if _strategy_of(each) == BASELINE]
    speeds = [speed for each in baseline if (speed := each.get("operations_per_second"))]
    return Machine(max(steals, default=None), _spread(canaries), _spread(speeds))


def _spread(values):
    return max(values) / min(values) if len(values) > 1 else None


def _machine(results):
    machine = machine_of(results)
    if machine.has_others:
        yield f"up to {percent(machine.steal)} of a run's processor time went to others"
    if machine.has_changed:
        change = percent(machine.canary - 1)
        yield f"the machine's speed changed by {change} during the session (CPU canary)"
    if machine.is_uneven:
        factor = short(machine.baseline)
        yield f"{BASELINE} was ×{factor} as fast in one repetition as in another: a busy machine"


def _session(result, name):
    return result.get("session", {}).get(name)


def _repetitions(group):
    least = min(len(row) for row in group.rows.values())
    if least < intervals.PAIRS_FOR_STUDENT:
        need = intervals.PAIRS_FOR_STUDENT
        few = number_of(least, "repetition")
        yield f"no intervals from {few} ({need} would do)"
