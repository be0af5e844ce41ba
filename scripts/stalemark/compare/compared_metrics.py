# SPDX-License-Identifier: Apache-2.0
"""What a comparison looks at: the figures of one run, and which way is better.

Noisy metrics are one number a run that another run of the same build would not repeat. Exact
figures are those that it would: all of a simulated run, and the counts of a real one by a single
client with a fixed number of operations and nothing that depends on time.

An operation that was not answered is slower than any other (due_operations.py), in either.
"""

import dataclasses
import difflib
import fnmatch
import math

from stalemark.common import due_operations, histograms
from stalemark.common.differences import flatten
from stalemark.common.due_operations import NEVER, Due
from stalemark.matrix import measures

OPERATIONS_PER_QUANTILE = 100  # Beyond it, at least: fewer make a quantile of a run a lottery.


@dataclasses.dataclass(frozen=True)
class Metric:
    better: str  # "lower", "higher" or "none"
    margin: float  # Smallest change, as a share, that counts.
    is_gated: bool = True  # Whether its regression fails the comparison.
    unit: str = ""


LATENCIES = {
    # A mean is what preemption makes it: one of 100 ms weighs as much as a million hits.
    "mean": (0.05, False, 1),
    "p50": (0.05, True, 2 * OPERATIONS_PER_QUANTILE),
    "p99": (0.10, True, 100 * OPERATIONS_PER_QUANTILE),
}
KINDS = ("read", "write", "delete", "read_modify_write")
NOISY = {
    "operations_per_second": Metric("higher", 0.05, unit="1/s"),
    "processor_time": Metric("lower", 0.05, unit="ns"),
    **{
        f"{kind}.{name}": Metric("lower", margin, is_gated, "ns")
        for kind in KINDS
        for name, (margin, is_gated, _) in LATENCIES.items()
    },
    "resident_bytes_max": Metric("lower", 0.02, unit="bytes"),
    "cpu_time": Metric("lower", 0.025, unit="ns"),
    "real_time": Metric("lower", 0.05, False, "ns"),
}

# Which way an exact figure is better, by the first pattern that its name fits. What fits none
# can change, and be neither better nor worse.
BETTER = (
    ("operations.*.failed_latency_ns.*", "none"),
    ("operations.*.unknown_latency_ns.*", "none"),
    ("*_ns.min", "none"),
    ("*_ns.count", "none"),
    ("*_ns.sum", "none"),
    ("*_ns.*", "lower"),
    ("operations_per_second", "higher"),
    ("*.failed", "lower"),
    ("operations.*.unknown", "lower"),
    ("operations.*_fraction", "lower"),
    ("operations.*.by_outcome.hit.count", "higher"),
    ("operations.*.by_outcome.miss.count", "lower"),
    ("schedule.completed", "higher"),
    ("schedule.dropped", "lower"),
    ("schedule.saturated", "lower"),
    ("warmup.stable", "higher"),
    ("cache.hit_ratio", "higher"),
    ("cache.hits", "higher"),
    ("cache.misses", "lower"),
    ("store.reads", "lower"),
    ("store.redundant_reads", "lower"),
    ("store.concurrent_reads_max", "lower"),
    ("store.loads_per_herd", "lower"),
    ("shield.timed_out", "lower"),
    ("shield.failures_shared", "lower"),
    ("shield.leaders_lost", "lower"),
    ("shield.revalidations_failed", "lower"),
    ("events.abandoned", "lower"),
    ("events.unrecoverable", "lower"),
    ("events.harm.harmed", "lower"),
    ("events.harm.stale_reads", "lower"),
    ("consistency.visible_within.*", "higher"),
    ("consistency.divergence.*.resident", "none"),
    ("consistency.divergence.*", "lower"),
    ("consistency.stale_*", "lower"),
    ("consistency.version_lag_max", "lower"),
    ("consistency.*_violations", "lower"),
    ("consistency.phantom_reads", "lower"),
    ("consistency.values_corrupt", "lower"),
    ("consistency.linearizability_anomalies", "lower"),
    ("durability.exposure_*", "lower"),
    ("durability.writes_behind.blocked_ns", "lower"),
    ("durability.writes_behind.dropped", "lower"),
    ("durability.writes_behind.rejected", "lower"),
    ("durability.writes_behind.retried", "lower"),
    ("promise.verdict", "higher"),
)
RANKS = {"broken": 0, "untested": 1, "kept": 2}  # Of promise.verdict.
ABOUT_THE_RUN = (
    "schema", "complete", "command", "seed", "started_at", "context", "session", "configuration",
    "workload_digest", "merged",
)  # fmt: skip
# Sections of a real run that hold counts which the clock does not enter.
COUNTED = ("operations", "cache", "store", "shield", "consistency")
TIMED = ("*_ns*", "store.write_amplification", "store.bytes_written", "consistency.ages_sampled",
         "consistency.session_coverage")  # fmt: skip
