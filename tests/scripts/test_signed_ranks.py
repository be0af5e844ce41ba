# SPDX-License-Identifier: Apache-2.0
"""The exact signed-rank test and Holm's adjustment against published values."""

import itertools
import random

import pytest
from scipy import stats
from stalemark.common import intervals
from test_intervals import AFTER, BEFORE


def test_p_is_the_textbooks():
    differences = [before - after for before, after in zip(BEFORE, AFTER)]
    assert intervals.signed_rank_p(differences) == pytest.approx(0.0390625)  # Hollander, Wolfe.


def test_without_ties_p_is_that_of_scipy():
    draw = random.Random(3)
    for n in (6, 7, 12, 20):
        values = [draw.gauss(0.3, 1) for _ in range(n)]
        expected = stats.wilcoxon(values, method="exact").pvalue
        assert intervals.signed_rank_p(values) == pytest.approx(expected)


def test_with_ties_p_is_what_counting_all_signs_gives():
    sizes = [1, 1, 2, 2, 2, 3, 4]
    values = [-1, 1, 2, 2, 2, 3, 4]
    ranks = stats.rankdata(sizes)
    seen = sum(rank for rank, value in zip(ranks, values) if value > 0)
    sums = [
        sum(rank for rank, sign in zip(ranks, signs) if sign > 0)
        for signs in itertools.product((-1, 1), repeat=len(ranks))
    ]
    above = sum(each >= seen for each in sums) / len(sums)
    assert intervals.signed_rank_p(values) == pytest.approx(2 * above)


def test_zeros_say_nothing_and_only_zeros_nothing_at_all():
    assert intervals.signed_rank_p([0.0, 0.0, 0.0]) == 1
    assert intervals.signed_rank_p([0, 1, 2, 3, -4]) == intervals.signed_rank_p([1, 2, 3, -4])


def test_one_outlier_does_not_decide():
    values = [0.01, -0.02, 0.03, -0.01, 0.02, -0.03, 0.015, 5.0]
    assert intervals.signed_rank_p(values) > 0.3
    assert abs(intervals.walsh(values).value) < 0.02


def test_holm_multiplies_the_least_by_all_and_never_turns_the_order():
    assert intervals.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert intervals.holm([0.5, 0.9]) == [1.0, 1.0]
    assert intervals.holm([]) == []
