# SPDX-License-Identifier: Apache-2.0
"""Sections of results that are no counts: timeline, faults, promise, warm-up."""

import collections
import re

NONE_IF_ABSENT = ("stale_hits", "unanswered")  # Of an interval.
VERDICTS = ("broken", "untested", "kept")  # The worst first.
# Ends of a warm-up, those that tell the least of a warm cache first.
ENDS = ("interrupted", "limit", "none", "workload", "duration", "stable")
BREACH = re.compile(r"(.*) \((\d+)\)")
REASONS = "; "


def timeline(lines, leave_out):
    """Interval by interval, where all have the same ones up to their ends. An interval has no
    histograms: the quantiles of several cannot be merged."""
    longest = max(lines, key=len)
    if any(at["at_ns"] != other["at_ns"] for line in lines for at, other in zip(line, longest)):
        return leave_out("timeline", "intervals differ")
    if len(lines) == 1:
        return longest
    return [
        _interval([line[number] for line in lines if number < len(line)], leave_out)
        for number in range(len(longest))
    ]


def _interval(parts, leave_out):
    found = {"at_ns": parts[0]["at_ns"]}
    for name in dict.fromkeys(name for part in parts for name in part if name != "at_ns"):
        values = [part[name] for part in parts if name in part]
        if name.endswith("_ns"):
            leave_out(f"timeline.{name}", "an interval has no histogram")
        elif len(values) == len(parts) or name in NONE_IF_ABSENT:
            found[name] = max(values) if name.endswith("_max") else sum(values)
        else:
            leave_out(f"timeline.{name} at {found['at_ns']}", "not in every part")
    return found


def faults(lists, leave_out):
    """One by one: all parts were asked for the same."""
    found = []
    for entries in zip(*lists):
        asked = [{**entry, "calls_hit": 0} for entry in entries]
        if len(entries) < len(lists) or any(each != asked[0] for each in asked):
            return leave_out("faults", "differs")
        hit = [entry["calls_hit"] for entry in entries if "calls_hit" in entry]
        found.append({**entries[0], **({"calls_hit": sum(hit)} if hit else {})})
    return found


def promise(sections, leave_out):
    """The worst verdict, and everything that broke it in any part."""
    if any(each["declared"] != sections[0]["declared"] for each in sections):
        return leave_out("promise", "differs")
    verdict = min((each["verdict"] for each in sections), key=VERDICTS.index)
    found = {"declared": sections[0]["declared"], "verdict": verdict}
    if any("broken_by" in each for each in sections):
        found["broken_by"] = _breaches(sections)
    reasons = {reason for each in sections if verdict == "untested"
               for reason in each.get("untested_because", "").split(REASONS) if reason}  # fmt: skip
    if reasons:
        found["untested_because"] = REASONS.join(sorted(reasons))
    return found


def warmup(sections, elapsed, leave_out):
    """The end that tells the least of a warm cache; `stable` where each part's was. `elapsed`: how
    times add up, side by side or in turn. Of the hit ratio no part says how many reads it is of."""
    found = {
        "duration_ns": elapsed(each["duration_ns"] for each in sections),
        "operations": sum(each["operations"] for each in sections),
    }
    ratios = [each.get("hit_ratio") for each in sections]
    if all(ratio == ratios[0] for ratio in ratios):
        found |= {} if ratios[0] is None else {"hit_ratio": ratios[0]}
    else:
        leave_out("warmup.hit_ratio", "differs")
    found["ended_because"] = min((each["ended_because"] for each in sections), key=ENDS.index)
    told = [each["stable"] for each in sections if "stable" in each]
    if told and found["ended_because"] != "none":
        found["stable"] = all(told) and len(told) == len(sections)
    return found


def _breaches(sections):
    """Each with its count in all parts: "stale_reads (3)". Exposure is a maximum."""
    times = collections.Counter()
    for text in (text for each in sections for text in each.get("broken_by", [])):
        match = BREACH.fullmatch(text)
        what, count = (match[1], int(match[2])) if match else (text, 0)
        is_most = what == "exposure_writes"
        times[what] = max(times[what], count) if is_most else times[what] + count
    return [f"{what} ({count})" if count else what for what, count in sorted(times.items())]
