# SPDX-License-Identifier: Apache-2.0
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

from stalemark.common import due_operations, durations
from stalemark.common.command import Refusal
from stalemark.common.figures import duration, percent, short
from stalemark.recommend import consistency_requirements, tail_requirements
from stalemark.recommend.judgements import (
    MET, MISSED, NO_WRITES, NOT_MEASURED, Judgement, below, bounded, excess,
)  # fmt: skip
from stalemark.common.workload_mix import CHANGES, asked


@dataclasses.dataclass(frozen=True)
class Requirement:
    title: str
    judge: object  # (results, limit) -> Judgement
    show: object  # (limit) -> text
    parse: object = None  # (text of a workload or the command line) -> limit; None: yes or no.
    metavar: str = ""
    digits: int | None = None  # That `show` keeps of a limit; None: all.


def writes_lost(results, limit):
    """the most acknowledged writes that a crash could have cost at one moment of any run, or that
    never reached the store"""
    if not asked(results, CHANGES):
        return Judgement(MET, NO_WRITES)
    if any("exposure_writes_max" not in each.get("durability", {}) for each in results):
        return Judgement(NOT_MEASURED, "exposure was not measured")
    exposed = max(each["durability"]["exposure_writes_max"] for each in results)
    lost = max(_lost(each) for each in results)
    seen = f"{exposed:,} exposed" + (f", {lost:,} lost" if lost else "")
    worst = max(exposed, lost)
    if worst > limit:
        return Judgement(MISSED, seen, excess(worst, limit), worst)
    written = sum(due_operations.answered_of(each, CHANGES) for each in results)
    if not written:
        return Judgement(NOT_MEASURED, "no write was acknowledged")
    return Judgement(MET, seen if limit else f"0 of {written:,} writes{below(written)}")


def _lost(result):
    divergence = result.get("consistency", {}).get("divergence", {})
    return divergence.get("after_drain", {}).get("store_lost", 0)


def store_reads(results, limit):
    """reads that reached the store, per operation that succeeded"""
    shares = []
    for each in results:
        if "reads" not in each.get("store", {}):
            return Judgement(NOT_MEASURED, "the store's reads were not counted")
        done = due_operations.answered(each)
        if not done:
            return Judgement(NOT_MEASURED, "no operation succeeded")
        shares.append(each["store"]["reads"] / done)
    return bounded(shares, limit, float, short)


def count(text):
    if not re.fullmatch(r"\d+", str(text).strip()):
        raise ValueError(f"expected a whole number, got '{text}'")
    return int(text)


def share(text):
    value = number(text)
    if value > 1:
        raise ValueError(f"expected a share from 0 to 1, got '{text}'")
    return value


def number(text):
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = math.nan
    if not 0 <= value < math.inf:
        raise ValueError(f"expected a number of at least 0, got '{text}'")
    return value


REQUIREMENTS = {
    "stale_age_max": Requirement(
        "stale age", consistency_requirements.stale_age, duration, durations.nanoseconds, "AGE", 3
    ),
    "stale_fraction_max": Requirement(
        "share of stale reads", consistency_requirements.stale_fraction, percent, share, "SHARE", 2
    ),
    "read_your_writes": Requirement(
        "own writes seen", consistency_requirements.read_your_writes, str
    ),
    "own_writes_missed_max": Requirement(
        "share of own writes missed", consistency_requirements.own_writes_missed, percent, share,
        "SHARE", 2,
    ),
    "monotonic_reads": Requirement(
        "reads never go back", consistency_requirements.monotonic_reads, str
    ),
    "writes_lost_max": Requirement("writes at risk", writes_lost, "{:,}".format, count, "N"),
    "read_p99_max": Requirement(
        "read p99", tail_requirements.read_p99, duration, durations.nanoseconds, "TIME", 3
    ),
    "write_p99_max": Requirement(
        "write p99", tail_requirements.write_p99, duration, durations.nanoseconds, "TIME", 3
    ),
    "store_reads_max": Requirement("store reads per operation", store_reads, short, number, "N", 2),
}


def of_workload(fields):
    """{name: limit} of a workload's `requirements`, without those that ask for nothing. Raises
    Refusal for a limit that is none."""
    limits = {}
    for name, requirement in REQUIREMENTS.items():
        value = fields.get(name, "none")
        if value is False or value == "none":  # 0 is a limit, and equals False.
            continue
        try:
            limits[name] = requirement.parse(value) if requirement.parse else True
        except ValueError as error:
            raise Refusal(f"requirements of a workload: {name}: {error}") from None
    return limits
