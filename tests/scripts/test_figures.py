# SPDX-License-Identifier: Apache-2.0
"""Numbers as people read them."""

import math

import pytest
from stalemark.common import figures
from stalemark.common.intervals import Estimate

INF = math.inf


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0 ns"),
        (7, "7 ns"),
        (999, "999 ns"),
        (1_000, "1 µs"),
        (1_234, "1.23 µs"),
        (56_700_000, "56.7 ms"),
        (5_000_000_000, "5 s"),
        (100_000_000_000, "100 s"),
        (INF, "never"),
    ],
)
def test_a_duration_has_the_unit_that_fits(ns, text):
    assert figures.duration(ns) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0000123, "0.000012"), (0.123, "0.12"), (1.26, "1.3"), (1234.5, "1,234")],
)
def test_two_digits_are_kept_without_scientific_notation(value, text):
    assert figures.short(value) == text


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (None, "not measured"),
        (Estimate(0.0999, 0.0966, 0.1035, 8, "walsh"), "×0.100 [0.097, 0.103]"),
        (Estimate(1.061, 1.04, 1.0789, 8, "walsh"), "×1.06 [1.04, 1.08]"),
        (Estimate(12.34, 11, 14, 8, "walsh"), "×12.3 [11.0, 14.0]"),
        (Estimate(3.71, 0.0393, 385.97, 4, "student"), "×3.7 [0.039, 386]"),
        (Estimate(1.5, None, None, 2, "none"), "×1.50 (n=2)"),
        (Estimate(INF, INF, INF, 8, "sign"), "never"),
        (Estimate(INF, None, None, 2, "none"), "never (n=2)"),
        (Estimate(0.25, 0.2, INF, 8, "sign"), "×0.25 [0.20, never]"),
        (Estimate(0, 0, 0, 8, "sign"), "×0"),
        (Estimate(0, 0, INF, 8, "sign"), "×0 [0, never]"),
        (Estimate(math.nan, None, None, 0, "none"), "not comparable"),
    ],
)
def test_a_ratio_is_shown_with_its_interval_or_with_the_reason_for_none(estimate, text):
    assert figures.times(estimate) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 locks"), (1, "1 lock"), (2, "2 locks"), (1234, "1,234 locks")]
)
def test_a_number_of_one_thing_is_singular(count, text):
    assert figures.number_of(count, "lock") == text
