"""What a comparison looks at: the figures of one run, and which way is better.

Noisy metrics are one number a run that another run of the same build would not repeat. Exact
figures are those that it would: all of a simulated run, and the counts of a real one by a single
client with a fixed number of operations and nothing that depends on time.
"""

import dataclasses
import difflib
import fnmatch

import measures
from differences import flatten

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
    ("*_ns.min", "none"),
    ("*_ns.count", "none"),
    ("*_ns.sum", "none"),
    ("*_ns.*", "lower"),
    ("operations_per_second", "higher"),
    ("*.failed", "lower"),
    ("operations.*.unknown", "lower"),
    ("operations.*.by_outcome.hit.count", "higher"),
    ("operations.*.by_outcome.miss.count", "lower"),
    ("schedule.completed", "higher"),
    ("schedule.dropped", "lower"),
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


def better_of(name):
    """Of a noisy metric or an exact figure."""
    if name in NOISY:
        return NOISY[name].better
    return next((way for pattern, way in BETTER if fnmatch.fnmatchcase(name, pattern)), "none")


def noisy_of(data):
    """{metric: value} of a real result; what it did not measure is absent."""
    operations = data["operations"]
    count = sum(kind["count"] for kind in operations.values())
    found = {}
    if "schedule" not in data:  # In an open loop the rate is what was asked for.
        found["operations_per_second"] = data.get("operations_per_second")
    used = data.get("resources", {})
    if count and "cpu_user_ns" in used and "cpu_system_ns" in used:
        found["processor_time"] = (used["cpu_user_ns"] + used["cpu_system_ns"]) / count
    found["resident_bytes_max"] = used.get("resident_bytes_max")
    for kind in KINDS:
        for name, (_, _, least) in LATENCIES.items():
            if operations.get(kind, {}).get("count", 0) >= least:
                found[f"{kind}.{name}"] = measures.latency(data, kind, name)
    return {name: value for name, value in found.items() if value is not None}


def exact_of(data):
    """{figure: value} of a simulated result: all that it says but how it was asked."""
    return {
        name: value
        for name, value in flatten(data).items()
        if name.partition(".")[0] not in ABOUT_THE_RUN
    }


def counts_of(data):
    """{figure: value} of what a real run may repeat to the digit; empty if the clock decides it."""
    asked = data["configuration"]
    workload = asked["workload"]
    is_steady = (
        asked.get("clients", 0) == 1
        and asked.get("nodes", 1) == 1
        and "schedule" not in data
        and "operations" in workload
        and workload.get("warmup") in ("0", "0s", "0ns")
        and "ttl_ns" not in asked["protocol"]
        and not asked.get("faults")
    )
    if not is_steady:
        return {}
    found = flatten({name: data[name] for name in COUNTED if name in data})
    return {
        name: value
        for name, value in found.items()
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in TIMED)
    }


def nearest(name, known):
    """The known name that was probably meant, or nothing."""
    by_ending = [each for each in sorted(known) if each.rpartition(".")[2] == name]
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return next(iter(close or by_ending), None)
