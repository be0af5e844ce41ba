# SPDX-License-Identifier: Apache-2.0
"""Verdicts: what they say of known changes, and what they may not depend on."""

import dataclasses
import math
import re
import random

import pytest
from stalemark.compare import compared_metrics, comparison, noisy_metrics
from two_sides import benchmark_runs

SETTINGS = comparison.Settings()


def judged(base, head, settings=SETTINGS):
    return comparison.compare([(base, head)], settings).rows[0]


def noisy(n=20, change=1.0, spread=0.02, seed=1):
    draw = random.Random(seed)
    before = [100 * draw.lognormvariate(0, spread) for _ in range(n)]
    after = [100 * change * draw.lognormvariate(0, spread) for _ in range(n)]
    return before, after


def pair(before, after, **options):
    return judged(benchmark_runs(before, **options), benchmark_runs(after, **options))


@pytest.mark.parametrize(
    ("change", "verdict"),
    [(1.0, "same"), (1.2, "regressed"), (0.8, "improved"), (1.001, "same")],
)
def test_a_known_change_gets_its_verdict(change, verdict):
    row = pair(*noisy(40, change, 0.01))
    assert row.verdict == verdict
    assert row.change == pytest.approx(change - 1, abs=0.01)
    assert row.low < row.change < row.high
    assert (row.mode, row.n) == ("paired", 40)


def test_a_change_at_the_margin_is_inconclusive_and_says_what_would_settle_it():
    row = pair(*noisy(20, 1.02, 0.03))
    assert (row.verdict, row.why) == ("inconclusive", "margin")
    assert "pairs would settle it" in row.note


def test_more_noise_needs_more_pairs_up_to_what_nobody_would_record():
    def advice(spread):  # Of an estimate of +1% in every case.
        steps = [math.exp(0.01 + spread * (2 * step / 19 - 1)) for step in range(20)]
        return pair([100] * 20, [100 * step for step in steps]).note

    few, more = (int(advice(spread).split("about ")[1].split()[0]) for spread in (0.05, 0.1))
    assert 20 < few < more
    assert "not separable" in advice(0.9)


def test_swapping_the_sides_swaps_the_verdict_and_inverts_the_change():
    for change in (1.0, 1.02, 1.05, 1.3):
        for seed in range(20):
            before, after = noisy(12, change, 0.02, seed)
            one, other = pair(before, after), pair(after, before)
            mirror = {"improved": "regressed", "regressed": "improved"}
            assert other.verdict == mirror.get(one.verdict, one.verdict)
            assert (1 + one.change) * (1 + other.change) == pytest.approx(1)
            assert (1 + one.low) * (1 + other.high) == pytest.approx(1)
            assert one.p == pytest.approx(other.p)


def test_units_and_the_order_of_the_files_change_nothing():
    for seed in range(20):
        before, after = noisy(12, 1.04, 0.03, seed)
        scaled = pair([1e6 * value for value in before], [1e6 * value for value in after])
        base, head = benchmark_runs(before), benchmark_runs(after)
        random.Random(seed).shuffle(head)
        shuffled, plain = judged(base, head), pair(before, after)
        for other in (scaled, shuffled):
            assert (other.verdict, other.note) == (plain.verdict, plain.note)
            assert other.change == pytest.approx(plain.change)


def test_higher_is_better_turns_the_verdict_and_not_the_change():
    before, after = noisy(20, 1.2, 0.02)
    lower = pair(before, after, metric="cpu_time")
    higher = pair(before, after, metric="operations_per_second")
    assert (lower.verdict, higher.verdict) == ("regressed", "improved")
    assert lower.change == higher.change > 0 > higher.worse


def test_five_pairs_are_too_few_for_an_interval_and_seven_for_a_verdict():
    before, after = noisy(8, 1.5, 0.001)
    assert pair(before[:5], after[:5]).why == "few pairs"
    assert pair(before[:5], after[:5]).low is None
    assert pair(before[:7], after[:7]).low > 0.4
    assert pair(before[:7], after[:7]).verdict == "inconclusive"
    assert pair(before, after).verdict == "regressed"


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_the_pairs_that_are_advised_can_settle_it_however_many_rows_there_are(rows):
    """Of a change so large that only the number of tosses stands in the way."""

    def verdicts(pairs):
        before, after = noisy(pairs, 1.5, 0.001)
        many = [(benchmark_runs(before, name=f"b{i}"), benchmark_runs(after, name=f"b{i}"))
                for i in range(rows)]  # fmt: skip
        return comparison.compare(many, SETTINGS).rows

    (note,) = {row.note for row in verdicts(6)}
    advised = int(re.search(r"about (\d+) pairs would settle it", note)[1])
    assert {row.verdict for row in verdicts(advised)} == {"regressed"}
    assert {row.verdict for row in verdicts(advised - 1)} == {"inconclusive"}


