# SPDX-License-Identifier: Apache-2.0
"""Results with known answers: valid files of a suite session that never took place.

Every figure follows from a Plan, so that a test knows what the scripts must say. The noise is the
same for every protocol of a repetition, as a slow moment of a machine is, and so leaves no trace in
ratios that are formed repetition by repetition.
"""

import collections
import dataclasses
import json

from stalemark.common import histograms

NO_CACHE = {"read": 10_000, "write": 20_000}  # Its median latencies, in ns.
NONE_FAILED = {"failed": 0, "unknown": 0, "failed_fraction": 0.0, "unknown_fraction": 0.0}
NEW_OF_OPERATIONS = ("failed_fraction", "unknown_fraction", "failed_latency_ns",
                     "unknown_latency_ns")  # fmt: skip
# A race as a result names it.
FILL = {"name": "overtaken_fill", "story": "A fill overtakes a write.", "breaks": "reads",
        "lasts": "until_ttl", "needs": "nothing", "clients": 2, "steps": 4,
        "test": "Hazard.Fill"}  # fmt: skip
NOISE = (1.0, 1.2, 0.9, 1.1, 0.95, 1.3, 1.05, 0.92)  # By repetition.


@dataclasses.dataclass
class Plan:
    """One protocol. Times are relative to no_cache; `jitter` makes them differ by repetition."""

    strategy: str
    read: float = 1.0
    write: float = 1.0
    throughput: float = 1.0
    jitter: float = 0.0
    stale_reads: int = 0
    stale_age_ns: int = 0
    too_stale: int = 0
    own_writes_missed: int = 0
    left_stale: int = 0
    left_other: int = 0  # Entries unlike the store, in no provable order.
    store_lost: int = 0
    exposure: int = 0
    promise: str = "kept"
    races: tuple = ()
    protocol: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class SimulatedResult:
    """What scripts need of results.Result, of a run that was never written down."""

    data: dict
    path: str = "never written"
    is_simulated = property(lambda self: self.data["configuration"]["runtime"] == "virtual")
    is_baseline = property(lambda self: self.protocol["strategy"] == "no_cache")
    protocol = property(lambda self: self.data["configuration"]["protocol"])
    repetition = property(lambda self: self.data["seed"])


def quantiles(median, count=1000):
    steps = {"min": 0.5, "mean": 1.1, "p50": 1, "p90": 2, "p95": 3, "p99": 5, "p999": 9, "max": 20}
    return {**{name: round(median * step) for name, step in steps.items()}, "count": count}


def bucket_of(ns):
    """As src/measure/histogram.h numbers them."""
    octave = max(0, ns.bit_length() - 7)
    return octave * histograms.PER_OCTAVE + (ns >> octave)


def histogram(told):
    """From which a set of quantiles() can have been taken."""
    counts, seen = collections.Counter(), 0
    for name, share in {**histograms.QUANTILES, "max": 1}.items():
        if name in told:
            upto = round(share * told["count"])
            counts[bucket_of(told[name])] += upto - seen
            seen = upto
    return histograms.text_of(+counts)


def result(plan, workload="zipf", repetition=0, session="s1", repetitions=8):
    """The result of one run, as a dictionary to be bent out of shape by a test."""
    # Symmetric in the logarithm, so that every estimator's centre is the planned ratio.
    lean = 1 if repetitions == 1 else 2 * repetition / (repetitions - 1) - 1
    noise = NOISE[repetition % len(NOISE)]
    bend = (1 + plan.jitter) ** lean
    read = NO_CACHE["read"] * noise * plan.read * bend
    write = NO_CACHE["write"] * noise * plan.write * bend
    hits = 0 if plan.strategy == "no_cache" else 800
    outcomes = {"hit": hits, "miss": 1000 - hits} if hits else {"bypass": 1000}
    return {
        "schema": 2,
        "complete": True,
        "command": f"stalemark run {workload} --strategy {plan.strategy}",
        "seed": 7 + repetition,
        "context": {"commit": "0" * 40, "build_type": "RelWithDebInfo", "cpu": "none", "cores": 2},
        "session": {"id": session, "repetition": repetition, "canary_cpu_ns": 1_000_000},
        "configuration": {
            "workload": {"name": workload},
            "protocol": {"strategy": plan.strategy, "guard": "none", **plan.protocol},
            "cache": {"name": "lru", "capacity_bytes": 1_000_000},
            "store": {"name": "rocksdb", "sync": False},
            "runtime": "threads",
            "clients": 4,
            "sessions": 4,
            "seed": 7 + repetition,
        },
        "workload_digest": f"{workload}-{repetition}",
        "elapsed_ns": 1_000_000_000,
        "operations_per_second": 50_000 * plan.throughput * bend / noise,
        "operations": {
            "read": {
                "count": 1000,
                **NONE_FAILED,
                "latency_ns": quantiles(read),
                "by_outcome": {name: {"count": count} for name, count in outcomes.items()},
            },
            "write": {"count": 100, **NONE_FAILED, "latency_ns": quantiles(write, 100)},
        },
        "warmup": _warmup(hits),
        "cache": _cache_counts(hits),
        "store": {"reads": 1000 - hits, "writes": 100, "deletes": 0},
        "consistency": _consistency(plan),
        "durability": {"exposure_writes_max": plan.exposure, "exposure_age_ns_max": 0},
        "promise": {"declared": "eventual", "verdict": plan.promise},
        "known_races": list(plan.races),
        "timeline": [
            {"at_ns": at * 100_000_000, "operations": 5000, "hits": 4000 + at} for at in range(10)
        ],
        "histograms": {"read": "300:500 320:400 400:100"},
    }


