# SPDX-License-Identifier: Apache-2.0
"""Simulated runs: what differs has changed, and for the worse only where that is no chance."""

import functools
import json

import jsonschema
import numpy as np
import pytest
from conftest import REPOSITORY
from two_sides import judged, one_client, simulated, write

FIGURES = ("store.reads", "cache.hits", "operations.read.latency_ns.p99", "consistency.stale_reads")
SAME_WAY = 8  # Seeds that must agree on one figure alone: 2 * 0.5^8 = 0.8%.


@pytest.fixture
def judge(tmp_path):
    return functools.partial(judged, tmp_path)


DIFFERENT = [
    ("store.reads", 201, "regressed"),
    ("store.reads", 199, "improved"),
    ("consistency.stale_reads", 1, "regressed"),
    ("operations_per_second", 1e9, "improved"),
    ("promise.verdict", "broken", "regressed"),
    ("virtual.trace_hash", "00fe", "changed"),
    ("virtual.events", 5001, "changed"),
    ("store.writes", 101, "changed"),
    ("histograms.read", "300:501 320:400 400:100", "changed"),
    ("timeline", [{"at_ns": 0, "operations": 1}], "changed"),
]


@pytest.mark.parametrize(("figure", "value", "verdict"), DIFFERENT)
def test_a_single_count_more_or_less_of_one_client_is_better_or_worse(
    judge, figure, value, verdict
):
    found = judge([one_client()], [one_client(**{figure: value})])
    assert [(row.metric, row.verdict) for row in found.rows] == [(figure, verdict)]
    assert bool(found.failing) == (verdict == "regressed")


@pytest.mark.parametrize(("figure", "value", "verdict"), DIFFERENT)
def test_a_single_count_more_or_less_of_many_clients_has_changed(judge, figure, value, verdict):
    (row,) = judge([simulated()], [simulated(**{figure: value})]).rows
    assert (row.case, row.metric, row.verdict) == ("zipf cache_aside seed=7", figure, "changed")
    assert not row.fails
    if verdict != "changed":
        assert row.note.endswith("in 1 of 1 seed; 8 that agree would show it")


def seeds(number, change=lambda seed: 0):
    return [simulated(seed, **{"store.reads": 200 + change(seed)}) for seed in range(number)]


def test_so_many_seeds_that_agree_are_no_chance(judge):
    few = judge(seeds(SAME_WAY - 1), seeds(SAME_WAY - 1, lambda seed: 1 + seed))
    assert [row.verdict for row in few.rows] == ["changed"]
    (row,) = judge(seeds(SAME_WAY), seeds(SAME_WAY, lambda seed: 1 + seed)).failing
    assert (row.case, row.n, row.worse_in, row.better_in) == ("zipf cache_aside", SAME_WAY, 8, 0)
    assert (row.base, row.head, row.p) == (200, 204.5, 2 * 0.5**SAME_WAY)
    (row,) = judge(seeds(SAME_WAY), seeds(SAME_WAY, lambda seed: -1 - seed)).rows
    assert row.verdict == "improved"


def test_a_seed_that_disagrees_leaves_a_change_without_a_direction(judge):
    (row,) = judge(seeds(40), seeds(40, lambda seed: 5 if seed else -1)).rows
    assert (row.verdict, row.note) == ("changed", "worse in 39 and better in 1 of 40 seeds")
    assert row.p < 0.001


def test_a_seed_without_a_difference_says_nothing(judge):
    (row,) = judge(seeds(12), seeds(12, lambda seed: int(seed >= 12 - SAME_WAY))).rows
    assert (row.verdict, row.note) == ("regressed", "worse in 8 of 12 seeds")
    (row,) = judge(seeds(12), seeds(12, lambda seed: int(seed >= 5))).rows
    assert row.verdict == "changed"


