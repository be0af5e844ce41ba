# SPDX-License-Identifier: Apache-2.0
"""The races that results and lists name, by strategy and options."""

import json

import pytest
from test_run import STRATEGIES


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_result_has_the_races_that_the_list_shows(measure, stalemark, strategy):
    listed = json.loads(stalemark("list", "strategies", "--json").out)["strategies"]
    (races,) = [entry["races"] for entry in listed if entry["name"] == strategy]
    known = measure("--strategy", strategy, *STRATEGIES[strategy], operations=100)["known_races"]
    assert known == races
    assert bool(known) == (strategy != "no_cache")


def test_known_races_go_by_the_options(measure):
    def known(*words):
        result = measure("--clients", 2, *words, operations=100)
        return {race["name"]: race for race in result["known_races"]}

    usual = known()
    assert list(usual) == ["overtaken_fill"]
    assert (usual["overtaken_fill"]["breaks"], usual["overtaken_fill"]["lasts"]) == (
        "reads", "until_ttl")  # fmt: skip
    assert list(known("--invalidate", "set")) == ["overtaken_fill", "inverted_writers"]
    assert known("--invalidate", "none")["unseen_write"]["clients"] == 1
    assert known("--nodes", 2)["unseen_write"]["clients"] == 2
    shared = known("--nodes", 2, "--near-cache", "none")
    assert shared == usual
    assert known("--nodes", 2, "--invalidate", "event")["late_event"]["lasts"] == "until_event"
    assert "negative_entry_hides_insert" in known("--negative-ttl", "1s")
    behind = known("--strategy", "write_behind")
    assert behind["lost_queue"]["lasts"] == "for_ever"
    assert behind["late_store"]["breaks"] == "store"