IN_BACKGROUND = ("write_behind", "refresh_ahead")  # Strategies whose clients are not alone.


def better_of(name):
    """Of a noisy metric or an exact figure."""
    if name in NOISY:
        return NOISY[name].better
    return next((way for pattern, way in BETTER if fnmatch.fnmatchcase(name, pattern)), "none")


def noisy_of(data):
    """{metric: value} of a real result; what it did not measure is absent. A quantile may be
    infinite; an average is NaN where too many operations failed for it."""
    found = {}
    if "schedule" not in data:  # In an open loop the rate is what was asked for.
        is_comparable = due_operations.is_rate_comparable(data)
        rate = due_operations.per_second(data)
        found["operations_per_second"] = rate if is_comparable or rate is None else math.nan
    used = data.get("resources", {})
    answered = due_operations.answered(data)
    if answered and "cpu_user_ns" in used and "cpu_system_ns" in used:
        found["processor_time"] = (used["cpu_user_ns"] + used["cpu_system_ns"]) / answered
    found["resident_bytes_max"] = used.get("resident_bytes_max")
    for kind in KINDS:
        due = Due(data, kind)
        for name, (_, _, least) in LATENCIES.items():
            if due.count >= least:
                value = measures.latency(data, kind, name)
                is_known = name != "mean" or due.is_comparable
                found[f"{kind}.{name}"] = value if is_known else math.nan
    return {name: value for name, value in found.items() if value is not None}


def exact_of(data):
    """{figure: value} of a simulated result: all that it says but how it was asked."""
    operations = {
        kind: {**operation, **_times_of_all(data, kind)}
        for kind, operation in data["operations"].items()
    }
    told = {**data, "operations": operations}
    if "operations_per_second" in data:
        told["operations_per_second"] = due_operations.per_second(data)
    return {
        name: value
        for name, value in flatten(told).items()
        if name.partition(".")[0] not in ABOUT_THE_RUN
    }


def _times_of_all(data, kind):
    """Sets of quantiles of all that were due, where some were not answered."""
    operation = data["operations"][kind]
    if not Due(data, kind).unanswered:
        return {}
    found = {}
    for name in ("latency_ns", "response_ns"):
        if name in operation:
            others = {key: value for key, value in operation.items() if key != "response_ns"}
            section = operation if name == "response_ns" else others
            due = Due({**data, "operations": {kind: section}}, kind)
            slow = {each: due.quantile(each) for each in histograms.QUANTILES
                    if each in operation[name]}  # fmt: skip
            slowest = {each: NEVER for each in ("mean", "max") if each in operation[name]}
            found[name] = {**operation[name], **slow, **slowest}
    return found


def counts_of(data):
    """{figure: value} of what a real run may repeat to the digit; empty if the clock decides it."""
    if not _is_steady(data):
        return {}
    found = flatten({name: data[name] for name in COUNTED if name in data})
    return {name: value for name, value in found.items() if not _is_timed(name)}


def _is_timed(name):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in TIMED)


def _is_steady(data):
    """One client, a number of operations, and nothing that the clock decides."""
    asked = data["configuration"]
    workload = asked["workload"]
    return (
        asked.get("clients", 0) == 1
        and asked.get("nodes", 1) == 1
        and "schedule" not in data
        and "operations" in workload
        and workload.get("warmup") in ("0", "0s", "0ns")
        and "ttl_ns" not in asked["protocol"]
        and not asked.get("faults")
    )


def has_one_schedule(data):
    """Whether nothing but its operations decides what a simulated run does: one client, and nobody
    and no clock beside it. Then a count changes for no other reason than the program."""
    protocol = data["configuration"]["protocol"]
    return (
        _is_steady(data)
        and protocol["strategy"] not in IN_BACKGROUND
        and protocol.get("invalidate") != "event"
    )


def is_time(name):
    return name == "operations_per_second" or fnmatch.fnmatchcase(name, "*_ns*")


def is_count(name):
    """Of what is done, and so of how many delays are drawn."""
    return name.partition(".")[0] in COUNTED and not _is_timed(name)


def nearest(name, known):
    """The known name that was probably meant, or nothing."""
    by_ending = [each for each in sorted(known) if each.rpartition(".")[2] == name]
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return next(iter(close or by_ending), None)
