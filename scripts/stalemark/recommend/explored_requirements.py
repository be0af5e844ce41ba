# SPDX-License-Identifier: Apache-2.0
"""Whether an explored schedule breaks a requirement: then it is missed, whatever the runs saw.

Evictions happen on any day and count; of failures only those that a requirement is about do.
*Never stale* is held to linearizability: a read that goes behind what another client has already
read is stale, even if the write was not acknowledged yet.
"""

import math

from stalemark.common import races
from stalemark.common.figures import duration
from stalemark.guarantees import wording
from stalemark.guarantees.statement import EVERYDAY, STALE
from stalemark.recommend.judgements import MISSED, SCHEDULE_KNOWN, Judgement, excess

OWN = ("read_your_writes",)
FOR_ZERO = {  # What a limit of 0, or a plain demand, excludes: classes and faults.
    "stale_age_max": (STALE, EVERYDAY),
    "stale_fraction_max": (STALE, EVERYDAY),
    "read_your_writes": (OWN, EVERYDAY),
    "own_writes_missed_max": (OWN, EVERYDAY),
    "monotonic_reads": (("monotonic_reads",), EVERYDAY),
    "writes_lost_max": (("store_older",), (*EVERYDAY, "crash")),
}


def judged(name, limit, judgement, results, statement):
    """The judgement, or that an explored schedule breaks the requirement. What a race misses is
    left as it is."""
    if statement is None or judgement.status == MISSED:
        return judgement
    return _broken(name, limit, results, statement) or judgement


def _broken(name, limit, results, statement):
    if name in FOR_ZERO and _is_plain(limit):
        verdict = statement.broken(*FOR_ZERO[name])
        return verdict and Judgement(MISSED, SCHEDULE_KNOWN + wording.sentence(verdict), math.inf)
    if name != "stale_age_max":
        return None
    verdict = statement.broken(("permanent_after_ttl",))
    if verdict:
        return Judgement(MISSED, SCHEDULE_KNOWN + wording.sentence(verdict), math.inf)
    return _until_ttl(limit, results, statement)


def _until_ttl(limit, results, statement):
    """What is left stale until its TTL is too old where that is longer than the limit."""
    verdict = statement.broken(("permanent",))
    bounds = [races.bound_ns(each) for each in results]
    bound = None if None in bounds else max(bounds)
    if verdict is None or bound is not None and bound <= limit:
        return None
    seen = SCHEDULE_KNOWN + wording.sentence(verdict)
    if bound is None:
        return Judgement(MISSED, seen, math.inf)
    return Judgement(MISSED, f"{seen}; for up to {duration(bound)}", excess(bound, limit), bound)


def proved(limits, statement):
    """What speaks for a protocol that meets these requirements; "" if nothing does."""
    wanted = {one for name, limit in limits.items() for one in _excluded(name, limit)}
    return wording.proof(statement, tuple(sorted(wanted))) if statement and wanted else ""


def _excluded(name, limit):
    if name in FOR_ZERO and _is_plain(limit):
        return FOR_ZERO[name][0]
    return ("permanent_after_ttl",) if name == "stale_age_max" else ()


def _is_plain(limit):
    return limit is True or limit == 0
