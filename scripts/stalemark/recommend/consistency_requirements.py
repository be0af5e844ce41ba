# SPDX-License-Identifier: Apache-2.0
"""Whether reads were recent enough: for any reader, for who wrote, and for who read before."""

import math

from stalemark.common import intervals, races
from stalemark.common.figures import duration, out_of, percent
from stalemark.recommend.judgements import (
    MET, MISSED, NO_WRITES, NOT_MEASURED, RACE_KNOWN, Judgement, below, bounded, excess, lasting,
    more_of, total,
)  # fmt: skip
from stalemark.common.workload_mix import CHANGES, asked

AGES_MIN = 100  # Of some stale reads only: fewer would leave more than 3% of them possibly older.
AGES = {"stale_reads": "stale_age_ns", "stale_by_design": "stale_by_design_age_ns"}


def stale_age(results, limit):
    """the oldest value that any read returned, counted from when it was replaced, stale by design
    or not, in runs longer than the limit or than the bound that the protocol declares and keeps;
    and no cached entry left out of date for good; and no race known that makes a read stale for
    longer. A limit of 0: no stale read, no such entry, no such race"""
    known = {race["name"] for each in results
             for race in races.of_reads(each.get("known_races"))}  # fmt: skip
    if known:
        bounds = [races.bound_ns(each) for each in results]
        bound = None if None in bounds else max(bounds)
        if not limit or bound is None or bound > limit:
            seen = RACE_KNOWN + ", ".join(sorted(known))
            if limit and bound:
                return Judgement(MISSED, f"{seen}, for up to {duration(bound)}",
                                 excess(bound, limit), bound)  # fmt: skip
            return Judgement(MISSED, seen, math.inf)
    judged = [each["consistency"] for each in results if "consistency" in each]
    checked = total(judged, "reads_checked")
    if not checked or len(judged) < len(results):
        return Judgement(NOT_MEASURED, "no read was judged")
    stale = sum(total(judged, kind) for kind in AGES)
    left = sum(_left(each) for each in judged)
    if not stale and not left:
        return Judgement(MET, f"0 stale of {checked:,} reads{below(checked)}")
    oldest = max((each["max"] for each in _ages(judged)), default=None)
    seen = f"{out_of(stale, checked)} reads stale" if stale else ""
    if stale and oldest is None:
        seen += ", none of them of a known age"
    elif stale:
        seen += f", the oldest by {duration(oldest)}"
    if left:
        what = f"{left:,} entries left out of date" + " for good" * bool(limit)
        return Judgement(MISSED, f"{seen}; {what}" if seen else what, math.inf)
    if not limit:
        return Judgement(MISSED, seen, math.inf, None if oldest is None else max(oldest, 1))
    if oldest is None:
        return Judgement(NOT_MEASURED, seen)
    if oldest > limit:
        return Judgement(MISSED, seen, excess(oldest, limit), oldest)
    return _none_older(results, limit, seen)


def stale_fraction(results, limit):
    """the share of reads that were stale, by design or not"""
    return _share(results, limit, AGES, "reads_checked", "stale", "no read was judged")


def own_writes_missed(results, limit):
    """the share of the reads that could see a write of their own client and missed it"""
    if not asked(results, CHANGES):
        return Judgement(MET, NO_WRITES)
    return _share(results, limit, ("read_your_writes_violations",), "read_your_writes_eligible",
                  "missed", "no read could have shown it")  # fmt: skip


def _share(results, limit, parts, whole, word, unmeasured):
    shares = []
    for each in results:
        seen = each.get("consistency", {})
        if not seen.get(whole):
            return Judgement(NOT_MEASURED, unmeasured)
        shares.append(sum(total([seen], part) for part in parts) / seen[whole])
    if not any(shares):
        checked = total([each["consistency"] for each in results], whole)
        seen = f"0 {word} of {checked:,} reads{below(checked)}"
        if limit and intervals.zero_bound(checked) > limit:
            wanted = intervals.zero_trials(limit)
            longer = f"{more_of(results[0], wanted, checked)} --repeat {len(results)}"
            return Judgement(NOT_MEASURED, seen, missing=longer)
        return Judgement(MET, seen)
    return bounded(shares, limit, float, percent)


def _none_older(results, limit, seen):
    """Of stale reads whose ages are within the limit: whether that says anything."""
    shortest = min((_length(each) for each in results if not _keeps_bound(each)), default=None)
    if shortest is not None and shortest <= limit:
        seen += f"; the runs of {duration(shortest)} cannot show an age of {duration(limit)}"
        return Judgement(NOT_MEASURED, seen, missing=lasting(3 * limit))
    judged = [each["consistency"] for each in results]
    ages = total(_ages(judged), "count")
    if ages >= sum(total(judged, kind) for kind in AGES):
        return Judgement(MET, seen + below(total(judged, "reads_checked"), "of all reads", "older"))
    if total(judged, "ages_at_least"):
        # Those of which a least age is known alone are the oldest: the others say nothing of them.
        unknown = total(judged, "ages_at_least")
        return Judgement(NOT_MEASURED, f"{seen}; of {unknown:,} a least age is known alone")
    if ages < AGES_MIN:
        fewest = min(results, key=lambda each: total(_ages([each["consistency"]]), "count"))
        missing = more_of(fewest, AGES_MIN, ages)
        return Judgement(NOT_MEASURED, f"{seen}, of {ages:,} whose age is known", missing=missing)
    return Judgement(MET, seen + below(ages, "of them", "older"))


def _left(consistency):
    """Entries older than the store that no TTL ends, of those that were cached at the end."""
    divergence = consistency.get("divergence", {})
    last = divergence.get("after_ttl", divergence.get("after_drain", {}))
    return last.get("cache_stale", 0)


def _length(result):
    """In ns, of the shortest of the runs of which this is the result."""
    parts = result.get("merged", {}).get("parts", [result])
    return min(each.get("elapsed_ns", 0) for each in parts)


def _keeps_bound(result):
    """Then the run was long enough for an entry to pass the bound."""
    promise = result.get("promise", {})
    return promise.get("verdict") == "kept" and "bounded_staleness" in promise["declared"]


def _ages(judged):
    """The quantiles of the ages of reads that were stale, by design or not."""
    return [each[name] for each in judged for name in AGES.values() if "max" in each.get(name, {})]


def read_your_writes(results, _):
    """no read that missed its own client's write, and no race known that makes one miss it"""
    known = {race["name"] for each in results
             for race in races.of_own_writes(each.get("known_races"))}  # fmt: skip
    if known:
        return Judgement(MISSED, RACE_KNOWN + ", ".join(sorted(known)), math.inf)
    return _none_of(results, "read_your_writes", "own writes missed")


def monotonic_reads(results, _):
    """no read that went back behind what its client had read before"""
    return _none_of(results, "monotonic_reads", "reads went back")


def _none_of(results, name, what):
    judged = [each.get("consistency", {}) for each in results]
    violations = total(judged, f"{name}_violations")
    eligible = total(judged, f"{name}_eligible")
    if violations:
        return Judgement(MISSED, f"{out_of(violations, eligible)} {what}", math.inf)
    if not eligible and not asked(results, CHANGES):
        return Judgement(MET, NO_WRITES)
    known = sum(f"{name}_eligible" in each for each in judged)
    if 0 < known < len(results):
        return Judgement(NOT_MEASURED, f"judged in {known} of {len(results)} runs")
    if not eligible:
        return Judgement(NOT_MEASURED, "no read could have shown it")
    return Judgement(MET, f"0 of {eligible:,} {what}{below(eligible)}")
