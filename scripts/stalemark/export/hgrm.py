# SPDX-License-Identifier: Apache-2.0
"""Percentile text of HdrHistogram (Tene), as its outputPercentileDistribution() writes it.

Four columns: value, percentile, how many are at most that, and 1/(1 - percentile); then mean,
deviation, largest value and count. Percentiles lie five to each halving of the distance to 1.
Values are the highest of their bucket, in milliseconds.
"""

import fractions
import math

from stalemark.common import histograms

TICKS = 5  # To each halving of the distance to 1.
MILLISECOND = 1e6


def text(parts):
    """Of histograms as results hold them, merged."""
    counts = histograms.merged(parts)
    total = sum(counts.values())
    lines = [f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} {'1/(1-Percentile)':>14}", ""]
    lines += [_line(*each) for each in distribution(counts)]
    mean = sum(count * _middle(bucket) for bucket, count in counts.items()) / total
    squares = sum(count * (_middle(bucket) - mean) ** 2 for bucket, count in counts.items())
    deviation, most = math.sqrt(squares / total), _highest(max(counts))
    lines += [
        f"#[Mean    = {mean / MILLISECOND:12.3f},"
        f" StdDeviation   = {deviation / MILLISECOND:12.3f}]",
        f"#[Max     = {most / MILLISECOND:12.3f}, Total count    = {total:12d}]",
        f"#[Buckets = {64:12d}, SubBuckets     = {histograms.PER_OCTAVE:12d}]",
    ]
    return "\n".join(lines) + "\n"


def distribution(counts):
    """(ns, share, count up to there): of the levels up to 1, which is the largest value."""
    total = sum(counts.values())
    level, distance, seen = fractions.Fraction(0), fractions.Fraction(1), 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        while seen >= level * total:
            yield _highest(bucket), float(level), seen
            if seen == total:  # One level ends in the last bucket; the next line is its end.
                break
            level += distance / 2 / TICKS
            if level == 1 - distance / 2:
                distance /= 2
    yield _highest(max(counts)), 1.0, total


def _line(value, share, count):
    inverse = f"{1 / (1 - share):14.2f}" if share < 1 else ""
    return f"{value / MILLISECOND:12.6f} {share:14.12f} {count:10d} {inverse}".rstrip()


def _highest(bucket):
    return histograms.lower_of(bucket + 1) - 1


def _middle(bucket):
    return (histograms.lower_of(bucket) + _highest(bucket)) / 2
