# SPDX-License-Identifier: Apache-2.0
"""Intervals against published values and against their own promise."""

import math
import random

import pytest
from stalemark.common import intervals

# Hollander and Wolfe 1999, example 3.1: depression scale before and after tranquilizer therapy.
BEFORE = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
AFTER = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
# Student 1908: additional hours of sleep, drug B over drug A.
SLEEP = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]


def test_walsh_gives_the_textbooks_estimate_and_interval():
    found = intervals.walsh([before - after for before, after in zip(BEFORE, AFTER)])
    assert found.value == pytest.approx(0.46)
    assert (found.low, found.high) == pytest.approx((0.010, 0.786))
    assert (found.n, found.method) == (9, "walsh")


def test_student_gives_the_textbooks_mean_and_interval():
    found = intervals.student(SLEEP)
    assert found.value == pytest.approx(1.58)
    assert (found.low, found.high) == pytest.approx((0.7001142, 2.4598858))


def test_six_values_are_the_fewest_for_walsh_and_span_its_interval():
    found = intervals.walsh([1, 2, 3, 4, 5, 7])
    assert (found.low, found.high) == (1, 7)
    with pytest.raises(ValueError, match="too few"):
        intervals.walsh([1, 2, 3, 4, 5])


@pytest.mark.parametrize(
    ("n", "method"), [(1, "none"), (2, "none"), (3, "student"), (5, "student"), (6, "walsh")]
)
def test_the_number_of_pairs_decides_on_the_method(n, method):
    found = intervals.centre([0.1 * value for value in range(n)])
    assert found.method == method
    assert (found.low is None) == (method == "none")


def test_an_outlier_among_ten_moves_walsh_little_and_student_much():
    calm = [0.9, 0.95, 1.0, 1.0, 1.05, 1.1, 0.97, 1.03, 0.99]
    assert intervals.walsh([*calm, 1000]).value == pytest.approx(1.0, abs=0.05)
    assert intervals.student([*calm, 1000]).value > 100


def test_a_ratio_turned_over_is_the_inverse():
    logs = [0.1, 0.2, 0.15, 0.3, 0.12, 0.22, 0.05]
    found = intervals.ratio(logs)
    inverse = intervals.ratio([-log for log in logs])
    assert inverse.value == pytest.approx(1 / found.value)
    assert (inverse.low, inverse.high) == pytest.approx((1 / found.high, 1 / found.low))


@pytest.mark.parametrize("n", [4, 8])
def test_intervals_hold_the_truth_about_as_often_as_they_say(n):
    generator = random.Random(1)
    trials = 2000
    held = 0
    for _ in range(trials):
        found = intervals.centre([generator.gauss(0.5, 0.2) for _ in range(n)])
        held += found.low <= 0.5 <= found.high
    assert 0.93 <= held / trials <= 0.98


def test_none_of_n_is_bounded_by_the_rule_of_three():
    assert intervals.zero_bound(1000) == 0.003
    assert intervals.zero_bound(1000) == pytest.approx(1 - 0.05 ** (1 / 1000), rel=0.01)
    assert intervals.zero_bound(2) == 1
    assert intervals.zero_bound(0) is None


@pytest.mark.parametrize("finite", range(0, 13))
def test_infinite_values_get_the_interval_of_the_sign_test(finite):
    values = [math.inf] * (12 - finite) + list(range(finite))
    found = intervals.centre(values) if finite < 12 else intervals.sign(values)
    ordered = sorted(values)
    # P(B <= 2) of 12 tosses is 1.9%, P(B <= 3) 7.3%.
    assert (found.low, found.value, found.high) == (ordered[2], ordered[6], ordered[9])


def test_the_sign_interval_holds_the_median_as_often_as_it_says():
    draw = random.Random(5)
    for n in (6, 9, 20):
        held = 0
        for _ in range(2_000):
            values = [draw.expovariate(1) for _ in range(n)]
            found = intervals.sign(values)
            held += found.low <= math.log(2) <= found.high
        assert held >= 0.94 * 2_000


@pytest.mark.parametrize(
    ("values", "ends"),
    [([math.inf] * 3, (math.inf, math.inf)), ([math.inf] * 2, (None, None)),
     ([0.5, math.inf, math.inf], (None, None)), ([-math.inf] * 5, (-math.inf, -math.inf)),
     ([-math.inf, 1, 2, 3, 4, math.inf], (-math.inf, math.inf))],
)  # fmt: skip
def test_few_infinite_values_are_an_interval_if_they_agree(values, ends):
    found = intervals.centre(values)
    assert (found.low, found.high) == ends
    assert found.value == sorted(values)[len(values) // 2]
