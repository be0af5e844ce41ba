# SPDX-License-Identifier: Apache-2.0
"""The page's recommendations are what scripts/recommend.py says of the same results."""

import json

import pytest
import synthetic
from stalemark.matrix import matrix
from stalemark.report import recommended
from synthetic import Plan

PLANS = [
    Plan("cache_aside", read=0.3, stale_reads=40, stale_age_ns=2_000_000_000),
    Plan("write_through", read=0.3),
]


def requiring(**needs):
    return lambda data: data["configuration"]["workload"].update(requirements=needs)


@pytest.fixture
def both(call, tmp_path):
    """What the page is given, and what the command answers as JSON."""

    def run(**needs):
        folder = synthetic.suite(tmp_path / "results", PLANS, bend=requiring(**needs))
        groups, _ = matrix.gather([folder])
        written = tmp_path / "answer.json"
        outcome = call("recommend.py", folder, "--json", written)
        assert outcome.returncode in (0, 1), outcome.stderr
        return list(recommended.recommendations(groups)), json.loads(written.read_text())

    return run


def test_the_best_and_why_not_the_others(both):
    [shown], [told] = both(stale_age_max="0", read_p99_max="40us")
    assert shown.workload == "zipf"
    assert shown.best == told["best"] == "write_through"
    assert shown.because.startswith("16 lines") and "0 stale of 8,000 reads" in shown.because
    why = {each.protocol: each.why for each in shown.excluded}
    assert why.keys() == {"no_cache", "cache_aside"}
    assert "320 of 8,000" in why["cache_aside"]
    assert shown.not_measured == []


def test_none_qualifies_and_what_comes_nearest(both):
    [shown], [told] = both(read_p99_max="1us")
    assert shown.best is None and told["best"] is None
    assert "earest" in shown.because and len(shown.excluded) == 3


def test_what_was_not_measured_is_said_with_what_would(both):
    [shown], _ = both(write_p99_max="1s")  # 100 writes a run: no quantile.
    assert shown.best is None
    [told] = shown.not_measured
    assert told.startswith("Not measured; run: stalemark suite SUITE --duration ")


def test_a_workload_that_requires_nothing_has_none(both, tmp_path):
    folder = synthetic.suite(tmp_path / "free", PLANS)
    groups, _ = matrix.gather([folder])
    assert list(recommended.recommendations(groups)) == []
