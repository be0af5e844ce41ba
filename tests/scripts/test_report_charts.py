# SPDX-License-Identifier: Apache-2.0
"""What the page's pictures are given follows from the results."""

import json

import pytest
import rich_results
import synthetic
from synthetic import Plan

from stalemark.common import results
from stalemark.report import all_workloads, appearance, curves


@pytest.fixture
def group(tmp_path):
    """The first workload of the rich results, and its protocols in order."""
    rich_results.folder_of(tmp_path / "results")
    found = results.group(results.load([tmp_path / "results"]))
    group = next(each for each in found if each.title == "zipf")
    return group, {label: number for number, label in enumerate(group.rows)}


def named(numbers, found):
    names = {number: label for label, number in numbers.items()}
    return {names[each["p"]]: each for each in found}


def test_the_front_is_of_those_that_no_other_beats_in_both(group):
    group, numbers = group
    points = named(numbers, curves.trade_off(group, numbers)["points"])
    assert {label for label, point in points.items() if point["front"]} == {
        "write_behind flush_delay=100ms"
    }
    assert points["cache_aside"]["age"] == 2 * 10**6
    assert points["cache_aside"]["p99_range"][0] < points["cache_aside"]["p99"]
    assert points["cache_aside"]["stale"] == pytest.approx(0.02)


def test_a_front_has_every_protocol_that_is_best_at_some_price(tmp_path):
    plans = [Plan("cache_aside", read=0.1, stale_reads=9, stale_age_ns=10**9),
             Plan("read_through", read=0.2, stale_reads=9, stale_age_ns=10**6),
             Plan("write_around", read=0.3, stale_reads=9, stale_age_ns=10**7)]  # fmt: skip
    (group,) = results.group(results.load([synthetic.suite(tmp_path, plans, repetitions=1)]))
    numbers = {label: number for number, label in enumerate(group.rows)}
    points = named(numbers, curves.trade_off(group, numbers)["points"])
    assert {label for label, point in points.items() if point["front"]} == {
        "cache_aside", "read_through", "no_cache"}  # fmt: skip
    assert "p99_range" not in points["cache_aside"]


def test_ages_that_nobody_sampled_are_told_and_not_drawn(tmp_path):
    def forget(data):
        if data["configuration"]["protocol"]["strategy"] == "cache_aside":
            data["consistency"].pop("stale_age_ns", None)

    plans = [Plan("cache_aside", stale_reads=2), Plan("write_around", stale_reads=2,
                                                      stale_age_ns=10**6)]  # fmt: skip
    folder = synthetic.suite(tmp_path, plans, repetitions=1, bend=forget)
    (group,) = results.group(results.load([folder]))
    numbers = {label: number for number, label in enumerate(group.rows)}
    found = curves.trade_off(group, numbers)
    assert found["unknown"] == [numbers["cache_aside"]]
    assert set(named(numbers, found["points"])) == {"no_cache", "write_around"}


def repetitions_of(tmp_path, bend, **plan):
    """The point of write_around in the picture of stale ages, of four repetitions."""

    def bend_it(data):
        if data["configuration"]["protocol"]["strategy"] == "write_around":
            bend(data, data["session"]["repetition"])

    plans = [Plan("write_around", stale_reads=2, stale_age_ns=10**6, **plan)]
    folder = synthetic.suite(tmp_path, plans, repetitions=4, bend=bend_it)
    (group,) = results.group(results.load([folder]))
    numbers = {label: number for number, label in enumerate(group.rows)}
    return named(numbers, curves.trade_off(group, numbers)["points"])["write_around"]


def test_the_range_of_ages_begins_at_0_where_a_repetition_had_no_stale_read(tmp_path):
    def bend(data, repetition):
        if repetition == 2:
            del data["consistency"]["stale_age_ns"]
            data["consistency"] |= {"stale_reads": 0, "ages_sampled": 0}

    point = repetitions_of(tmp_path, bend)
    assert point["age_range"] == [0, 10**6]
    assert not {"age_of", "p99_of"} & point.keys()


def test_a_repetition_without_sampled_ages_is_in_the_range_of_p99_and_the_others_are_counted(
    tmp_path,
):
    def bend(data, repetition):
        if repetition == 2:
            del data["consistency"]["stale_age_ns"]
            data["operations"]["read"]["latency_ns"]["p99"] = 10**9

    point = repetitions_of(tmp_path, bend)
    assert point["age_range"] == [10**6, 10**6]
    assert point["age_of"] == [3, 4]
    assert point["p99_range"][1] == 10**9
    assert "p99_of" not in point


def test_ages_of_one_repetition_have_no_range_and_say_so(tmp_path):
    def bend(data, repetition):
        if repetition:
            del data["consistency"]["stale_age_ns"]

    point = repetitions_of(tmp_path, bend)
    assert "age_range" not in point
    assert point["age_of"] == [1, 4]