def test_a_change_must_be_significant_among_all_and_as_large_as_the_margin():
    before, after = noisy(6, 1.5, 0.001)
    many = [(benchmark_runs(before, name=f"b{i}"), benchmark_runs(after, name=f"b{i}"))
            for i in range(2)]  # fmt: skip
    rows = comparison.compare(many, SETTINGS).rows
    assert [row.p for row in rows] == pytest.approx([0.0625] * 2)
    assert {row.verdict for row in rows} == {"inconclusive"}
    wide = comparison.Settings({"cpu_time": 0.6})
    assert judged(benchmark_runs(before), benchmark_runs(after), wide).verdict == "same"


def test_pairs_that_lack_a_side_are_left_out_and_too_many_decide_nothing():
    before, after = noisy(20, 1.3, 0.01)
    base, head = benchmark_runs(before), benchmark_runs(after)
    row = judged(base, head[2:])
    assert (row.verdict, row.n) == ("regressed", 18)
    assert judged(base, head[6:]).why == "pairs lost"
    holes = benchmark_runs([None] * 6 + after[6:])
    assert judged(base, holes).why == "pairs lost"


def test_zero_and_negative_values_have_no_ratio():
    before, after = noisy(12)
    for value in (0, -1.0):
        assert pair([value, *before[1:]], after).why == "no ratio"


def test_separate_sessions_decide_nothing_however_many_runs_there_are():
    before, after = noisy(400, 1.3, 0.01)
    row = judged(benchmark_runs(before, "one"), benchmark_runs(after, "two"))
    assert (row.mode, row.verdict, row.why) == ("separate", "inconclusive", "separate sessions")
    assert "bench_commits" in row.note


def test_a_session_in_which_one_side_was_always_first_is_not_paired():
    before, after = noisy(20, 1.3, 0.01)
    sides = []
    for position, values in enumerate((before, after), 1):
        sides.append([
            dataclasses.replace(run, session={**run.session, "position": position})
            for run in benchmark_runs(values)
        ])  # fmt: skip
    row = judged(*sides)
    assert row.mode == "separate"
    assert "not tossed" in row.note
    tossed = [dataclasses.replace(run, session={**run.session, "position": 3 * (number % 2)})
              for number, run in enumerate(sides[1])]  # fmt: skip
    assert judged(sides[0], tossed).mode == "paired"


def test_a_pair_that_stands_there_twice_is_no_pair():
    before, after = noisy(12)
    assert judged(benchmark_runs(before) * 2, benchmark_runs(after)).mode == "separate"


def with_canaries(values, factor):
    return [dataclasses.replace(run, session={**run.session, "canary_cpu_ns": factor * 1000 + i})
            for i, run in enumerate(benchmark_runs(values))]  # fmt: skip


def test_a_control_that_moves_leaves_everything_undecided():
    before, after = noisy(20, 1.3, 0.01)
    found = comparison.compare([(with_canaries(before, 1), with_canaries(after, 1.2))], SETTINGS)
    assert [row.why for row in found.rows] == ["contaminated"]
    assert "canary_cpu_ns of hit: +19.8%" == found.contaminated[0]
    calm = comparison.compare([(with_canaries(before, 1), with_canaries(after, 1))], SETTINGS)
    assert (calm.rows[0].verdict, calm.contaminated) == ("regressed", [])


def test_what_a_second_session_does_not_show_is_unconfirmed():
    def session(change):
        before, after = noisy(20, change, 0.01)
        sides = benchmark_runs(before), benchmark_runs(after)
        return comparison.compare([sides], SETTINGS)

    found = comparison.confirmed(session(1.3), session(1.0))
    assert (found.rows[0].verdict, found.rows[0].why) == ("inconclusive", "unconfirmed")
    assert not found.failing
    assert comparison.confirmed(session(1.3), session(1.3)).failing


def test_every_reason_is_one_that_is_explained():
    before, after = noisy(4)
    assert pair(before, after).why in noisy_metrics.WHY
    assert all(metric.better in ("lower", "higher") for metric in compared_metrics.NOISY.values())
