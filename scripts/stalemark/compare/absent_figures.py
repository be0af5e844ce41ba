# SPDX-License-Identifier: Apache-2.0
"""What it means that a result lacks a figure which another one of the same configuration has.

A count of what need not occur (a kind of operation, an outcome) is absent where nothing did, and is
0. What is taken of a set of durations or operations is absent where that is empty. Everything else
was due: the same program, asked the same, tells it. docs/results.md says which figure is which.
"""

import re

from stalemark.common import histograms

NONE = re.compile(
    r"operations\.\w+\.(count|failed|unknown|absent|by_outcome\.\w+\.count)"
    r"|consistency\.(session_(lookups|found)|writes_looked_for\.\w+)"
)
# Absent for want of a fault, a queue or a mistake to count, and so none - but where an equal
# configuration had them, they are due.
NONE_IN_BASE = re.compile(
    r"(shared_)?cache\.(failed|cleared)|durability\.writes_behind\.\w+"
    r"|consistency\.(values_corrupt|phantom_reads)"
)
ANSWERED = (r"operations.\1.count", r"-operations.\1.failed", r"-operations.\1.unknown")
# Figure: the counts whose sum (those with a "-" taken off) is the size of the set that it is taken
# of. Without counts: no other figure tells it. The first that fits applies.
TAKEN_OF = {
    r".*_ns\.sum": (),  # Absent from 2^63 on.
    r"operations\.(\w+)\.(?:latency|response)_ns\.\w+": ANSWERED,
    r"operations\.(\w+)\.by_outcome\.(\w+)\.latency_ns\.\w+": (
        r"operations.\1.by_outcome.\2.count",
    ),
    r"operations\.(\w+)\.(?:failed|unknown)_fraction": (r"operations.\1.count",),
    r"operations\.(\w+)\.(failed|unknown)_latency_ns\.\w+": (r"operations.\1.\2",),
    r"histograms\.(\w+)\.(failed|unknown)": (r"operations.\1.\2",),
    r"histograms\.(\w+)(?:\.response_ns)?": ANSWERED,
    r"histograms\.(\w+\.\w+_ns)": (r"\1.count",),
    r"histograms\.\w+\.\w+": (),  # Of an outcome: absent, too, where it is the only one.
    r"warmup\.(?:hit_ratio|stable)": (),  # A warm-up may be without reads, or none.
    r"cache\.hit_ratio": ("operations.read.count", "operations.read_modify_write.count"),
    r"store\.loads_per_herd": ("store.reads", "-store.redundant_reads"),
    r"store\.queue_ns\.\w+": ("store.reads", "store.writes", "store.deletes", "-store.failed"),
    r"consistency\.stale_fraction": ("consistency.reads_checked",),
    r"consistency\.(?:stale_age_ns\.\w+|version_lag_max)": ("consistency.ages_sampled",),
    r"consistency\.stale_by_design_age_ns\.\w+": (),  # Of those whose ages are known.
    r"consistency\.session_coverage": ("consistency.session_lookups",),
    r"consistency\.visible_within\.(\w+)": (r"consistency.writes_looked_for.\1",),
    r"events\.delay_ns\.\w+": ("events.delivered",),
    r"(.+_ns)\.(?!count)\w+": (r"\1.count",),
}


def is_none(name, is_base=False):
    """Whether its absence says 0; `is_base`: in a run of BASE, of a figure that HEAD has."""
    return bool(NONE.fullmatch(name) or (is_base and NONE_IN_BASE.fullmatch(name)))


def is_due(name, figures):
    """Whether a run with these figures ought to have this one, as one like it has it."""
    if name == "promise.untested_because":
        return figures.get("promise.verdict") == "untested"
    if name == "timeline":  # A merged result, which has no trace, may have none.
        return "virtual.trace_hash" in figures
    figure, _, share = name.rpartition(".")
    if figure in histograms.AGES and share in histograms.SHOWN_BY:
        ages = "consistency.ages_sampled" if figure == histograms.AGES[0] else f"{figure}.count"
        return _count(ages, figures) >= histograms.SHOWN_BY[share]
    for pattern, counts in TAKEN_OF.items():
        if found := re.fullmatch(pattern, name):
            return sum(_count(found.expand(each), figures) for each in counts) > 0
    return not is_none(name)


def _count(name, figures):
    value = figures.get(name.removeprefix("-"), 0)
    return -value if name.startswith("-") else value
