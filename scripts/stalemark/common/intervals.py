# SPDX-License-Identifier: Apache-2.0
"""Confidence intervals of a ratio that was measured in pairs.

Each pair gives d = ln(b / a). From six pairs on, the estimate is that of Hodges and Lehmann and the
interval the exact one of the signed-rank test (Hollander, Wolfe 1999, section 3.3); from three to
five it is Student's on the mean of d; fewer pairs give an estimate and no interval.

A d may be infinite, where one of the two took for ever. Then the estimate is the median and the
interval that of the sign test, which both only order the values.
"""

import dataclasses
import functools
import math

import numpy as np
from scipy import stats

PAIRS_FOR_WALSH = 6  # Fewer cannot give 95 % without assuming a distribution.
PAIRS_FOR_STUDENT = 3


@dataclasses.dataclass(frozen=True)
class Estimate:
    """`low` and `high` are None where there are too few values for an interval."""

    value: float
    low: float | None
    high: float | None
    n: int
    method: str  # "walsh", "student", "sign" or "none"


@functools.lru_cache(maxsize=16)
def signed_rank_cdf(n):
    """P(W+ <= w) for w = 0 .. n(n+1)/2 under the null, by adding one rank at a time."""
    ways = np.zeros(n * (n + 1) // 2 + 1)
    ways[0] = 1.0
    for rank in range(1, n + 1):
        ways[rank:] = ways[rank:] + ways[: len(ways) - rank].copy()
    return np.cumsum(ways) / 2.0**n


def walsh(values, confidence=0.95):
    """Hodges-Lehmann estimate of the centre and its exact signed-rank interval, which holds at
    least `confidence`. Requires: enough values for it, six at 95 %."""
    values = np.asarray(values, float)
    first, second = np.triu_indices(len(values))
    averages = np.sort((values[first] + values[second]) / 2)
    tail = (1 - confidence) / 2
    k = int(np.searchsorted(signed_rank_cdf(len(values)), tail, side="right"))
    if k < 1:
        raise ValueError(f"{len(values)} values are too few for {confidence:.0%}")
    low, high = averages[k - 1], averages[len(averages) - k]
    return Estimate(float(np.median(averages)), float(low), float(high), len(values), "walsh")


def sign(values, confidence=0.95):
    """Median and its interval by the sign test, which holds at least `confidence`: of infinite
    values, too. Where so few that there is none are all equal, they are the interval, as they
    would be Student's; of two values in the middle the larger is the median, the slower."""
    values = sorted(values)
    n = len(values)
    k = int(stats.binom.ppf((1 - confidence) / 2, n, 0.5))
    if stats.binom.cdf(k, n, 0.5) > (1 - confidence) / 2:
        k -= 1
    if k < 0 and (n < PAIRS_FOR_STUDENT or values[0] != values[-1]):
        return Estimate(float(values[n // 2]), None, None, n, "none")
    low, high = values[max(k, 0)], values[n - 1 - max(k, 0)]
    return Estimate(float(values[n // 2]), float(low), float(high), n, "sign")


def signed_rank_p(values):
    """Two-sided p of the exact signed-rank test that the values are centred on 0. Zeros are left
    out (Wilcoxon 1945) and ties share their mean rank; all zero gives 1. The signs are fair tosses
    over the ranks as they are, so that it is exact with ties, too."""
    values = np.asarray(values, float)
    values = values[values != 0]
    if not len(values):
        return 1.0
    doubled = np.rint(2 * stats.rankdata(np.abs(values))).astype(int)  # Mean ranks may be halves.
    ways = np.zeros(int(doubled.sum()) + 1)
    ways[0] = 1.0
    for rank in doubled:
        ways[rank:] = (ways[rank:] + ways[: len(ways) - rank]) / 2
        ways[:rank] /= 2
    seen = int(doubled[values > 0].sum())
    tail = min(ways[: seen + 1].sum(), ways[seen:].sum())
    return float(min(1.0, 2 * tail))


def holm(p_values):
    """The p values adjusted for being several (Holm 1979): comparing each with alpha, the chance
    of any false finding is at most alpha, however they depend on each other."""
    adjusted = [1.0] * len(p_values)
    largest = 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        largest = max(largest, (len(p_values) - place) * p_values[index])
        adjusted[index] = min(1.0, largest)
    return adjusted


def student(values, confidence=0.95):
    """Mean and its Student interval. Requires: two values."""
    values = np.asarray(values, float)
    n = len(values)
    half = stats.t.ppf((1 + confidence) / 2, n - 1) * values.std(ddof=1) / math.sqrt(n)
    mean = float(values.mean())
    return Estimate(mean, mean - float(half), mean + float(half), n, "student")


def centre(values, confidence=0.95):
    """The estimate that the number of values allows. Requires: a value, and none that is NaN."""
    if not np.all(np.isfinite(values)):
        return sign(values, confidence)
    if len(values) >= PAIRS_FOR_WALSH:
        return walsh(values, confidence)
    if len(values) >= PAIRS_FOR_STUDENT:
        return student(values, confidence)
    return Estimate(float(np.mean(values)), None, None, len(values), "none")


def ratio(log_ratios, confidence=0.95):
    """centre() of logarithms, as a ratio."""
    log = centre(log_ratios, confidence)
    return dataclasses.replace(
        log,
        value=math.exp(log.value),
        low=None if log.low is None else math.exp(log.low),
        high=None if log.high is None else math.exp(log.high),
    )


def zero_bound(n):
    """Upper 95 % bound of a share of which none of n was seen (the rule of three, which is within
    a tenth of the exact bound from n = 20 on); of independent trials, which reads are not quite."""
    return min(1.0, 3 / n) if n else None


def zero_trials(share):
    """How many trials without an event show that it happens in less than that share of them."""
    return math.ceil(3 / share)
