"""What an application needs of a protocol, and whether measurements show that it gets it.

Each requirement is a row of REQUIREMENTS under the name that a workload's `requirements` give it.
Its rule gets the results of one protocol on one workload, a result a repetition, and the limit;
its docstring is what the reader of a recommendation is told. A limit above zero is met by the upper
end of a 95% confidence interval, a limit of zero only by none at all, beside which stands how much
so many trials can have missed. What was not measured meets nothing.
"""

import dataclasses
import math
import re

import intervals
from figures import duration, out_of, percent, short

MET, MISSED, UNDECIDED, NOT_MEASURED = "met", "missed", "undecided", "not measured"
TAIL_SAMPLES = 10  # A quantile beyond which fewer lie is one of them, and no quantile.
NO_WRITES = "nothing is written"


@dataclasses.dataclass(frozen=True)
class Judgement:
    """`excess` is by how many times the limit was passed, infinite for a limit of zero; `needed`
    the limit that this protocol would meet; both are None where the requirement is met or nothing
    was measured. `missing` are options of a run that would measure it."""

    status: str
    seen: str
    excess: float | None = None
    needed: float | None = None
    missing: str = ""


@dataclasses.dataclass(frozen=True)
class Requirement:
    title: str
    judge: object  # (results, limit) -> Judgement
    show: object  # (limit) -> text
    parse: object = None  # (text of a workload or the command line) -> limit; None: yes or no.
    metavar: str = ""


def stale_age(results, limit):
    """the oldest value that any read returned, counted from when it was replaced, stale by design
    or not, in runs longer than the limit or than the bound that the protocol declares and keeps;
    and no cached entry left out of date for good. A limit of 0: no stale read and no such entry"""
    judged = [each["consistency"] for each in results if "consistency" in each]
    checked = _sum(judged, "reads_checked")
    if not checked or len(judged) < len(results):
        return Judgement(NOT_MEASURED, "no read was judged")
    stale = _sum(judged, "stale_reads") + _sum(judged, "stale_by_design")
    left = sum(_left(each) for each in judged)
    if not stale and not left:
        return Judgement(MET, f"0 stale of {checked:,} reads{_below(checked)}")
    seen = f"{out_of(stale, checked)} reads stale" if stale else ""
    oldest = max((age for each in judged for age in _ages(each)), default=None)
    if stale and oldest is None:
        status = MISSED if not limit else NOT_MEASURED
        return Judgement(status, seen + ", none of them of a key whose ages were measured")
    seen += f", the oldest by {duration(oldest)}" if stale else ""
    if left:
        what = f"{left:,} entries left out of date" + " for good" * bool(limit)
        return Judgement(MISSED, f"{seen}; {what}" if seen else what, math.inf)
    if oldest > limit:
        return Judgement(MISSED, seen, oldest / limit if limit else math.inf, oldest)
    shortest = min((each["elapsed_ns"] for each in results if not _keeps_bound(each)), default=None)
    if shortest is not None and shortest <= limit:
        seen += f"; the runs of {duration(shortest)} cannot show an age of {duration(limit)}"
        return Judgement(NOT_MEASURED, seen, missing=f"--duration {_rounded(3 * limit)}")
    return Judgement(MET, seen + _below(_sum(judged, "ages_sampled"), "of them", "older"))


def _left(consistency):
    """Entries older than the store that no TTL ends, of those that were cached at the end."""
    divergence = consistency.get("divergence", {})
    last = divergence.get("after_ttl", divergence.get("after_drain", {}))
    return last.get("cache_stale", 0)


def _keeps_bound(result):
    """Then the run was long enough for an entry to pass the bound."""
    promise = result.get("promise", {})
    return promise.get("verdict") == "kept" and "bounded_staleness" in promise["declared"]


def _ages(consistency):
    names = ("stale_age_ns", "stale_by_design_age_ns")
    return [consistency[name]["max"] for name in names if name in consistency]


def read_your_writes(results, _):
    """no read that missed its own client's write"""
    return _none_of(results, "read_your_writes", "own writes missed")


def monotonic_reads(results, _):
    """no read that went back behind what its client had read before"""
    return _none_of(results, "monotonic_reads", "reads went back")


def _none_of(results, name, what):
    judged = [each.get("consistency", {}) for each in results]
    violations = _sum(judged, f"{name}_violations")
    eligible = _sum(judged, f"{name}_eligible")
    if violations:
        return Judgement(MISSED, f"{out_of(violations, eligible)} {what}", math.inf)
    if not eligible:
        if not _written(results):
            return Judgement(MET, NO_WRITES)
        return Judgement(NOT_MEASURED, "no read could have shown it")
    return Judgement(MET, f"0 of {eligible:,} {what}{_below(eligible)}")


def writes_lost(results, limit):
    """the most acknowledged writes that a crash could have cost at one moment of any run, or that
    never reached the store"""
    if not _written(results):
        return Judgement(MET, NO_WRITES)
    if any("exposure_writes_max" not in each.get("durability", {}) for each in results):
        return Judgement(NOT_MEASURED, "exposure was not measured")
    exposed = max(each["durability"]["exposure_writes_max"] for each in results)
    lost = max(_lost(each) for each in results)
    seen = f"{exposed:,} exposed" + (f", {lost:,} lost" if lost else "")
    worst = max(exposed, lost)
    if worst > limit:
        return Judgement(MISSED, seen, worst / limit if limit else math.inf, worst)
    written = sum(map(_acknowledged, results))
    return Judgement(MET, seen if limit else f"0 of {written:,} writes{_below(written)}")


