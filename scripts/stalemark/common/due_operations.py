# SPDX-License-Identifier: Apache-2.0
"""What was due of a kind of operation in a run, what of it was answered, and when.

An operation that failed, whose outcome nobody knows or that was due and never sent was not answered
in any time: it counts as one that took for ever, slower than any limit and than any other. So
quantiles are of all that were due, and one may be NEVER. Every comparison of protocols or builds,
and every requirement, takes its times from here: what fails fast must not look fast.
"""

import dataclasses
import fractions
import math

from stalemark.common import histograms, workload_mix

NEVER = math.inf
# More than this share without answer, and an average of the others is compared with nothing.
TOLERATED = fractions.Fraction(1, 100)


@dataclasses.dataclass(frozen=True)
class Due:
    """Of one kind, in the result of one run."""

    result: dict
    kind: str

    @property
    def operation(self):
        return _operations(self.result).get(self.kind, {"count": 0})

    @property
    def dropped(self):
        """Of what was due and never sent, which is counted over all kinds: the largest share that
        an open phase asks for, so that no phase has fewer of this kind (but for chance). Of a
        trace, which has no mix, the share of what ran."""
        dropped = _dropped(self.result)
        if not dropped or not workload_mix.asked([self.result], [self.kind]):
            return 0
        return math.ceil(dropped * workload_mix.largest_open_share(self.result, self.kind))

    @property
    def count(self):
        return self.operation["count"] + self.dropped

    @property
    def unanswered(self):
        return _not_done(self.operation) + self.dropped

    @property
    def is_comparable(self):
        """Whether an average of the answered ones stands for all of them."""
        return self.unanswered <= TOLERATED * self.count

    @property
    def quantiles(self):
        """Of the answered ones; in an open loop from the instant at which each was due, since a
        late start is the system's doing as well. Where only some phases are open loops, from
        sending: times of both kinds cannot be taken together."""
        return self.operation.get(self._set, {})

    @property
    def _set(self):
        response = self.operation.get("response_ns", {})
        latency = self.operation.get("latency_ns", {})
        is_open = response.get("count", 0) >= latency.get("count", 0) > 0 or not latency
        return "response_ns" if response and is_open else "latency_ns"

    @property
    def mean(self):
        """In ns, of the answered ones; None if there are none."""
        return self.quantiles.get("mean")

    def quantile(self, name):
        """In ns, of all that were due; NEVER if it is none of the answered ones, None if it was
        not measured."""
        if not self.count:
            return None
        if not self.unanswered:
            return self.quantiles.get(name)
        rank = math.ceil(fractions.Fraction(str(histograms.QUANTILES[name])) * self.count)
        if rank > self.count - self.unanswered:
            return NEVER
        return self._at_rank(rank)

    def _at_rank(self, rank):
        quantiles = self.quantiles
        if "max" not in quantiles:
            return None
        name = self.kind + (".response_ns" if self._set == "response_ns" else "")
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


def _operations(result):
    return result.get("operations", {})


def _not_done(operation):
    return operation.get("failed", 0) + operation.get("unknown", 0)


def ended(result):
    return sum(kind["count"] for kind in _operations(result).values())


def failed(result):
    """Operations that ended without success: failed, or of unknown outcome."""
    return sum(map(_not_done, _operations(result).values()))


def answered(result):
    return answered_of(result, _operations(result))


def answered_of(result, kinds):
    found = [_operations(result)[kind] for kind in kinds if kind in _operations(result)]
    return sum(each["count"] - _not_done(each) for each in found)


def unanswered(result):
    """Those that failed and those that were never sent."""
    return failed(result) + _dropped(result)


def due(result):
    return ended(result) + _dropped(result)


def _dropped(result):
    return result.get("schedule", {}).get("dropped", 0)


def per_second(result):
    """Operations that succeeded, per second; None if it was not measured. Schema 1 counts those
    that failed, too; of merged runs side by side all count alike, as their parts tell no more."""
    rate = result.get("operations_per_second")
    count = ended(result)
    if rate is None or result["schema"] > 1 or not failed(result):
        return rate
    if "merged" in result:
        return rate * answered(result) / count
    return answered(result) / (result["elapsed_ns"] / 1e9) if result["elapsed_ns"] else 0.0


def is_rate_comparable(result):
    """Whether the rate of successes stands for all kinds of operations. In a closed loop what fails
    makes room for others, so that what fails fast raises the rate of the rest; in an open loop it
    does not, and what is missing is missing in the rate."""
    return "schedule" in result or failed(result) <= TOLERATED * ended(result)
