"""Whether 99 of 100 operations were fast enough, of all that were due.

An operation that failed, whose outcome nobody knows or that was never sent was not answered in any
time: it counts as one that took for ever. A p99 is thus the latency of that rank among all that
were due, and there is none where more than one of 100 was not answered.
"""

import dataclasses
import math

import histograms
import workload_mix
from figures import duration, out_of
from judgements import MET, MISSED, NOT_MEASURED, Judgement, bounded, more_of

TAIL_SAMPLES = 10  # A quantile beyond which fewer lie is one of them, and no quantile.
DUE_MIN = 100 * TAIL_SAMPLES
# The first of them that the workload asks for stands for the others.
KINDS = {"read": ("read", "read_modify_write"), "write": workload_mix.CHANGES}


@dataclasses.dataclass(frozen=True)
class Due:
    """What was due of a kind in a run, and what of it was answered and when."""

    result: dict
    kind: str

    @property
    def operation(self):
        return self.result["operations"].get(self.kind, {"count": 0})

    @property
    def dropped(self):
        """Of what was due and never sent, which is counted over all kinds: the largest share that
        a phase asks for, so that no phase has fewer of this kind (but for chance)."""
        dropped = self.result.get("schedule", {}).get("dropped", 0)
        return math.ceil(dropped * workload_mix.largest_share(self.result, self.kind))

    @property
    def count(self):
        return self.operation["count"] + self.dropped

    @property
    def unanswered(self):
        return self.operation.get("failed", 0) + self.operation.get("unknown", 0) + self.dropped

    @property
    def has_no_p99(self):
        return 100 * self.unanswered > self.count and self.unanswered >= TAIL_SAMPLES

    @property
    def quantiles(self):
        return self.operation.get("response_ns") or self.operation.get("latency_ns") or {}

    @property
    def p99(self):
        """In ns. Requires: `quantiles`, and not has_no_p99."""
        quantiles = self.quantiles
        if not self.unanswered:
            return quantiles["p99"]
        rank = self.count - self.count // 100
        name = self.kind + (".response_ns" if "response_ns" in self.operation else "")
        counts = histograms.merged([self.result.get("histograms", {}).get(name, "")])
        if counts.total() == quantiles["count"]:
            return histograms.at_rank(counts, rank, quantiles.get("min", 0), quantiles["max"])
        return _next_quantile(quantiles, rank)


def _next_quantile(quantiles, rank):
    """The least that a result without histograms tells of this rank or beyond it."""
    for name, share in histograms.QUANTILES.items():
        if name in quantiles and share * quantiles["count"] >= rank:
            return quantiles[name]
    return quantiles["max"]


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
    unanswered = [each for each in runs if each.has_no_p99]
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
    logarithms = [math.log(max(each.p99, 1)) for each in runs]  # No clock tells less than 1 ns.
    return bounded(logarithms, limit, math.exp, duration)
