# SPDX-License-Identifier: Apache-2.0
"""False alarms and power of the verdict on noise that a real, busy machine made.

The recorded values are of one build: every difference between two sides of them is false. Pairs
are neighbours in time, their order tossed, from a random place of the recording on.
"""

import random
import re

from stalemark.compare import comparison
import numpy as np
import pytest
from conftest import REPOSITORY
from two_sides import benchmark_runs, recorded

TRIALS = 300
BY_CHANCE = 0.025  # What so many trials may show beyond the truth, once in forty times.
NOISE = recorded()


def sides(values, pairs, draw, change=1.0):
    """Of so many pairs, HEAD slower by the factor."""
    start = draw.randrange(len(values) - 2 * pairs)
    before, after = [], []
    for place in range(start, start + 2 * pairs, 2):
        one, other = draw.sample(values[place : place + 2], 2)
        before.append(one)
        after.append(change * other)
    return before, after


def verdicts(series, pairs, change=1.0, session=("s", "s"), side=sides):
    draw = random.Random(17)
    found = []
    for _ in range(TRIALS):
        before, after = side(NOISE[series], pairs, draw, change)
        runs = benchmark_runs(before, session[0]), benchmark_runs(after, session[1])
        found.append(comparison.compare([runs], comparison.Settings()).rows[0])
    return found


def share(rows, *wanted):
    return sum(row.verdict in wanted for row in rows) / len(rows)


@pytest.mark.parametrize("series", ["least", "first"])
@pytest.mark.parametrize("pairs", [8, 20, 40])
def test_pairs_of_one_build_raise_no_more_false_alarms_than_promised(series, pairs):
    rows = verdicts(series, pairs)
    assert share(rows, "regressed", "improved") <= comparison.Settings().alpha + BY_CHANCE
    assert 0 < sum(row.p <= 0.05 for row in rows) / len(rows) <= 0.05 + BY_CHANCE


def test_five_percent_are_found_by_the_least_of_several_repetitions():
    assert share(verdicts("least", 40, 1.05), "regressed") >= 0.9
    assert share(verdicts("least", 40, 1.10), "regressed") >= 0.98
    assert share(verdicts("least", 40, 1 / 1.10), "improved") >= 0.98


def test_twenty_percent_are_found_even_in_single_tries():
    assert share(verdicts("first", 25, 1.2), "regressed") >= 0.85


def test_the_same_runs_taken_for_two_sessions_decide_nothing():
    rows = verdicts("least", 20, 1.2, session=("one", "other"))
    assert {row.why for row in rows} == {"separate sessions"}


def test_blocks_one_after_the_other_would_be_false_alarms_and_are_not_taken_for_pairs():
    def blocks(values, pairs, draw, change):
        start = draw.randrange(len(values) - 2 * pairs)
        return values[start : start + pairs], values[start + pairs : start + 2 * pairs]

    as_pairs = verdicts("first", 40, side=blocks)
    assert sum(row.p <= 0.05 for row in as_pairs) / len(as_pairs) > 0.1  # What pairing is for.
    rows = verdicts("first", 40, side=blocks, session=("one", "other"))
    assert share(rows, "inconclusive") == 1


def test_the_page_tells_what_was_recorded():
    page = (REPOSITORY / "docs/comparison.md").read_text()
    told = [float(found) for found in re.findall(r"^\| .* \| ([\d.]+)% \|$", page, re.MULTILINE)]
    recorded_spread = []
    for series in ("first", "median", "least"):
        quarters = np.percentile(np.diff(np.log(NOISE[series]))[::2], [25, 75])
        recorded_spread.append(100 * (quarters[1] - quarters[0]) / 1.35)
    assert told == pytest.approx(recorded_spread, rel=0.05)
    assert f"{len(NOISE['least']):,} processes" in " ".join(page.split())
