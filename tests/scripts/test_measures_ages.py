# SPDX-License-Identifier: Apache-2.0
"""The p99 of ages in a row of the matrix: of runs that had enough stale reads to show one."""

from types import SimpleNamespace

from recorded import recorded
from stalemark.matrix import measures


def row_of(*ages):
    datas = [recorded(number, [100] * 900, [900] * 100, each) for number, each in enumerate(ages)]
    results = {number: SimpleNamespace(data=data) for number, data in enumerate(datas)}
    return measures.figures_of([measures.Part("one", results, {})])["consistency"]


def test_it_is_the_largest_of_the_runs():
    assert row_of([10] * 200, [50] * 100, [])["stale_age_p99_ns"] == 50


def test_it_is_not_known_where_a_run_has_a_handful_of_stale_reads():
    row = row_of([10] * 200, [50] * 99)
    assert "stale_age_p99_ns" not in row
    assert row["stale_age_max_ns"] == 50
