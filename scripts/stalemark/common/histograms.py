# SPDX-License-Identifier: Apache-2.0
"""Latency histograms as results hold them: "bucket:count ...", 64 buckets to a power of two.

They merge without loss, so that a percentile over repetitions is that of all their operations and
never an average of percentiles. src/measure/histogram.h is the same scheme in C++.
"""

import collections
import math

PER_OCTAVE = 64
QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999, "p9999": 0.9999}
# Of ages only those are told that so many show.
SHOWN_BY = {"p50": 2, "p90": 10, "p95": 20, "p99": 100, "p999": 1_000, "p9999": 10_000}
AGES = ("consistency.stale_age_ns", "consistency.stale_by_design_age_ns")


def merged(texts):
    """Count by bucket, over all these histograms."""
    total = collections.Counter()
    for text in texts:
        for pair in text.split():
            bucket, count = pair.split(":")
            total[int(bucket)] += int(count)
    return total


def of_reads(results):
    """The texts of their latencies: response times if each result has those, as an open loop does;
    and whether they are."""
    held = [each.data.get("histograms", {}) for each in results]
    is_since_due = bool(held) and all(each.get("read.response_ns") for each in held)
    name = "read.response_ns" if is_since_due else "read"
    return [each.get(name, "") for each in held], is_since_due


def lower_of(bucket):
    """The least duration of a bucket, in ns."""
    if bucket < 2 * PER_OCTAVE:
        return bucket
    octave = bucket // PER_OCTAVE - 1
    return (bucket - octave * PER_OCTAVE) << octave


def text_of(counts):
    """The text that merged() reads back."""
    return " ".join(f"{bucket}:{counts[bucket]}" for bucket in sorted(counts))


def quantiles(counts, least, most):
    """{name: ns}: the durations that these shares do not exceed, as the program gives them (the
    middle of a bucket, but never beyond `least` or `most`)."""
    total = sum(counts.values())
    if not total:
        return {}
    ranks = {name: max(1, math.ceil(share * total)) for name, share in QUANTILES.items()}
    return {name: at_rank(counts, rank, least, most) for name, rank in ranks.items()}


def at_rank(counts, rank, least, most):
    """The duration in ns that so many do not exceed, likewise. Requires: as many in `counts`."""
    seen = 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if rank <= seen:
            break
    lower = lower_of(bucket)
    return min(max(lower + (lower_of(bucket + 1) - lower) // 2, least), most)


def curve(counts, unanswered=0, least_beyond=10):
    """(share, ns) of each bucket in turn: this share of all durations, and of `unanswered` more
    that are longer than any of these, ends in it or before. It ends where fewer than `least_beyond`
    lie beyond, too few to tell."""
    total = sum(counts.values()) + unanswered
    points, seen = [], 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if total - seen < least_beyond:
            break
        middle = lower_of(bucket) + (lower_of(bucket + 1) - lower_of(bucket)) // 2
        points.append((seen / total, middle))
    return points
