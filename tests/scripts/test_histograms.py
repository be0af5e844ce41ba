# SPDX-License-Identifier: Apache-2.0
"""The histograms of results, read as the C++ writes them."""

from stalemark.common import histograms


def test_buckets_begin_where_the_scheme_says():
    assert [histograms.lower_of(bucket) for bucket in (0, 127, 128, 129, 192)] == [
        0, 127, 128, 130, 256,
    ]  # fmt: skip
    # A bucket's width is at most 1/64 of its lower bound.
    for bucket in range(128, 2000):
        lower, upper = histograms.lower_of(bucket), histograms.lower_of(bucket + 1)
        assert 0 < upper - lower <= lower / 64


def test_merging_adds_counts_bucket_by_bucket():
    assert histograms.merged(["3:1 5:2", "", "5:4"]) == {3: 1, 5: 6}


def test_a_curve_rises_to_where_too_few_are_left():
    points = histograms.curve(histograms.merged(["10:500 20:480 30:15 40:5"]))
    assert points == [(0.5, 10), (0.98, 20)]


def test_an_empty_histogram_has_no_curve():
    assert histograms.curve(histograms.merged([""])) == []
