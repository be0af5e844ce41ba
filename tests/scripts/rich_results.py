# SPDX-License-Identifier: Apache-2.0
"""Results with something for every picture of the report, and names that try to be markup."""

import dataclasses
import json

import synthetic
from synthetic import FILL, Plan

HOSTILE = "</script><b>x"
LOCK = {"shield": "lock"}
PLANS = [
    Plan("cache_aside", read=0.2, write=1.1, throughput=3, jitter=0.02, stale_reads=20,
         stale_age_ns=2 * 10**6, own_writes_missed=3, protocol={"invalidate": "erase"}),
    Plan("cache_aside", read=0.3, write=1.2, throughput=2.5, jitter=0.02,
         protocol={"invalidate": "erase", **LOCK}),
    Plan("write_through", read=0.25, write=1.5, throughput=2, jitter=0.02, stale_reads=40,
         stale_age_ns=4 * 10**7, races=(FILL,)),
    Plan("write_behind", read=0.15, write=0.1, throughput=4, jitter=0.02, exposure=900,
         protocol={"flush_delay_ns": 10**8, "flush_batch": 128, "queue": 1000, "coalescing": True}),
    Plan("write_behind", read=0.16, write=0.1, throughput=4, jitter=0.02, exposure=20,
         protocol={"flush_delay_ns": 10**6, "flush_batch": 128, "queue": 1000, "coalescing": True}),
    Plan(HOSTILE, read=0.9, throughput=1.1, jitter=0.02, stale_reads=5, stale_age_ns=10**9),
]  # fmt: skip
WORKLOADS = ("zipf", "<img src=x onerror=alert(1)>" + "wider_than_a_phone_" * 3)
PREDICTIONS = {
    "predictions": 1,
    "seeds": 10,
    "forms": [
        {"family": "herd", "name": name, "formula": "1", "predicted": 2.0, "mean": mean,
         "low": mean - 0.1, "high": mean + 0.1, "inside": abs(mean - 2) <= 0.1,
         "command": f"stalemark run ycsb_a --ttl {place}s"}
        for place, (name, mean) in enumerate([("lock", 2.05), ("none", 1.95), (HOSTILE, 2.3)])
    ],
}  # fmt: skip


def folder_of(folder, plans=PLANS, repetitions=3):
    """Writes the results of both workloads, and predictions beside them."""
    for place, workload in enumerate(WORKLOADS):
        for number, plan in enumerate([Plan("no_cache"), *plans]):
            for repetition in range(repetitions):
                data = _result(plan, workload, repetition, repetitions, number)
                _, path = folder, folder / f"{place}.{number}.{repetition}.json"
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(data))
    (folder / "predictions.json").write_text(json.dumps(PREDICTIONS))
    return folder


def _result(plan, workload, repetition, repetitions, number):
    if plan.exposure:
        plan = dataclasses.replace(plan, exposure=plan.exposure + repetition)
    data = synthetic.result(plan, workload, repetition, repetitions=repetitions)
    first = 300 + 8 * number
    data["histograms"]["read"] = " ".join(
        f"{first + step}:{2 ** (12 - step // 4)}" for step in range(0, 52 - repetition)
    )
    data["timeline"] = [
        {"at_ns": at * 10**8, "operations": 5000 + 100 * number + at, "hits": 4000,
         "store_reads": 900 - 50 * number, "stale_reads": plan.stale_reads,
         "concurrent_reads_max": 1 if plan.protocol.get("shield") else 30 + at,
         "p99_ns": 10_000 * (1 + number) * (1 + at)}
        for at in range(10)
    ]  # fmt: skip
    data["faults"] = [{"name": "store-slow", "from_ns": 3 * 10**8, "to_ns": 5 * 10**8}]
    return data
