# SPDX-License-Identifier: Apache-2.0
"""The figures of one row of the matrix, from the results of one protocol.

A row covers one workload or several (`parts`). Counts are added up over repetitions and workloads;
largest values stay largest values; ratios to the baseline are formed repetition by repetition,
averaged over the workloads as logarithms (the geometric mean), and only then summarised over the
repetitions with an interval. A figure that no result has is absent.

Times are those of all operations that were due (due_operations.py): one may be infinite, its ratio
to the baseline's, too, and NaN where neither side answered.
"""

import dataclasses
import math
import statistics

from stalemark.common import due_operations, intervals
from stalemark.common.due_operations import Due
from stalemark.common.workload_mix import CHANGES

BASELINE = "no_cache"
QUANTILES = ("p50", "p99")
NOT_COMPARABLE = intervals.Estimate(math.nan, None, None, 0, "none")


@dataclasses.dataclass(frozen=True)
class Part:
    """One protocol on one workload: {repetition: Result}; of the baseline, too, if there is one."""

    title: str
    results: dict
    baseline: dict


def figures_of(parts):
    results = [result.data for part in parts for result in part.results.values()]
    found = {
        "repetitions": min(len(part.results) for part in parts),
        "workloads": len(parts),
        "consistency": _consistency(results, parts),
        "read": _performance(results, parts, "read"),
        "write": _performance(results, parts, "write"),
        "throughput": _throughput(parts),
        "store": _store(results),
        "durability": _durability(results),
    }
    return _without_absent(found)


def _consistency(results, parts):
    judged = [each["consistency"] for each in results if _at(each, "consistency", "reads_checked")]
    checked, stale = _sum(judged, "reads_checked"), _sum(judged, "stale_reads")
    found = {
        "reads_checked": checked,
        "stale_reads": stale,
        "stale_fraction": stale / checked if checked and stale is not None else None,
        "stale_fraction_below": intervals.zero_bound(checked) if stale == 0 else None,
        "stale_fraction_worst": _worst_stale_fraction(parts),
        "stale_age_p99_ns": _age_p99(judged),
        "stale_age_max_ns": _max(judged, "stale_age_ns", "max"),
        "read_age_max_ns": _oldest(judged),
        "ages_sampled": _sum(judged, "ages_sampled"),
        "contract_violations": _sum(judged, "contract_violations"),
        "linearizability_anomalies": _sum(judged, "linearizability_anomalies"),
        "promise": _promise(results),
        "longest_ttl_ns": _max(results, "configuration", "protocol", "ttl_ns"),
    }
    for name in ("read_your_writes", "monotonic_reads"):
        for suffix in ("violations", "eligible"):
            found[f"{name}_{suffix}"] = _sum(judged, f"{name}_{suffix}")
    for when in ("after_drain", "after_ttl"):
        for what in ("resident", "cache_stale", "cache_ahead", "cache_other", "store_lost"):
            found[f"{what}_{when}"] = _sum(results, "consistency", "divergence", when, what)
        unlike = [found[f"cache_{how}_{when}"] for how in ("stale", "ahead", "other")]
        if unlike[0] is not None:
            found[f"unlike_store_{when}"] = sum(number or 0 for number in unlike)
    return found


def _age_p99(judged):
    """The largest; not known where a run had too few stale reads to show one."""
    p99s = [each["stale_age_ns"].get("p99") for each in judged if _at(each, "stale_age_ns", "max")]
    return None if None in p99s else max(p99s, default=None)


def _oldest(judged):
    """How far out of date the worst read was, also of those that are so by design."""
    ages = [_max(judged, name, "max") for name in ("stale_age_ns", "stale_by_design_age_ns")]
    return max((age for age in ages if age is not None), default=None)


def _worst_stale_fraction(parts):
    """The largest share of stale reads of one workload, and which that is."""
    shares = []
    for part in parts:
        judged = [each.data.get("consistency", {}) for each in part.results.values()]
        checked, stale = _sum(judged, "reads_checked"), _sum(judged, "stale_reads")
        if checked and stale is not None:
            shares.append({"fraction": stale / checked, "workload": part.title})
    return max(shares, key=lambda share: share["fraction"], default=None)


def _promise(results):
    promises = [each["promise"] for each in results if "promise" in each]
    if not promises:
        return None
    count = {verdict: 0 for verdict in ("kept", "broken", "untested")}
    for promise in promises:
        count[promise["verdict"]] += 1
    return {
        "declared": sorted({promise["declared"] for promise in promises}),
        **count,
        "broken_by": sorted({by for promise in promises for by in promise.get("broken_by", [])}),
        "untested_because": sorted(
            {each["untested_because"] for each in promises if "untested_because" in each}
        ),
    }


def _performance(results, parts, operation):
    """Each quantile's median over the repetitions, and its ratio to the baseline's; the rate is
    that of a client that only does this operation: the inverse of the mean latency. It is
    `rate_of_answered` where a side did not answer all, and not comparable where that was not
    1 of 100."""
    found = {}
    for name in QUANTILES:
        values = [value for each in results if (value := latency(each, operation, name))]
        if len(parts) == 1 and values:
            found[f"{name}_ns"] = statistics.median(values)
        ratio = _ratio(parts, lambda data, name=name: latency(data, operation, name))
        found[f"{name}_ratio"] = ratio
    found["rate_ratio"] = _ratio(parts, lambda data: _inverse(latency(data, operation, "mean")))
    both = [Due(each, operation) for each in _of_both_sides(parts)]
    if any(each.unanswered for each in both):
        found["rate_of_answered"] = True
        if parts[0].baseline and not all(each.is_comparable for each in both):
            found["rate_ratio"] = NOT_COMPARABLE
    own = [Due(each, operation) for each in results]
    if unanswered := sum(each.unanswered for each in own):
        found |= {"due": sum(each.count for each in own), "unanswered": unanswered}
    return found


