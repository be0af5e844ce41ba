# SPDX-License-Identifier: Apache-2.0
"""Sets of quantiles of several results as those of one recorder that had seen all durations."""

import histograms
from command import Refusal


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