def test_a_curve_ends_where_ten_reads_are_left_and_has_its_stops_exactly(tmp_path):
    def fill(data):
        data["histograms"]["read"] = "100:9000 120:980 130:15 140:5"

    folder = synthetic.suite(tmp_path, [], repetitions=1, bend=fill)
    (group,) = results.group(results.load([folder]))
    (line,) = curves.percentiles(group, {"no_cache": 0})["lines"]
    assert line["curve"] == [[10, 100], [500, 120]]
    assert [(stop["at"], stop["ns"]) for stop in line["stops"]] == [(2, 100), (10, 100), (100, 120)]


def test_a_curve_of_an_open_loop_is_since_due_and_says_so(tmp_path):
    def wait(data):
        data["histograms"] = {"read": "100:9000 120:1000", "read.response_ns": "120:9000 130:1000"}

    folder = synthetic.suite(tmp_path, [], repetitions=1, bend=wait)
    (group,) = results.group(results.load([folder]))
    found = curves.percentiles(group, {"no_cache": 0})
    assert found["title"] == "read response time"
    assert found["lines"][0]["stops"][0]["ns"] == 120
    (row,) = group.rows.values()
    del next(iter(row.values())).data["histograms"]["read.response_ns"]
    found = curves.percentiles(group, {"no_cache": 0})
    assert (found["title"], found["lines"][0]["stops"][0]["ns"]) == ("read latency", 100)


def test_a_thinned_curve_keeps_its_ends_and_every_jump():
    curve = [[1 + step / 1000, 100.0] for step in range(5000)] + [[7.0, 9000.0], [8.0, 9000.0]]
    thin = curves._thinned(curve)
    assert len(thin) < 150
    assert thin[0] == [1, 100] and thin[-1] == [8, 9000] and [7, 9000] in thin


def test_shares_of_outcomes_make_one_and_tell_the_range_of_hits(group):
    group, numbers = group
    bars = named(numbers, curves.outcomes(group, numbers)["bars"])
    assert bars["no_cache"]["shares"]["bypass"] == 1
    assert bars["cache_aside"]["shares"]["hit"] == pytest.approx(0.8)
    assert bars["cache_aside"]["hit_range"] == [0.8, 0.8]
    assert all(sum(bar["shares"].values()) == pytest.approx(1) for bar in bars.values())


def test_a_timeline_is_in_seconds_and_rates_without_its_cut_end(group):
    group, numbers = group
    for each in group.rows["cache_aside"].values():
        each.data["elapsed_ns"] = 950_000_000
        each.data["timeline"][2]["unanswered"] = 1000
    found = curves.over_time(group, numbers)
    panel = named(numbers, found["panels"])["cache_aside"]
    assert panel["at"][:2] == [0.05, 0.15] and len(panel["at"]) == 9
    assert panel["answered"][:3] == [51000, 51010, 41020]
    assert panel["store_reads"][0] == 8500
    assert found["faults"] == [[0.3, 0.5, "store-slow"]]


def test_herds_are_of_protocols_that_differ_in_their_shield_alone(group):
    group, numbers = group
    panels = named(numbers, curves.herds(group, numbers)["panels"])
    assert set(panels) == {"cache_aside", "cache_aside+lock"}
    assert panels["cache_aside"]["herd"][:2] == [30, 31]
    assert set(panels["cache_aside+lock"]["herd"]) == {1}


def test_exposed_writes_are_in_the_order_of_the_settings(group):
    group, numbers = group
    rows = all_workloads.exposure([group], numbers)["rows"]
    assert [(row["setting"], row["most"], row["most_range"]) for row in rows] == [
        ("delay 1 ms", 22, [20, 22]), ("delay 100 ms", 902, [900, 902])]  # fmt: skip


def test_a_repetition_without_an_exposed_write_is_in_the_range(tmp_path):
    def bend(data):
        if data["session"]["repetition"] == 1:
            data["durability"]["exposure_writes_max"] = 0

    folder = synthetic.suite(tmp_path, [Plan("write_behind", exposure=7)], repetitions=3, bend=bend)
    groups = results.group(results.load([folder]))
    numbers = {label: number for number, label in enumerate(groups[0].rows)}
    (row,) = all_workloads.exposure(groups, numbers)["rows"]
    assert (row["most"], row["most_range"]) == (7, [0, 7])


def test_predictions_are_those_beside_the_results(tmp_path):
    assert all_workloads.predictions([tmp_path]) is None
    (tmp_path / "predictions.json").write_text(json.dumps(rich_results.PREDICTIONS))
    found = all_workloads.predictions([tmp_path / "one.json"])
    assert [row["inside"] for row in found["rows"]] == [True, True, False]


def test_every_strategy_comes_before_a_second_protocol_of_one():
    rows = [
        {"protocol": label, "settings": {"strategy": label.split("+")[0].split(" ")[0]}}
        for label in ("no_cache", "cache_aside+lock a=1", "cache_aside+lock", "cache_aside",
                      "write_through+lock", "write_through", "write_behind b=2")
    ]  # fmt: skip
    assert appearance.plainest_first(rows) == [
        "no_cache", "cache_aside", "write_through", "write_behind b=2",
        "cache_aside+lock", "write_through+lock", "cache_aside+lock a=1"]  # fmt: skip