def _of_both_sides(parts):
    return [each.data for part in parts for side in (part.results, part.baseline)
            for each in side.values()]  # fmt: skip


def latency(data, operation, name):
    """In ns, a quantile of all that were due or the mean of the answered; None if it was not
    measured."""
    due = Due(data, operation)
    return due.mean if name == "mean" else due.quantile(name)


def _inverse(value):
    return 1 / value if value else None


def _throughput(parts):
    """Of the operations that succeeded; `of_answered` and not comparable as the rate above."""
    alone = [each.data for each in parts[0].results.values()] if len(parts) == 1 else []
    values = [value for each in alone if (value := due_operations.per_second(each)) is not None]
    found = {
        "operations_per_second": statistics.median(values) if values else None,
        "ratio": _ratio(parts, due_operations.per_second),
        "is_comparable": all(map(due_operations.is_rate_comparable, _of_both_sides(parts))),
    }
    closed = [each for each in _of_both_sides(parts) if "schedule" not in each]
    if any(map(due_operations.failed, closed)):
        found["of_answered"] = True
    if parts[0].baseline and not found["is_comparable"]:
        found["ratio"] = NOT_COMPARABLE
    return found


def _ratio(parts, value_of):
    """Over the baseline, of the repetitions that every workload has; nothing without one, or where
    a value is 0 and no ratio exists. Where for one workload neither side answered, or where the
    workloads contradict each other without bounds, it is not comparable."""
    by_repetition = {}
    for part in parts:
        for repetition in part.results.keys() & part.baseline.keys():
            value = value_of(part.results[repetition].data)
            base = value_of(part.baseline[repetition].data)
            if value and base:
                by_repetition.setdefault(repetition, []).append(_log_ratio(value, base))
    complete = [
        math.fsum(logs) / len(logs) if len(set(logs) & {math.inf, -math.inf}) < 2 else math.nan
        for _, logs in sorted(by_repetition.items())
        if len(logs) == len(parts)
    ]
    if any(map(math.isnan, complete)):
        return NOT_COMPARABLE
    return intervals.ratio(complete) if complete else None


def _log_ratio(value, base):
    if math.inf in (value, base):
        return math.nan if value == base else math.inf if value == math.inf else -math.inf
    return math.log(value / base)


def _store(results):
    """By operation that succeeded: what failed without a call would make the others look light."""
    counted = [each for each in results if "store" in each and "operations" in each]
    done = sum(map(due_operations.answered, counted))
    reads, writes = _sum(counted, "store", "reads"), _changes(counted)
    return {
        "reads_per_operation": reads / done if done and reads is not None else None,
        "writes_per_operation": writes / done if done and writes is not None else None,
        "calls_per_write": _calls_per_write(counted),
        "hit_ratio": _hit_ratio(counted),
    }


def _hit_ratio(results):
    """Of the reads, as `cache.hit_ratio` of one result; nothing where there was no cache to ask."""
    asked = [each for each in results if _at(each, "cache", "hit_ratio") is not None]
    reads = [
        each["operations"][kind]
        for each in asked
        for kind in ("read", "read_modify_write")
        if kind in each["operations"]
    ]
    hits = sum(
        _at(read, "by_outcome", outcome, "count") or 0
        for read in reads
        for outcome in ("hit", "stale_hit")
    )
    count = sum(read["count"] for read in reads)
    return hits / count if count else None


def _changes(results):
    writes, deletes = _sum(results, "store", "writes"), _sum(results, "store", "deletes")
    return None if writes is None else writes + (deletes or 0)


def _calls_per_write(results):
    """Changes sent to the store and the cache per write, less the fills that read misses and
    refreshes account for."""
    writes = _acknowledged(results)
    changes = _changes(results)
    if not writes or changes is None:
        return None
    sent = sum(_sum(results, "cache", name) or 0 for name in ("fills", "fills_refused", "erases"))
    misses = sum(
        _at(each, "operations", kind, "by_outcome", "miss", "count") or 0
        for each in results
        for kind in ("read", "read_modify_write")
    )
    filled = misses + (_sum(results, "cache", "refreshes") or 0)
    return (changes + max(0, sent - filled)) / writes


def _durability(results):
    return {
        "writes_acknowledged": _acknowledged(results),
        "exposure_writes_max": _max(results, "durability", "exposure_writes_max"),
        "exposure_age_ns_max": _max(results, "durability", "exposure_age_ns_max"),
        "exposure_writes_at_stop": _max(results, "durability", "exposure_writes_at_stop"),
    }


def _acknowledged(results):
    return sum(due_operations.answered_of(each, CHANGES) for each in results)


def _at(data, *path):
    for name in path:
        if not isinstance(data, dict) or name not in data:
            return None
        data = data[name]
    return data


def _present(objects, path):
    return [value for each in objects if (value := _at(each, *path)) is not None]


def _sum(objects, *path):
    values = _present(objects, path)
    return sum(values) if values else None


def _max(objects, *path):
    return max(_present(objects, path), default=None)


def _without_absent(value):
    if not isinstance(value, dict):
        return value
    return {name: _without_absent(inner) for name, inner in value.items() if inner is not None}
