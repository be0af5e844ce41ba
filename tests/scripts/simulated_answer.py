# SPDX-License-Identifier: Apache-2.0
"""Simulated results of a service from which an answer can be made."""

from synthetic import FILL, Plan

WRITERS = {**FILL, "name": "inverted_writers", "story": "Two writers are inverted."}
QUEUES = {**FILL, "name": "unordered_queues", "story": "Queues are not ordered.",
          "breaks": "store", "lasts": "until_next_write"}  # fmt: skip
RACES = {"no_cache": [], "write_through": [FILL, WRITERS], "write_behind": [FILL, QUEUES]}
TTL = {"ttl_ns": 60 * 10**9}
PLANS = [
    Plan("cache_aside", read=0.8, write=1.4, stale_reads=2, stale_age_ns=3 * 10**9, protocol=TTL),
    Plan("cache_aside", read=1.2, write=1.4, protocol={"ttl_ns": 5 * 10**9}),
    Plan("write_through", read=0.4, write=1.4, protocol=TTL),
    Plan("write_behind", read=0.7, write=0.3, exposure=38, protocol=TTL),
    Plan("read_through", read=0.85, write=1.2, protocol=TTL),
]
CONFIGURED = {
    "deployment": "service", "rate": 4000.0,
    "wires": {"cache_latency": "lognormal(420us,0.48)", "store_latency": "lognormal(1ms,0.5)",
              "store_servers": 32},
}  # fmt: skip


def simulate(data):
    data.pop("session")
    data["context"] = {"version": "1.0"}
    configuration = data["configuration"]
    configuration |= {"runtime": "virtual", **CONFIGURED}
    if configuration["protocol"]["strategy"] == "no_cache":  # Which asks no cache.
        configuration["wires"] = {**CONFIGURED["wires"], "cache_latency": "uniform(1ns,3ns)"}
    strategy = configuration["protocol"]["strategy"]
    ttl = configuration["protocol"].get("ttl_ns", 0) // 10**9
    configuration["workload"] |= {
        "ttl": f"{ttl}s",
        "phases": [{"mix": {"read": 0.95, "write": 0.05},
                    "popularity": {"kind": "scrambled", "theta": 0.9}}],
    }  # fmt: skip
    data["virtual"] = {"events": 5000, "trace_hash": "00ff", "final_random": "00aa"}
    for name in ("reads_checked", "stale_reads"):
        data["consistency"][name] *= 100
    data["known_races"] = RACES.get(strategy, [FILL])
    bound = f"bounded_staleness({ttl}s), durable"
    declared = {"no_cache": "linearizable, durable", "write_through": "linearizable, durable",
                "write_behind": "none"}  # fmt: skip
    data["promise"] = {"declared": declared.get(strategy, bound), "verdict": "kept",
                       "broken_by": []}  # fmt: skip
