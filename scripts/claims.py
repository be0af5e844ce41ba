"""The article's grades and when a measurement contradicts one.

Each rule is a function whose docstring is what the reader of the matrix is told. It gets the
figures of one protocol on one workload and answers a verdict and the figure behind it. A grade is
contradicted if one workload contradicts it: the article makes no exceptions. An operation that
was not answered is slower than any other (due_operations.py).
"""

import json
import pathlib

from figures import duration, out_of, times

CONTRADICTED = "contradicted"
UNDECIDED = "undecided"
AGREES = "not contradicted"
NOT_MEASURED = "not measured"
TOO_SHORT = "the run is shorter than the bound"  # As src/experiment/verdict.cc says.
CLAIMS = json.loads(pathlib.Path(__file__).with_name("claims.json").read_text())


def strong(figures):
    """contradicted by one definitely stale read, one violation of read-your-writes or monotonic
    reads, or one entry unlike the store after everything was drained"""
    seen = figures["consistency"]
    if "stale_reads" not in seen:
        return NOT_MEASURED, ""
    found = []
    if seen["stale_reads"]:
        found.append(f"stale reads: {out_of(seen['stale_reads'], seen['reads_checked'])}")
    for name in ("read_your_writes", "monotonic_reads"):
        if seen.get(f"{name}_violations"):
            count = out_of(seen[f"{name}_violations"], seen.get(f"{name}_eligible"))
            found.append(f"violations of {name.replace('_', ' ')}: {count}")
    if seen.get("unlike_store_after_drain"):
        found.append(_left_unlike(seen, "after_drain"))
    return (CONTRADICTED, "; ".join(found)) if found else (AGREES, "")


def eventual(figures):
    """contradicted by entries that nothing will mend: unlike the store after everything was
    drained and every TTL is over (without a TTL: after everything was drained), or by
    acknowledged writes that never reached the store"""
    seen = figures["consistency"]
    when = "after_ttl" if "unlike_store_after_ttl" in seen else "after_drain"
    if f"unlike_store_{when}" not in seen:
        return NOT_MEASURED, ""
    found = []
    if seen[f"unlike_store_{when}"] and (when == "after_ttl" or "longest_ttl_ns" not in seen):
        found.append(_left_unlike(seen, when))
    if seen.get(f"store_lost_{when}"):
        found.append(f"keys whose last write never reached the store: {seen[f'store_lost_{when}']}")
    return (CONTRADICTED, "; ".join(found)) if found else (AGREES, "")


def eventual_ttl(figures):
    """as Eventual, and by a read that is more out of date than the longest life of an entry and the
    longest load together allow; undecided where every run was too short for one"""
    verdict, why = eventual(figures)
    seen = figures["consistency"]
    if verdict == AGREES and TOO_SHORT in seen.get("promise", {}).get("untested_because", []):
        if not seen["promise"]["kept"] + seen["promise"]["broken"]:
            return UNDECIDED, ""
    if seen.get("contract_violations") and "longest_ttl_ns" in seen:
        age, ttl = duration(seen["read_age_max_ns"]), duration(seen["longest_ttl_ns"])
        older = f"a read {age} out of date under a TTL of {ttl}"
        return CONTRADICTED, f"{why}; {older}" if why else older
    return verdict, why


def _left_unlike(seen, when):
    moment = when.replace("_", " ").replace("ttl", "the TTL")
    count = out_of(seen[f"unlike_store_{when}"], seen.get(f"resident_{when}"))
    return f"entries unlike the store {moment}: {count}"


def excellent(figures):
    """contradicted where the median read takes at least as long as without a cache, or a reading
    client gets no more reads done (whole interval)"""
    return _faster(figures["read"], "read p50", "read rate")


def good(figures):
    """contradicted where the median read takes at least as long as without a cache (whole
    interval)"""
    return _faster(figures["read"], "read p50")


def fast(figures):
    """contradicted where the median write takes at least as long as without a cache, or a writing
    client gets no more writes done (whole interval)"""
    return _faster(figures["write"], "write p50", "write rate")


