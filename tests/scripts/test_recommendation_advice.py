# SPDX-License-Identifier: Apache-2.0
"""What a recommendation advises does what it says: milder limits, and runs that would tell more."""

import json

import pytest
import synthetic
from stalemark.common import results
from stalemark.recommend import recommend, recommendation, repeated_runs, requirements
from synthetic import Plan

SECOND = 1_000_000_000


def groups_of(folder, plans, **suite):
    return results.group(results.load([synthetic.suite(folder, plans, **suite)]))


@pytest.mark.parametrize("name, limit", [("read_p99_max", 1), ("store_reads_max", 0.0)])
def test_the_milder_limit_that_is_shown_admits_whom_it_names(tmp_path, name, limit):
    def bend(data):
        data["operations"]["read"]["latency_ns"]["p99"] += 34_567
        data["store"]["reads"] += data["session"]["repetition"]

    groups = groups_of(tmp_path, [], repetitions=4, bend=bend)
    [(advised, milder, candidate)] = recommendation.of_groups(groups, {name: limit}).relaxations()
    requirement = requirements.REQUIREMENTS[name]
    shown = requirement.show(milder).replace("µ", "u").replace(" ", "")
    assert requirement.parse(shown) == pytest.approx(milder)
    again = recommendation.of_groups(groups, {advised: requirement.parse(shown)})
    assert again.qualified[0].label == candidate.label


def test_who_asks_for_the_least_is_named_before_the_simplest(tmp_path):
    """cache_aside and write_through are more complicated than no_cache, and faster."""
    plans = [Plan("cache_aside", read=0.5), Plan("write_through", read=0.3)]
    groups = groups_of(tmp_path, plans, repetitions=4)
    found = recommendation.of_groups(groups, {"read_p99_max": 1}).relaxations()
    assert [each.label for _, _, each in found] == ["write_through", "no_cache"]
    assert found[0][1] < found[1][1]


def test_fewer_than_three_runs_tell_of_no_milder_limit(tmp_path):
    groups = groups_of(tmp_path, [], repetitions=2)
    assert recommendation.of_groups(groups, {"read_p99_max": 1}).relaxations() == []


def test_a_milder_limit_is_one_that_every_workload_meets(tmp_path):
    def bend(data):
        if data["configuration"]["workload"]["name"] == "b":
            data["operations"]["read"]["latency_ns"]["p99"] = 90_000

    groups = groups_of(tmp_path, [], workloads=("a", "b"), bend=bend)
    [(_, milder, _)] = recommendation.of_groups(groups, {"read_p99_max": 1}).relaxations()
    assert milder >= 90_000


def test_an_age_that_the_runs_are_too_short_for_is_not_advised(tmp_path):
    plan = Plan("cache_aside", read=0.3, stale_reads=40, stale_age_ns=2 * SECOND)
    for elapsed, advised in ((SECOND, []), (3 * SECOND, ["stale_age_max"])):
        groups = groups_of(tmp_path, [plan], bend=lambda data: data.update(elapsed_ns=elapsed))
        found = recommendation.of_groups(groups, {"stale_age_max": SECOND, "read_p99_max": 40_000})
        told = [name for name, _, each in found.relaxations() if each.label == "cache_aside"]
        assert told == advised


@pytest.mark.parametrize(
    ("command", "options", "expected"),
    [
        ("run a --duration 300ms --seed 2", ["--duration 3s"], "run a --seed 2 --duration 3s"),
        ("run a --duration=20s", ["--duration 3s", "--duration 10s"], "run a --duration 20s"),
        ("run a --operations 9 --seed 2", ["--duration 3s"], "run a --seed 2 --duration 3s"),
        ("run a --operations 9", ["--repeat 3"], "run a --operations 9 --repeat 3"),
        ("run a --ttl 'b c' --repeat 2", ["--repeat 3"], "run a --ttl 'b c' --repeat 3"),
        ("run it's", ["--repeat 3"], "run 'it'\"'\"'s' --repeat 3"),
    ],
)
def test_an_option_is_given_once_and_by_the_most_that_is_needed(command, options, expected):
    assert repeated_runs.with_options(command, options) == expected


def protocols(folder, by_workload):
    """Groups in which cache_aside has other settings in each workload."""
    folder.mkdir()
    for workload, settings in by_workload.items():
        for number, protocol in enumerate(settings):
            data = synthetic.result(Plan("cache_aside", protocol=protocol), workload)
            (folder / f"{workload}.{number}.json").write_text(json.dumps(data))
    return results.group(results.load([folder]))


def labels(groups):
    return [sorted(group.rows) for group in groups]


def test_unlike_protocols_have_unlike_labels_in_all_workloads(tmp_path):
    erase, none = {"invalidate": "erase"}, {"invalidate": "none"}
    assert labels(protocols(tmp_path / "unlike", {"a": [erase], "b": [none]})) == [
        ["cache_aside invalidate=erase"], ["cache_aside invalidate=none"]
    ]  # fmt: skip
    assert labels(protocols(tmp_path / "some", {"a": [erase, none], "b": [none]})) == [
        ["cache_aside invalidate=erase", "cache_aside invalidate=none"],
        ["cache_aside invalidate=none"],
    ]
    assert labels(protocols(tmp_path / "like", {"a": [none], "b": [none]})) == [["cache_aside"]] * 2


def test_how_long_entries_live_is_no_other_protocol_in_another_workload(tmp_path):
    short, long = {"ttl_ns": SECOND}, {"ttl_ns": 60 * SECOND}
    assert labels(protocols(tmp_path / "one", {"a": [short], "b": [long]})) == [["cache_aside"]] * 2
    assert labels(protocols(tmp_path / "two", {"a": [short, long], "b": [long]})) == [
        ["cache_aside ttl=1s", "cache_aside ttl=60s"],
        ["cache_aside"],
    ]  # fmt: skip


def test_who_was_not_run_on_all_workloads_is_named(tmp_path):
    both, one = {"invalidate": "erase"}, {"invalidate": "none"}
    found = recommendation.of_groups(
        protocols(tmp_path / "r", {"a": [both, one], "b": [both]}), {"writes_lost_max": 0}
    )
    assert found.partly_run == ["cache_aside invalidate=none"]


def test_interrupted_runs_are_told_of(tmp_path, capsys, monkeypatch):
    def bend(data):
        data["complete"] = data["session"]["repetition"] > 0

    folder = synthetic.suite(tmp_path / "r", [], repetitions=4, bend=bend)
    monkeypatch.setattr("sys.argv", ["recommend.py", str(folder), "--read-p99", "1s"])
    assert recommend.main() == 0
    assert capsys.readouterr().err == "recommend.py: 1 interrupted runs are left out\n"


def test_a_share_of_reads_is_that_of_the_mix_where_nothing_ended(tmp_path):
    def bend(data):
        data["operations"] = {}
        data["configuration"]["workload"]["phases"] = [{"mix": {"read": 0.9, "write": 0.1}}]

    [group] = groups_of(tmp_path, [], repetitions=1, bend=bend)
    assert recommend.reads_of(group) == pytest.approx(0.9)