def _lost(result):
    divergence = result.get("consistency", {}).get("divergence", {})
    return divergence.get("after_drain", {}).get("store_lost", 0)


def _acknowledged(result):
    kinds = [kind for name, kind in result["operations"].items() if name != "read"]
    return sum(each["count"] - each.get("failed", 0) - each.get("unknown", 0) for each in kinds)


def _written(results):
    return any(name != "read" for each in results for name in each["operations"])


def read_p99(results, limit):
    """99 of 100 reads were faster, in an open loop from when they were due"""
    return _tail(results, limit, "read")


def write_p99(results, limit):
    """99 of 100 writes were faster, in an open loop from when they were due"""
    return _tail(results, limit, "write")


def _tail(results, limit, kind):
    values = []
    for each in results:
        operation = each["operations"].get(kind) or each["operations"].get("read_modify_write")
        if operation is None:
            return Judgement(MET, f"no {kind} was asked for")
        quantiles = operation.get("response_ns") or operation.get("latency_ns") or {}
        if "p99" not in quantiles or quantiles["count"] < 100 * TAIL_SAMPLES:
            return Judgement(NOT_MEASURED, f"too few {kind}s for a p99", missing="--duration 10s")
        if operation.get("failed", 0) + operation.get("unknown", 0) > 0.01 * operation["count"]:
            failed = operation.get("failed", 0) + operation.get("unknown", 0)
            return Judgement(
                MISSED, f"{out_of(failed, operation['count'])} {kind}s without answer", math.inf
            )
        values.append(quantiles["p99"])
    return _bounded([math.log(value) for value in values], limit, math.exp, duration)


def store_reads(results, limit):
    """reads that reached the store, per operation"""
    shares = []
    for each in results:
        if "reads" not in each.get("store", {}):
            return Judgement(NOT_MEASURED, "the store's reads were not counted")
        asked = sum(kind["count"] for kind in each["operations"].values())
        shares.append(each["store"]["reads"] / asked)
    return _bounded(shares, limit, float, short)


def _bounded(values, limit, back, show):
    """By the upper end of the interval; `back` turns a value into the unit of the limit."""
    estimate = intervals.centre(values)
    value = back(estimate.value)
    if estimate.high is None:
        few = f"{show(value)} in {estimate.n} run" + "s" * (estimate.n > 1)
        if value > limit:
            return Judgement(MISSED, few, value / limit if limit else math.inf, value)
        missing = f"--repeat {intervals.PAIRS_FOR_STUDENT}"
        return Judgement(NOT_MEASURED, few + ", too few for a bound", missing=missing)
    high = back(estimate.high)
    seen = f"{show(value)}, at most {show(high)}"
    if high <= limit:
        return Judgement(MET, seen)
    status = MISSED if value > limit else UNDECIDED
    return Judgement(status, seen, high / limit if limit else math.inf, high)


def _below(trials, of="", what=""):
    """What so many trials without an event leave possible, in 95 of 100 cases."""
    words = " ".join(word for word in (of, what) if word)
    bound = percent(intervals.zero_bound(trials))
    return f" (below {bound}{' ' if words else ''}{words})"


def _sum(objects, name):
    return sum(each.get(name, 0) for each in objects)


def _rounded(ns):
    return f"{math.ceil(ns / 1e9)}s"


def nanoseconds(text):
    """A duration as the command line of `stalemark` takes it, in ns. Throws ValueError."""
    scale = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9}
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)|0", str(text).strip())
    if not found:
        raise ValueError(f"expected a duration such as 250us, 1.5s or 0, got '{text}'")
    return float(found[1]) * scale[found[2]] if found[1] else 0.0


def count(text):
    if not re.fullmatch(r"\d+", str(text).strip()):
        raise ValueError(f"expected a whole number, got '{text}'")
    return int(text)


def number(text):
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = math.nan
    if not 0 <= value < math.inf:
        raise ValueError(f"expected a number of at least 0, got '{text}'")
    return value


REQUIREMENTS = {
    "stale_age_max": Requirement("stale age", stale_age, duration, nanoseconds, "AGE"),
    "read_your_writes": Requirement("own writes seen", read_your_writes, str),
    "monotonic_reads": Requirement("reads never go back", monotonic_reads, str),
    "writes_lost_max": Requirement("writes at risk", writes_lost, "{:,}".format, count, "N"),
    "read_p99_max": Requirement("read p99", read_p99, duration, nanoseconds, "TIME"),
    "write_p99_max": Requirement("write p99", write_p99, duration, nanoseconds, "TIME"),
    "store_reads_max": Requirement("store reads an operation", store_reads, short, number, "N"),
}


def of_workload(fields):
    """{name: limit} of a workload's `requirements`, without those that ask for nothing."""
    limits = {}
    for name, requirement in REQUIREMENTS.items():
        value = fields.get(name, "none")
        if value is not False and value != "none":  # 0 is a limit, and equals False.
            limits[name] = requirement.parse(value) if requirement.parse else True
    return limits
