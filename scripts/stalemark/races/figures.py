# SPDX-License-Identifier: Apache-2.0
"""Which figure of a result counts a race."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Figure:
    unit: str  # What the rate is a share or number of,
    field: str  # the fields of the result it is made of,
    of: Callable[[dict], float]
    judged: Callable[[dict], int]  # and how many could have shown the race.


def _keys(result):
    return result["configuration"]["workload"]["keys"]


def _stale(result):
    return result["consistency"].get("stale_reads", 0)


def _reads(result):
    return result["consistency"]["reads_checked"]


def _at_rest(result):
    audits = result["consistency"]["divergence"]
    return audits.get("after_ttl", audits["after_drain"])


def _unlike(result):
    audit = _at_rest(result)
    return audit["cache_stale"] + audit["cache_ahead"] + audit["cache_other"]


FIGURES = {
    "stale": Figure(
        "of all reads", "`consistency.stale_fraction`",
        lambda result: _stale(result) / _reads(result), _reads,
    ),
    "stale a load": Figure(
        "for each read of the store", "`consistency.stale_reads` / `store.reads`",
        lambda result: _stale(result) / result["store"]["reads"], _reads,
    ),
    "wrong copies": Figure(
        "of the keys, cached wrongly at rest",
        "`consistency.divergence`, unlike the store after the drain or every TTL",
        lambda result: _unlike(result) / _keys(result), _keys,
    ),
    "wrong rows": Figure(
        "of the keys, wrong in the store at rest",
        "`consistency.divergence.after_drain.store_lost`",
        lambda result: result["consistency"]["divergence"]["after_drain"]["store_lost"]
        / _keys(result), _keys,
    ),
    "rows behind": Figure(
        "of the keys, behind in the store at any moment",
        "`consistency.divergence.at_stop.store_lost`",
        lambda result: result["consistency"]["divergence"]["at_stop"]["store_lost"]
        / _keys(result), _keys,
    ),
    "writes exposed": Figure(
        "acknowledged writes that a crash loses", "`durability.exposure_writes_at_stop`",
        lambda result: result["durability"]["exposure_writes_at_stop"],
        lambda result: result["operations"]["write"]["count"],
    ),
}  # fmt: skip


def price(result):
    """What a protocol costs: mean times of reads and writes in nanoseconds, and the reads of the
    store for each read."""
    paid = {}
    for kind in ("read", "write"):
        operations = result["operations"].get(kind, {})
        if operations.get("count"):
            paid[f"{kind}_ns"] = operations["latency_ns"]["mean"]
    if "read_ns" in paid:
        paid["store_reads"] = result["store"]["reads"] / result["operations"]["read"]["count"]
    return paid