def schema_1(data):
    """The same result as programs of schema 1 wrote it, which counted what failed as done."""
    ended = sum(kind["count"] for kind in data["operations"].values())
    done = ended - sum(kind.get(name, 0) for kind in data["operations"].values()
                       for name in ("failed", "unknown"))  # fmt: skip
    data["schema"] = 1
    del data["warmup"], data["configuration"]["sessions"]
    data.pop("known_races", None)
    data["operations_per_second"] *= ended / done if done else 1
    for kind in data["operations"].values():
        for name in NEW_OF_OPERATIONS:
            kind.pop(name, None)
    for name in ("timer_slip_ns", "clients_busy_max", "saturated"):
        data.get("schedule", {}).pop(name, None)
    return data


def fail(data, kind, failed=0, unknown=0):
    """So many of the operations of this kind failed, or nobody knows whether they did."""
    operation = data["operations"][kind]
    answered = operation["count"] - failed - unknown
    for name, count in (("failed", failed), ("unknown", unknown)):
        operation |= {name: count, f"{name}_fraction": count / operation["count"]}
        if count:
            operation[f"{name}_latency_ns"] = quantiles(100, count)
    for name, held in (("latency_ns", kind), ("response_ns", f"{kind}.response_ns")):
        if name not in operation:
            continue
        if not answered:
            del operation[name]
            data["histograms"].pop(held, None)
            continue
        operation[name]["count"] = answered
        data["histograms"][held] = histogram(operation[name])
    if "by_outcome" in operation and not answered:
        operation["by_outcome"] = {}
    return data


def _warmup(hits):
    warmup = {"duration_ns": 500_000_000, "operations": 5000, "ended_because": "stable"}
    return {**warmup, "hit_ratio": 0.8, "stable": True} if hits else {
        **warmup, "ended_because": "duration"}  # fmt: skip


def _consistency(plan):
    consistency = {
        "reads_checked": 1000,
        "stale_reads": plan.stale_reads,
        "contract_violations": plan.too_stale,
        "stale_fraction": plan.stale_reads / 1000,
        "read_your_writes_violations": plan.own_writes_missed,
        "read_your_writes_eligible": 500,
        "divergence": {
            "after_drain": {
                "resident": 90,
                "cache_stale": plan.left_stale,
                "cache_other": plan.left_other,
                "store_lost": plan.store_lost,
            }
        },
    }
    if plan.stale_reads:
        consistency["stale_age_ns"] = quantiles(plan.stale_age_ns / 20, plan.stale_reads)
        consistency["ages_sampled"] = plan.stale_reads
    return consistency


def _cache_counts(hits):
    if not hits:
        return {"gets": 0, "hits": 0, "fills": 0, "erases": 0}
    return {"gets": 1000, "hits": hits, "hit_ratio": hits / 1000,
            "fills": 1000 - hits, "erases": 100}  # fmt: skip


def suite(folder, plans, workloads=("zipf",), repetitions=8, bend=None):
    """Writes the results of every plan, with no_cache as baseline; answers the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for workload in workloads:
        for plan in [Plan("no_cache"), *plans]:
            for repetition in range(repetitions):
                data = result(plan, workload, repetition, repetitions=repetitions)
                if bend:
                    bend(data)
                words = [workload, plan.strategy, *map(str, plan.protocol.values())]
                name = f"{'.'.join(words)}.{repetition}.json"
                (folder / name).write_text(json.dumps(data))
    return folder
