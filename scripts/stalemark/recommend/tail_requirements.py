# SPDX-License-Identifier: Apache-2.0
"""Whether 99 of 100 operations were fast enough, of all that were due: one without answer counts
as one that took for ever (due_operations.py).
"""

import math

from stalemark.common import workload_mix
from stalemark.common.due_operations import NEVER, Due
from stalemark.common.figures import duration, out_of
from stalemark.recommend.judgements import MET, MISSED, NOT_MEASURED, Judgement, bounded, more_of

TAIL_SAMPLES = 10  # A quantile beyond which fewer lie is one of them, and no quantile.
DUE_MIN = 100 * TAIL_SAMPLES
# The first of them that the workload asks for stands for the others.
KINDS = {"read": ("read", "read_modify_write"), "write": workload_mix.CHANGES}


def read_p99(results, limit):
    """99 of 100 reads that were due were answered faster, in an open loop from when they were due;
    those that failed or were never sent are not among the 99"""
    return _judge(results, limit, "read")


def write_p99(results, limit):
    """99 of 100 writes that were due were answered faster, in an open loop from when they were due;
    those that failed or were never sent are not among the 99"""
    return _judge(results, limit, "write")


def _judge(results, limit, kind):
    asked = workload_mix.asked(results, KINDS[kind])
    if not asked:
        return Judgement(MET, f"no {kind} was asked for")
    runs = [Due(each, asked[0]) for each in results]
    unanswered = [each for each in runs if _has_no_p99(each)]
    if unanswered:
        worst = max(unanswered, key=lambda each: each.unanswered / each.count)
        seen = f"{out_of(worst.unanswered, worst.count)} {kind}s of a run without answer"
        return Judgement(MISSED, seen, math.inf)
    fewest = min(runs, key=lambda each: each.count)
    if fewest.count < DUE_MIN:
        missing = more_of(fewest.result, DUE_MIN, fewest.count)
        return Judgement(NOT_MEASURED, f"too few {kind}s for a p99", missing=missing)
    if any(name not in each.quantiles for each in runs for name in ("p99", "max")):
        return Judgement(NOT_MEASURED, f"the latencies of {kind}s were not measured")
    # No clock tells less than 1 ns.
    logarithms = [math.log(max(each.quantile("p99"), 1)) for each in runs]
    return bounded(logarithms, limit, math.exp, duration)


def _has_no_p99(due):
    return due.quantile("p99") == NEVER and due.unanswered >= TAIL_SAMPLES
