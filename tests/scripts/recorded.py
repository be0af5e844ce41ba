# SPDX-License-Identifier: Apache-2.0
"""Results of known durations: each as the program would give it, had it recorded just these."""

import collections
import random

from stalemark.common import histograms
from synthetic import Plan, bucket_of, result

RANDOM = random.Random(11)
HITS = [[round(RANDOM.lognormvariate(6, 1)) for _ in range(n)] for n in (700, 90, 4_000)]
MISSES = [[round(RANDOM.lognormvariate(13, 2)) for _ in range(n)] for n in (300, 810, 17)]
AGES = [[5_000, 70_000], [], [1_000_000] * 3]


def text_of(durations):
    return histograms.text_of(collections.Counter(map(bucket_of, durations)))


def set_of(durations):
    """A set of quantiles, from the sorted durations themselves but for the bucket's middle."""
    ordered = sorted(durations)
    found = {"min": ordered[0], "mean": round(sum(ordered) / len(ordered)), "max": ordered[-1],
             "sum": sum(ordered), "count": len(ordered)}  # fmt: skip
    for name, share in histograms.QUANTILES.items():
        rank = -(-len(ordered) * round(share * 10_000) // 10_000)
        lower, upper = (histograms.lower_of(bucket_of(ordered[rank - 1]) + k) for k in (0, 1))
        found[name] = min(max(lower + (upper - lower) // 2, ordered[0]), ordered[-1])
    return found


def ages_of(durations):
    """Likewise, but for the quantiles that so few do not show."""
    return {name: value for name, value in set_of(durations).items()
            if len(durations) >= histograms.SHOWN_BY.get(name, 0)}  # fmt: skip


def recorded(seed, hits, misses, ages=(), **changes):
    """A result whose reads took these times, and whose stale reads were so old."""
    data = result(Plan("cache_aside", stale_reads=len(ages)), repetition=seed)
    del data["session"]
    data |= {"seed": seed, "started_at": f"2025-01-02T03:04:{seed:02}Z"}
    data["configuration"]["seed"] = seed
    reads = [*hits, *misses]
    outcomes = {"hit": hits, "miss": misses}
    data["operations"] = {
        "read": {
            "count": len(reads), "failed": 0, "unknown": 0, "absent": 0,
            "latency_ns": set_of(reads),
            "by_outcome": {name: {"count": len(durations), "latency_ns": set_of(durations)}
                           for name, durations in outcomes.items() if durations},
        }
    }  # fmt: skip
    data["operations_per_second"] = float(len(reads))
    data["cache"] |= {"hit_ratio": len(hits) / len(reads)}
    data["consistency"] |= {
        "reads_checked": len(reads), "stale_fraction": len(ages) / len(reads),
        "ages_sampled": len(ages), "session_lookups": len(reads), "session_found": len(hits),
        "session_coverage": len(hits) / len(reads),
        "writes_looked_for": {"1ms": 3 * seed + 1}, "visible_within": {"1ms": 1 / (3 * seed + 1)},
    }  # fmt: skip
    data["histograms"] = {"read": text_of(reads)}
    if hits and misses:
        data["histograms"] |= {f"read.{name}": text_of(each) for name, each in outcomes.items()}
    if ages:
        data["consistency"]["stale_age_ns"] = ages_of(ages)
        data["histograms"]["consistency.stale_age_ns"] = text_of(ages)
    return data | changes


def parts():
    """Three runs of one question."""
    return [recorded(seed, *each) for seed, each in enumerate(zip(HITS, MISSES, AGES), 1)]
