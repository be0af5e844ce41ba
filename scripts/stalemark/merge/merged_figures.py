# SPDX-License-Identifier: Apache-2.0
"""The figures of several runs as those of one that saw all that they saw.

A count is a sum and a maximum a maximum; quantiles come from the sum of the histograms, a ratio
from the sums of its two parts. What no rule gives exactly is left out, and `notes` says why. Every
rule gives the same whether runs are merged at once or some of them first.
"""

import collections
import fnmatch
import math

from stalemark.merge import merged_sections

# What is absent where there was nothing to count; all else was not measured.
NONE_IF_ABSENT = (
    "operations.*", "consistency.version_lag_max", "consistency.session_*",
    "consistency.writes_looked_for.*",
)  # fmt: skip
# In one process, at one moment.
MOST = ("*_max", "durability.exposure_writes_at_stop", "resources.harness_bytes")
ANY = ("schedule.saturated",)
SHARES = {"failed_fraction": "failed", "unknown_fraction": "unknown"}  # Of an operation's count.


def _share(part, whole):
    return part / whole if whole else None


def _hit_ratio(data):
    kinds = [data["operations"].get(kind) for kind in ("read", "read_modify_write")]
    kinds = [kind for kind in kinds if kind]
    hits = (kind["by_outcome"].get(name, {"count": 0})["count"]
            for kind in kinds for name in ("hit", "stale_hit"))  # fmt: skip
    return _share(sum(hits), sum(kind["count"] for kind in kinds))


def _of(section, part, whole):
    return lambda data: _share(data[section][part], data[section][whole])


RATIOS = {  # From other figures of the same result.
    "cache.hit_ratio": _hit_ratio,
    "store.loads_per_herd": lambda data: _share(
        data["store"]["reads"], data["store"]["reads"] - data["store"]["redundant_reads"]
    ),
    "store.write_amplification": lambda data: _share(
        data["store"]["bytes_written"], data["resources"]["rocksdb"]["user_bytes_written"]
    ),
    "consistency.stale_fraction": _of("consistency", "stale_reads", "reads_checked"),
    "consistency.session_coverage": _of("consistency", "session_found", "session_lookups"),
}
VISIBLE = "consistency.visible_within"