def slower(figures):
    """contradicted where the median write takes at most as long as without a cache (whole
    interval)"""
    return _judge(
        figures["write"],
        ("write p50",),
        contradicts=lambda low, high: high <= 1,
        agrees=lambda low, high: low > 1,
    )


def unaffected(figures):
    """contradicted where the median write takes more than 10% more or less than without a cache
    (whole interval outside 0.9 .. 1.1)"""
    return _judge(
        figures["write"],
        ("write p50",),
        contradicts=lambda low, high: low > 1.1 or high < 0.9,
        agrees=lambda low, high: low >= 0.9 and high <= 1.1,
    )


def _faster(measured, *names):
    return _judge(
        measured,
        names,
        contradicts=lambda low, high: low >= 1,
        agrees=lambda low, high: high < 1,
    )


def _judge(measured, names, contradicts, agrees):
    """Both rules see an interval of times relative to the baseline; that of a rate is turned over.
    One that contradicts is enough, all must agree, and without an interval nothing is decided."""
    ratios = {name: _decisive(measured, name.split()[1]) for name in names}
    if not any(ratios.values()):
        return NOT_MEASURED, ""
    times_of = {
        name: (1 / each.high, 1 / each.low) if name.endswith("rate") else (each.low, each.high)
        for name, each in ratios.items()
        if each and each.low is not None
    }
    against = [name for name, interval in times_of.items() if contradicts(*interval)]
    if against:
        return CONTRADICTED, ", ".join(f"{name} {times(ratios[name])}" for name in against)
    if len(times_of) == len(names) and all(agrees(*interval) for interval in times_of.values()):
        return AGREES, ""
    return UNDECIDED, ""


def _decisive(measured, name):
    """A rate of the answered alone decides nothing."""
    is_of_answered = name == "rate" and "rate_of_answered" in measured
    return None if is_of_answered else measured.get(f"{name}_ratio")


def too_simple_for(facts, grade, others):
    """contradicted where a strategy that is graded more complex is at most as large in every
    counted fact and smaller in one"""
    rank = ("Low", "Medium", "High").index
    against = [
        f"{name} ({other_grade}) counts no more in any fact and less in one"
        for name, other_grade, other in others
        if rank(other_grade) > rank(grade)
        and all(other[fact] <= facts[fact] for fact in facts)
        and any(other[fact] < facts[fact] for fact in facts)
    ]
    return (CONTRADICTED, "; ".join(against)) if against else (AGREES, "")


RULES = {
    "consistency": {"Strong": strong, "Eventual": eventual, "Eventual (TTL)": eventual_ttl},
    "read": {"Excellent": excellent, "Good": good, "Good after warm": good},
    "write": {"Fast": fast, "Slower": slower, "Unaffected": unaffected},
    "complexity": {grade: too_simple_for for grade in ("Low", "Medium", "High")},
}


def judge(strategy, by_workload, counted):
    """For each aspect that the article grades: the grade, the verdict, and for a contradiction the
    figures with their workloads. `by_workload`: {title: figures}; `counted`: {strategy: facts}."""
    judged = {}
    for aspect, grade in CLAIMS["grades"].get(strategy, {}).items():
        rule = RULES[aspect][grade]
        if aspect == "complexity":
            verdict, why = _complexity(strategy, grade, counted)
        else:
            verdict, why = _worst({title: rule(each) for title, each in by_workload.items()})
        judged[aspect] = {"grade": grade, "verdict": verdict, **({"why": why} if why else {})}
    return judged


def _complexity(strategy, grade, counted):
    if strategy not in counted:
        return NOT_MEASURED, ""
    others = [
        (name, graded["complexity"], counted[name])
        for name, graded in CLAIMS["grades"].items()
        if name in counted and name != strategy
    ]
    return too_simple_for(counted[strategy], grade, others)


def _worst(by_workload):
    against = [f"{title}: {why}" for title, (verdict, why) in by_workload.items() if why]
    if against:
        return CONTRADICTED, "; ".join(against)
    verdicts = {verdict for verdict, _ in by_workload.values()}
    for verdict in (UNDECIDED, AGREES):
        if verdict in verdicts:
            return verdict, ""
    return NOT_MEASURED, ""
