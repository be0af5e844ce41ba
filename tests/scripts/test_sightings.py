# SPDX-License-Identifier: Apache-2.0
"""What was seen that no known race allows is a bug, and is said to be one."""

import json

import pytest
import synthetic
from stalemark.matrix import sightings
from synthetic import FILL, Plan

LOST = {**FILL, "name": "lost_queue", "breaks": "store", "lasts": "for_ever",
        "needs": "crash"}  # fmt: skip


def result(stale=0, late=0, races=(), faults=None):
    data = synthetic.result(Plan("cache_aside", stale_reads=stale, too_stale=late, stale_age_ns=9))
    data["known_races"] = list(races or [])
    if races is None:
        del data["known_races"]
    if faults:
        data["configuration"]["faults"] = faults
    return data


@pytest.mark.parametrize("seen, words", [
    ({"stale": 3}, "3 stale reads, though no race"),
    ({"stale": 3, "races": [LOST]}, "3 stale reads, though no race"),
    ({"stale": 3, "late": 2, "races": [FILL]}, "2 reads past the bound"),
    ({"stale": 3, "races": [FILL]}, None),
    ({"stale": 3, "late": 2, "races": [{**FILL, "lasts": "for_ever"}]}, None),
    ({}, None),
    ({"stale": 3, "races": None}, None),  # Older results name none.
    ({"stale": 3, "faults": ["cache-down@1s+1s"]}, None),
])  # fmt: skip
def test_only_what_known_races_exclude_is_a_bug(seen, words):
    found = sightings.excluded(result(**seen))
    assert found is None if words is None else found.startswith(words)


def test_where_calls_failed_more_is_possible_than_by_races():
    data = result(stale=3)
    synthetic.fail(data, "write", unknown=1)
    assert sightings.excluded(data) is None


def test_the_matrix_ends_with_1_and_asks_for_a_report(call, tmp_path):
    def see(data):
        is_baseline = data["configuration"]["protocol"]["strategy"] == "no_cache"
        data["known_races"] = [] if is_baseline else [FILL]
        if is_baseline and data["session"]["repetition"] == 1:
            data["consistency"].update(stale_reads=1, stale_age_ns=synthetic.quantiles(9, 1))

    folder = synthetic.suite(tmp_path / "r", [Plan("cache_aside")], repetitions=3, bend=see)
    outcome = call("matrix.py", folder)
    assert outcome.returncode == 1
    (line,) = outcome.stderr.splitlines()
    assert "no_cache.1.json: 1 stale reads" in line and "report this" in line
    assert json.loads((folder / "matrix.json").read_text())["overall"]  # Written all the same.