def test_what_merely_reorders_the_clients_of_many_cases_is_never_worse_or_better(judge):
    """Fifty cases of six seeds, in which coins decide about each figure: of 200 figures the
    seeds of some agree by chance."""

    def side(draw):
        found = []
        for case in range(50):
            for seed in range(6):
                data = simulated(seed, **{name: 100 + draw() for name in FIGURES})
                data["configuration"]["workload"]["name"] = f"w{case}"
                found.append(data)
        return found

    coins = np.random.default_rng(6)
    found = judge(side(lambda: 0), side(lambda: int(coins.choice((-1, 1)))))
    assert found.count["changed"] == len(found.rows) == 200
    assert any(not row.better_in or not row.worse_in for row in found.rows)
    assert not found.failing


def test_one_client_beside_a_clock_is_no_single_schedule(judge):
    def bend(data, **protocol):
        data["configuration"]["protocol"] |= protocol
        return data

    for protocol in ({"ttl_ns": 5}, {"strategy": "write_behind"}, {"invalidate": "event"}):
        base, head = ([bend(one_client(**{"store.reads": reads}), **protocol)]
                      for reads in (200, 201))  # fmt: skip
        assert [row.verdict for row in judge(base, head).rows] == ["changed"]


def test_the_times_of_one_client_count_where_it_did_the_same(judge):
    """Another number of calls draws other delays: then they are longer or shorter by chance."""
    slower = {"operations.read.latency_ns.p99": 10**9}
    (row,) = judge([one_client()], [one_client(**slower)]).rows
    assert row.verdict == "regressed"
    rows = judge([one_client()], [one_client(**slower, **{"store.reads": 201})]).rows
    assert {row.metric.partition(".")[0]: row.verdict for row in rows} == {
        "store": "regressed", "operations": "changed"}  # fmt: skip


def test_seeds_of_one_client_that_disagree_have_changed(judge):
    base = [one_client(seed) for seed in (1, 2)]
    head = [one_client(seed, **{"store.reads": 199 + 2 * (seed - 1)}) for seed in (1, 2)]
    (row,) = judge(base, head).rows
    assert (row.verdict, row.note) == ("changed", "worse in 1 and better in 1 of 2 seeds")


def test_a_wrong_value_is_a_regression_whatever_the_schedule(judge):
    base, head = ([simulated(**{"consistency.values_corrupt": count})] for count in (0, 1))
    (row,) = judge(base, head).failing
    assert row.note == "a wrong answer"


def test_fail_on_says_how_much_worse_the_median_of_the_seeds_may_be(judge):
    base, head = seeds(3), seeds(3, lambda seed: (-2, 10, 20)[seed])
    assert judge(base, head, {"store.reads": 0.04}).failing
    assert [row.verdict for row in judge(base, head, {"store.reads": 0.06}).rows] == ["changed"]
    assert [row.verdict for row in judge(base, head, {"store.reads": 0.2}).rows] == ["same"]


def test_seeds_are_one_case_and_what_one_of_them_lacks_is_told_of_it(judge):
    base, head = seeds(3), seeds(3)
    del head[1]["store"]["reads"]
    found = judge(base, head)
    assert [(row.case, row.verdict) for row in found.rows] == [
        ("zipf cache_aside seed=1", "missing")]  # fmt: skip
    assert [(case["case"], case["seeds"]) for case in found.cases] == [("zipf cache_aside", 3)]
    lost = judge(seeds(3), seeds(2)).failing
    assert [(row.case, row.verdict) for row in lost] == [("zipf cache_aside seed=2", "missing")]


def test_a_regression_exits_with_1_and_a_change_only_where_that_was_asked_for(call, tmp_path):
    def compare(of, *options):
        base = write(tmp_path / "base.json", of())
        head = write(tmp_path / "head.json", of(**{"store.reads": 201}))
        return call("compare.py", base, "--", head, *options)

    assert compare(one_client).returncode == 1
    outcome = compare(simulated)
    assert outcome.returncode == 0
    assert outcome.stdout.startswith("NOT SHOWN TO REGRESS, and 1 figure changed\n")
    assert "~  changed" in outcome.stdout
    for option in ("--changed=fail", "--inconclusive=fail"):
        told = compare(simulated, option, "--json", tmp_path / "c.json")
        assert told.returncode == 3
    schema = json.loads((REPOSITORY / "results/comparison.schema.json").read_text())
    data = json.loads((tmp_path / "c.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(data)
    assert (data["status"], data["count"]["changed"]) == (3, 1)