class Merger:
    def __init__(self, runs, in_turn):
        """`runs`: {name of the file: result}; `in_turn`: one ran after the other."""
        self.runs = runs
        self.notes = {}  # {name of a figure left out: why}
        self.in_turn = in_turn
        self.quantiles = merged_sections.Quantiles(runs, self.leave_out)

    def leave_out(self, name, why):
        self.notes.setdefault(name, why)

    def figures(self, but):
        """Every section that can be merged, without those named in `but`."""
        elapsed = sum if self.in_turn else max
        own = {
            "context": self._context,
            "timeline": self._timeline,
            "faults": lambda values: merged_sections.faults(values, self.leave_out),
            "promise": lambda values: merged_sections.promise(values, self.leave_out),
            "elapsed_ns": elapsed,
            "warmup": lambda values: merged_sections.warmup(values, elapsed, self.leave_out),
            "histograms": lambda _: None,  # The quantiles bring theirs.
        }
        found = {}
        names = dict.fromkeys(name for data in self.runs.values() for name in data)
        for name in names:
            values = [data[name] for data in self.runs.values() if name in data]
            if name in but:
                continue
            if len(values) < len(self.runs):
                self.leave_out(name, "not in every part")
                continue
            rule = own.get(name, lambda _, name=name: self._any(name, self._holders(name)))
            found[name] = rule(values)
        self._ratios(found)
        found["histograms"] = self.quantiles.texts(found)
        return {name: value for name, value in found.items() if value is not None}

    def _holders(self, name):
        return [(file, data[name]) for file, data in self.runs.items()]

    def _any(self, name, holders):
        """The figure or section `name` from (file, value) of each run that has it."""
        values = [value for _, value in holders]
        if isinstance(values[0], dict):
            if name.endswith("_ns"):
                return self.quantiles.merge(name, holders)
            if name == "session":
                return values[0] if len(values) == 1 else self.leave_out(name, "differs")
            return self._section(name, holders)
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in MOST):
            return max(values)
        if name in ANY:
            return any(values)
        if all(type(value) is int for value in values):
            return sum(values)
        if all(value == values[0] for value in values):
            return values[0]
        return self.leave_out(name, "differs")

    def _section(self, name, parts):
        """`parts`: (file, section) of each run that has this section."""
        found = {}
        for key in dict.fromkeys(key for _, section in parts for key in section):
            inner = f"{name}.{key}"
            if inner in RATIOS or inner == VISIBLE or key in SHARES:
                continue
            holders = [(file, section[key]) for file, section in parts if key in section]
            is_set = inner.endswith("_ns") and isinstance(holders[0][1], dict)
            lacking = [section for _, section in parts if key not in section]
            if is_set or all(_means_none(inner, section) for section in lacking):
                value = self._any(inner, holders)
                if value is not None:
                    found[key] = value
            else:
                self.leave_out(inner, "not in every part")
        return found

    def _context(self, values):
        """The fields in which all agree. `merged.parts` has the others."""
        found = {}
        for name in dict.fromkeys(name for value in values for name in value):
            told = [value.get(name) for value in values]
            if all(value == told[0] for value in told):
                found[name] = told[0]
            else:
                self.leave_out(f"context.{name}", "differs")
        return found

    def _timeline(self, values):
        if self.in_turn and len(values) > 1:
            return self.leave_out("timeline", "the parts did not run at the same time")
        return merged_sections.timeline(values, self.leave_out)

    def _ratios(self, found):
        for name, formula in RATIOS.items():
            section, key = name.split(".")
            shown = {file: data[section][key] for file, data in self.runs.items()
                     if key in data.get(section, {})}  # fmt: skip
            if not shown:
                continue
            other = [file for file, value in shown.items()
                     if not _agrees(formula, self.runs[file], value)]  # fmt: skip
            value = None if other else _computed(formula, found)
            if value is not None:
                found[section][key] = value
            else:
                self.leave_out(name, f"other figures of {(other or list(shown))[0]} do not give it")
        for kind in found.get("operations", {}):
            self._shares(kind, found["operations"][kind])
        self._visibility(found)

    def _shares(self, kind, merged):
        parts = [data["operations"][kind] for data in self.runs.values()
                 if kind in data["operations"]]  # fmt: skip
        for share, name in SHARES.items():
            if not any(share in part for part in parts):
                continue
            if merged["count"] and name in merged and all(
                share in part and math.isclose(part[share] * part["count"], part[name], abs_tol=0.5)
                for part in parts
            ):
                merged[share] = merged[name] / merged["count"]
            else:
                self.leave_out(f"operations.{kind}.{share}", "other figures do not give it")

    def _visibility(self, found):
        section, key = VISIBLE.split(".")
        judged = [data[section] for data in self.runs.values() if key in data.get(section, {})]
        seen, looked_for = collections.Counter(), collections.Counter()
        for each in judged:
            for delay, share in each[key].items():
                count = each.get("writes_looked_for", {}).get(delay, 0)
                seen[delay] += round(share * count)  # The whole number that the share came from.
                looked_for[delay] += count
        shares = {delay: seen[delay] / count for delay, count in looked_for.items() if count}
        if shares and shares.keys() == found[section].get("writes_looked_for", {}).keys():
            found[section][key] = shares
        elif judged:
            self.leave_out(VISIBLE, "not every part has writes_looked_for")


def _means_none(name, section):
    """Whether the section lacks this figure as there was nothing to count. Results of older
    programs have a `session_coverage` without its parts."""
    if name.startswith("consistency.session_") and "session_coverage" in section:
        return False
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in NONE_IF_ABSENT)


def _computed(formula, data):
    try:
        return formula(data)
    except KeyError:
        return None


def _agrees(formula, data, value):
    computed = _computed(formula, data)
    return computed is not None and math.isclose(computed, value, rel_tol=1e-9)
