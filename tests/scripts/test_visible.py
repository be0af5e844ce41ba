# SPDX-License-Identifier: Apache-2.0
"""What a comparison says it could have seen: a change of that size is found about half of the time.

The noise is simulated, from fixed seeds. Every session has six rows, and in the first HEAD is worse
by the size that sessions without any change said they could see.
"""

import math
import statistics

import numpy as np
import pytest
from stalemark.compare import comparison, noise_floor
from two_sides import benchmark_runs

ROWS, SESSIONS = 6, 150
NORMAL = {
    "the noise decides": (20, lambda draw, pairs: draw.normal(0, 0.05, pairs)),
    "few pairs": (14, lambda draw, pairs: draw.normal(0, 0.05, pairs)),
    "the margin decides": (20, lambda draw, pairs: draw.normal(0, 0.005, pairs)),
    "both": (20, lambda draw, pairs: draw.normal(0, 0.022, pairs)),
    "long tails": (40, lambda draw, pairs: 0.05 * draw.standard_t(3, pairs)),
}


def session(draw, noise, pairs, metric, change=0.0):
    """The rows of a session by name; `change`: of the logarithm, in the first."""
    sides = []
    for row in range(ROWS):
        logs = noise(draw, pairs) + (change if row == 0 else 0)
        values = [100.0] * pairs, list(100 * np.exp(logs))
        sides.append([benchmark_runs(each, name=f"b{row}", metric=metric) for each in values])
    return comparison.compare(sides, comparison.Settings())


@pytest.mark.parametrize("metric", ["cpu_time", "operations_per_second"])
@pytest.mark.parametrize(("pairs", "noise"), NORMAL.values(), ids=NORMAL)
def test_a_change_of_the_size_that_could_be_seen_is_found_half_of_the_time(metric, pairs, noise):
    draw = np.random.default_rng(5)
    worse = -1 if metric == "operations_per_second" else 1
    size = statistics.median(session(draw, noise, pairs, metric).visible()[metric]
                             for _ in range(100))  # fmt: skip

    def found(size):
        rows = [row for _ in range(SESSIONS)
                for row in session(draw, noise, pairs, metric, math.log1p(worse * size)).rows
                if row.case == "b0"]  # fmt: skip
        return sum(row.verdict == "regressed" for row in rows) / SESSIONS

    assert 0.38 <= found(size) <= 0.62  # Three standard deviations of so many sessions.
    assert found(1.3 * size) >= 0.7
    assert found(0.6 * size) <= 0.2


def test_what_could_be_seen_is_never_less_than_the_margin():
    draw = np.random.default_rng(1)
    found = session(draw, NORMAL["the margin decides"][1], 20, "cpu_time")
    assert found.visible() == {"cpu_time": pytest.approx(0.025)}
    wide = comparison.Settings({"cpu_time": 0.3})
    sides = [benchmark_runs([100.0, 101.0] * 10), benchmark_runs([101.0, 100.0] * 10)]
    assert comparison.compare([sides], wide).visible() == {"cpu_time": pytest.approx(0.3)}


def test_the_change_that_could_be_seen_is_where_the_verdict_turns():
    draw = np.random.default_rng(2)
    logs = draw.normal(0, 0.05, 20)
    logs -= noise_centre(logs)

    def row(change):
        sides = benchmark_runs([100.0] * 20), benchmark_runs(list(100 * np.exp(logs + change)))
        return comparison.compare([sides], comparison.Settings()).rows[0]

    change = math.log1p(row(0.0).visible)
    assert row(change + 1e-6).verdict == "regressed"
    assert row(change - 1e-6).verdict == "inconclusive"
    assert row(0.5).visible == pytest.approx(row(0.0).visible)


def noise_centre(logs):
    first, second = np.triu_indices(len(logs))
    return np.median((logs[first] + logs[second]) / 2)


def test_so_few_pairs_that_no_change_gets_a_verdict_see_none():
    draw = np.random.default_rng(3)
    noise = NORMAL["the noise decides"][1]
    assert session(draw, noise, 10, "cpu_time").visible() == {"cpu_time": math.inf}
    assert session(draw, noise, 11, "cpu_time").visible()["cpu_time"] < 1


def test_separate_sessions_see_what_their_floor_allows():
    draw = np.random.default_rng(4)
    spread = noise_floor.Spread(deviation=0.05, sessions=12)
    floor = type("Floor", (), {"spread": lambda self, run, metric: spread})()
    settings = comparison.Settings({}, floor)

    def row(change):
        values = [list(100 * np.exp(draw.normal(0, 0.001, 5) + each)) for each in (0, change)]
        sides = [benchmark_runs(each, session=name) for each, name in zip(values, "ab")]
        return comparison.compare([sides], settings).rows[0]

    size = row(0.0).visible
    assert 0.15 < size < 0.4
    assert row(math.log1p(1.05 * size)).verdict == "regressed"
    assert row(math.log1p(0.95 * size)).verdict == "inconclusive"
