# SPDX-License-Identifier: Apache-2.0
"""When a session of pairs may end: by the sizes of the differences, and never by their signs.

In pairs whose order was tossed the signs of two equal sides are fair coins whatever the sizes are.
So a session may go on until a small change would show, and the signed-rank test of its pairs stays
exact.
"""

import math
import random
import statistics

from stalemark.common import intervals
from stalemark.compare import noisy_metrics
import numpy as np

ROWS = 20  # As many figures as a session usually compares, about.
UNLUCKY = 2.33  # Standard deviations: once in a hundred times.


def visible_change(logs):
    """The smallest change that one may expect logarithms of ratios to show, or somewhat more."""
    sizes = np.sort(np.abs(logs))
    critical = _critical(len(sizes))
    if critical < 0:
        return math.inf
    usual = 2 * statistics.median(sizes)
    return max(_spread(sizes, usual), _masked(sizes, usual, critical))


def _critical(number):
    """The largest sum of ranks of one sign that is beyond chance in one row of many; below 0 if so
    few pairs show nothing."""
    level = noisy_metrics.ALPHA / ROWS / 2
    return int(np.searchsorted(intervals.signed_rank_cdf(number), level, side="right")) - 1


def _spread(sizes, usual):
    """Half of the 95% interval, or somewhat more.

    A size of more than twice the median may as well lie on the other side of the centre: coins of
    our own say on which. Below, all count as of one side, so that a change of the centre is no
    spread; of two equal sides this makes the interval half as wide, and therefore the whole of it
    is the measure.
    """
    coins = random.Random(len(sizes))
    unfolded = [size if size <= usual else coins.choice((-size, size)) for size in sizes]
    found = intervals.walsh(unfolded)
    return found.high - found.low


def _masked(sizes, usual, critical):
    """The size that a change must have so that larger differences do not hide it; 0 if none does.

    If all other pairs say the same, so many of the largest may have any sign as leave the sum of
    the ranks of one sign below the critical one, in 99 of 100 tosses.
    """
    ranks = np.arange(len(sizes), 0, -1.0)
    sums, squares = np.cumsum(ranks), np.cumsum(ranks**2)
    unlucky = np.minimum(sums, sums / 2 + UNLUCKY * np.sqrt(squares) / 2)
    harmless = int(np.searchsorted(unlucky, critical, side="right"))
    largest_left = sizes[len(sizes) - 1 - harmless] if harmless < len(sizes) else 0.0
    return float(largest_left) if largest_left > usual else 0.0
