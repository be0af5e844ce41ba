# SPDX-License-Identifier: Apache-2.0
"""The report in short: what was found, in a sentence each."""

import collections
import dataclasses
import math

from stalemark.common import intervals
from stalemark.common.figures import percent, times
from stalemark.matrix import claims
from stalemark.matrix.measures import BASELINE

NAMES = 6  # So many protocols are named; of more, how many.


@dataclasses.dataclass(frozen=True)
class Line:
    title: str
    text: str
    kind: str = "plain"  # "good", "bad" or "plain".
    link: str = ""


def lines(built):
    rows = built["overall"]
    found = [] if built["answers"] else [_claims(rows)]
    found += [_never_stale(built), *_fastest(built), _exposed(rows)]
    return [line for line in found if line]


def _claims(rows):
    verdicts = collections.Counter(
        claim["verdict"] for row in rows for claim in row["claims"].values()
    )
    if not verdicts:
        return None
    against = verdicts[claims.REFUTED]
    text = f"{against} of {verdicts.total()} are refuted"
    for verdict, words in ((claims.HOLDS, "hold"), (claims.DEPENDS, "depend on an assumption"),
                           (claims.UNDECIDED, "are undecided"),
                           (claims.NOT_TESTED, "were not tested"),
                           (claims.FACT, "of complexity are facts")):  # fmt: skip
        text += f", {verdicts[verdict]} {words}" if verdicts[verdict] else ""
    return Line("The article's grades", text, "bad" if against else "plain", "#contradictions")


def _everywhere(built):
    return [row for row in built["overall"] if row["workloads"] == len(built["workloads"])]


def _never_stale(built):
    """Only of protocols that ran on all workloads: where nothing is written, nothing is stale."""
    judged = [row for row in _everywhere(built) if row["consistency"].get("reads_checked")]
    never = [row for row in judged if not row["consistency"]["stale_reads"]]
    if not judged:
        return None
    names = _names([row["protocol"] for row in never])
    if not never:
        return Line("Never stale", f"none of {len(judged)} protocols", "bad")
    least = min(row["consistency"]["reads_checked"] for row in never)
    bound = intervals.zero_bound(least)
    text = (
        f"{names}: 0 of {least:,} reads or more, so below {percent(bound)} with 95% confidence (if"
        " reads are independent)"
    )
    if others := len(judged) - len(never):
        text += f"; {others} of {len(judged)} protocols were stale"
    return Line("Never stale", text)


def _fastest(built):
    """Only among protocols that ran on all workloads: else the workloads make the difference."""
    for title, of in (
        ("Fastest reads", lambda row: row["read"].get("p50_ratio")),
        ("Fastest writes", lambda row: row["write"].get("p50_ratio")),
    ):
        known = [(of(row), row) for row in _everywhere(built)
                 if of(row) and not math.isnan(of(row).value)]  # fmt: skip
        others = [pair for pair in known if pair[1]["settings"]["strategy"] != BASELINE]
        if len(others) < 2:
            continue
        best, row = min(others, key=lambda pair: pair[0].value)
        if best.value == math.inf:
            yield Line(title, "more than half were never answered, whatever the protocol", "bad")
            continue
        close = [
            other["protocol"] for estimate, other in known
            if other is not row and not _is_apart(best, estimate)
        ]  # fmt: skip
        if best.low is None:
            close_text = "; too few repetitions to tell it from others"
        else:
            close_text = f"; not told apart from it: {_names(close)}" if close else ""
        yield Line(title, f"{row['protocol']}: p50 {times(best)} no_cache{close_text}")


def _is_apart(best, other):
    return None not in (best.high, other.low) and best.high < other.low


def _exposed(rows):
    known = {
        row["protocol"]: row["durability"]["exposure_writes_max"]
        for row in rows if "exposure_writes_max" in row["durability"]
    }  # fmt: skip
    if not known:
        return None
    in_danger = {label: most for label, most in known.items() if most}
    if not in_danger:
        return Line("Unpersisted writes", "no acknowledged write of any protocol", "good")
    worst = max(in_danger, key=in_danger.get)
    text = f"{worst}: up to {in_danger[worst]:,} acknowledged writes at the worst moment"
    others = len(known) - len(in_danger)
    text += f"; none with {others} of {len(known)} protocols"
    return Line("Unpersisted writes", text, "bad")


def _names(labels):
    if len(labels) <= NAMES:
        return ", ".join(labels)
    return f"{', '.join(labels[: NAMES - 2])} and {len(labels) - NAMES + 2} others"
