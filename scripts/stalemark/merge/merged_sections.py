# SPDX-License-Identifier: Apache-2.0
"""Sections of several results as those of one run: sets of quantiles, timeline, faults, promise and
warm-up.
"""

import collections
import re

from stalemark.common import histograms
from stalemark.common.command import Refusal


def histogram_name(figure):
    """Under which `histograms` holds that of a set of quantiles: "operations.read.latency_ns" is
    `read`, "operations.read.by_outcome.hit.latency_ns" `read.hit`,
    "operations.read.failed_latency_ns" `read.failed`; all else has its own name."""
    words = figure.split(".")
    if words[0] != "operations":
        return figure
    kept = [word for word in words[1:] if word not in ("by_outcome", "latency_ns")]
    return ".".join(word.removesuffix("_latency_ns") for word in kept)


class Quantiles:
    """Merges sets, and keeps the histograms that they come from."""

    def __init__(self, runs, leave_out):
        """`leave_out(name, why)` is told what cannot be merged."""
        self._runs = runs
        self._leave_out = leave_out
        self._texts = {}

    def merge(self, figure, holders):
        """The set `figure` from (file, set) of each run that has it."""
        filled = [(file, each) for file, each in holders if each["count"] > 0]
        if not filled:
            return holders[0][1]
        texts = {file: self._text(file, figure, each["count"]) for file, each in filled}
        lacking = [file for file, text in texts.items() if text is None]
        if not lacking:
            counts = histograms.merged(texts.values())
            self._texts[histogram_name(figure)] = histograms.text_of(counts)
        if len(filled) == 1:
            return filled[0][1]
        sets = [each for _, each in filled]
        found = {name: rule(each[name] for each in sets)
                 for name, rule in (("min", min), ("max", max), ("sum", sum), ("count", sum))
                 if all(name in each for each in sets)}  # fmt: skip
        if "sum" in found:
            found["mean"] = (2 * found["sum"] + found["count"]) // (2 * found["count"])
        else:
            self._leave_out(f"{figure}.mean", "not every part has the sum")
        if lacking or not {"min", "max"} <= found.keys():
            where = (lacking or list(texts))[0]
            self._leave_out(f"{figure}.p50 and the like", f"{where} lacks their histogram")
        else:
            found |= {
                name: value
                for name, value in histograms.quantiles(counts, found["min"], found["max"]).items()
                if figure not in histograms.AGES or found["count"] >= histograms.SHOWN_BY[name]
            }
        return found

    def texts(self, merged):
        """`histograms` of the merged result: as the program does, without those of an only
        outcome."""
        found = dict(self._texts)
        for kind, section in merged.get("operations", {}).items():
            for outcome, part in section.get("by_outcome", {}).items():
                if part["count"] == section.get("latency_ns", {}).get("count"):
                    found.pop(f"{kind}.{outcome}", None)
        return found

    def _text(self, file, figure, count):
        """The histogram of the set in this result; None if it has none."""
        data, name = self._runs[file], histogram_name(figure)
        kind, _, outcome = name.partition(".")
        section = data.get("operations", {}).get(kind, {})
        texts = data.get("histograms", {})
        if name not in texts and outcome in section.get("by_outcome", {}):
            is_only = section.get("latency_ns", {}).get("count") == count
            name = kind if is_only else name
        if name not in texts:
            return None
        held = sum(histograms.merged([texts[name]]).values())
        if held != count:
            raise Refusal(f"{file}: histograms.{name} holds {held} durations; {figure}.count is"
                          f" {count}")  # fmt: skip
        return texts[name]


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
