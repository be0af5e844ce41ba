"""By what a session decides whether to go on: what it costs, and what it may not depend on."""

import itertools
import random

import intervals
import paired_session
import pytest


def test_whether_a_session_goes_on_does_not_depend_on_which_side_is_faster():
    logs = [0.01, -0.02, 0.03, -0.015, 0.02, 0.01]
    seen = {paired_session.visible_change([sign * value for sign, value in zip(signs, logs)])
            for signs in itertools.product((-1, 1), repeat=6)}  # fmt: skip
    assert len(seen) == 1


def test_a_true_change_does_not_make_a_session_go_on():
    draw = random.Random(4)
    logs = [draw.gauss(0, 0.02) for _ in range(400)]
    expected = intervals.walsh(logs)
    half = (expected.high - expected.low) / 2
    assert paired_session.visible_change(logs) == pytest.approx(1.2 * half, rel=0.2)
    changed = paired_session.visible_change([0.26 + each for each in logs])
    assert half < changed < 2.5 * half


@pytest.mark.parametrize("change", [0.0, 0.05, 0.1])
def test_bursts_of_a_slow_processor_do_not_make_a_session_go_on_for_long(change):
    """One pair of five with a side that is half as slow again: the interval hardly minds."""
    draw = random.Random(5)
    logs = [change + (draw.gauss(0, 0.02) if draw.random() > 0.2 else draw.choice((-0.45, 0.45)))
            for _ in range(200)]  # fmt: skip
    expected = intervals.walsh(logs)
    half = (expected.high - expected.low) / 2
    assert half < paired_session.visible_change(logs) < 2.5 * half
