# SPDX-License-Identifier: Apache-2.0
"""By what a session decides whether to go on: what it costs, and what it may not depend on."""

import math
import random

import pytest
from stalemark.common import intervals
from stalemark.compare import noisy_metrics
from stalemark.compare.visible_change import visible_change


def burst(draw, change, share, noise):
    """A pair of which one side may have met a processor that was half as slow again."""
    slow = draw.choice((-0.4, 0.4)) if draw.random() < share else 0.0
    return change + slow + draw.gauss(0, noise)


def test_whether_a_session_goes_on_does_not_depend_on_which_side_is_faster():
    draw = random.Random(3)
    logs = [burst(draw, 0.05, 0.2, 0.01) for _ in range(40)]
    seen = {visible_change([draw.choice((-1, 1)) * each for each in logs]) for _ in range(100)}
    assert len(seen) == 1 and 0 < seen.pop() < math.inf


def test_so_few_pairs_that_tosses_explain_them_show_nothing():
    assert visible_change([0.5] * 11) == math.inf
    assert visible_change([0.5] * 12) < 0.01


@pytest.mark.parametrize("change", [0.0, 0.05])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.2, 0.3])
def test_a_session_that_may_end_shows_a_change_however_often_bursts_come(change, share):
    """2% was wanted, so 5% is no question: not in one of 40 sessions, whatever their length."""
    longest, found = 0, 0
    for seed in range(40):
        draw, logs = random.Random(seed), []
        while len(logs) < 24 or visible_change(logs) > 0.02:
            logs += [burst(draw, change, share, 0.008) for _ in range(2)]
        longest = max(longest, len(logs))
        found += intervals.signed_rank_p(logs) <= noisy_metrics.ALPHA / 6
    assert found == (40 if change else 0)
    assert longest <= 40 + 1000 * share


def test_a_true_change_does_not_make_a_session_go_on():
    draw = random.Random(4)
    logs = [draw.gauss(0, 0.02) for _ in range(400)]
    expected = intervals.walsh(logs)
    half = (expected.high - expected.low) / 2
    assert visible_change(logs) == pytest.approx(1.2 * half, rel=0.2)
    changed = visible_change([0.26 + each for each in logs])
    assert half < changed < 2.5 * half


@pytest.mark.parametrize("change", [0.0, 0.05, 0.1])
def test_bursts_of_a_slow_processor_do_not_make_a_session_go_on_for_long(change):
    """One pair of five with a side that is half as slow again: the interval hardly minds."""
    draw = random.Random(5)
    logs = [change + (draw.gauss(0, 0.02) if draw.random() > 0.2 else draw.choice((-0.45, 0.45)))
            for _ in range(200)]  # fmt: skip
    expected = intervals.walsh(logs)
    half = (expected.high - expected.low) / 2
    assert half < visible_change(logs) < 2.5 * half
