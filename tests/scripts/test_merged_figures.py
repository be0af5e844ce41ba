# SPDX-License-Identifier: Apache-2.0
"""Merged results: the figures of one run that had seen all that the parts saw."""

import pytest
import synthetic
from recorded import AGES, HITS, MISSES, ages_of, parts, set_of, text_of
from stalemark.common.command import Refusal

SECOND = 1_000_000_000


def flat(lists):
    return [each for durations in lists for each in durations]


def test_every_quantile_is_that_of_one_recorder_of_all_durations(join):
    merged, _ = join(*parts())
    read = merged["operations"]["read"]
    assert read["latency_ns"] == set_of(flat(HITS + MISSES))
    assert read["by_outcome"]["hit"]["latency_ns"] == set_of(flat(HITS))
    assert read["by_outcome"]["miss"]["latency_ns"] == set_of(flat(MISSES))
    assert merged["consistency"]["stale_age_ns"] == ages_of(flat(AGES))
    assert merged["histograms"] == {
        "read": text_of(flat(HITS + MISSES)),
        "read.hit": text_of(flat(HITS)),
        "read.miss": text_of(flat(MISSES)),
        "consistency.stale_age_ns": text_of(flat(AGES)),
    }


def test_ratios_are_formed_of_sums(join):
    merged, _ = join(*parts())
    hits, reads = len(flat(HITS)), len(flat(HITS + MISSES))
    judged = merged["consistency"]
    assert merged["cache"]["hit_ratio"] == hits / reads
    assert judged["stale_fraction"] == 5 / reads
    assert (judged["session_found"], judged["session_coverage"]) == (hits, hits / reads)
    assert judged["writes_looked_for"] == {"1ms": 4 + 7 + 10}
    assert judged["visible_within"] == {"1ms": 3 / 21}


def test_counts_are_sums_and_maxima_are_maxima(join):
    datas = parts()
    for number, data in enumerate(datas):
        data["durability"] = {"exposure_writes_max": 5 + number, "exposure_writes_at_stop": number}
        data["consistency"]["version_lag_max"] = 9 - number
    del datas[1]["consistency"]["version_lag_max"]  # Its stale reads have no known age.
    merged, notes = join(*datas)
    assert merged["store"]["reads"] == 3 * 200
    assert merged["durability"] == {"exposure_writes_max": 7, "exposure_writes_at_stop": 2}
    assert merged["consistency"]["version_lag_max"] == 9
    assert not any(name.startswith(("store", "durability")) for name in notes)


def test_merging_in_two_steps_is_merging_at_once(join):
    one, two, three = parts()
    at_once, _ = join(one, two, three)
    assert join(join(one, two)[0], three)[0] == at_once
    assert join(three, join(two, one)[0])[0] == at_once
    in_turn, _ = join(one, two, three, in_turn=True)
    assert join(join(one, two, in_turn=True)[0], three, in_turn=True)[0] == in_turn


def test_one_result_alone_keeps_every_figure(join):
    for data in parts():
        merged, notes = join(data)
        assert {name: value for name, value in merged.items() if name != "merged"} == data
        assert notes == {}
        assert [part["seed"] for part in merged["merged"]["parts"]] == [data["seed"]]


def test_side_by_side_rates_add_up_and_in_turn_times_do(join):
    datas = parts()
    for data, seconds in zip(datas, (10, 20, 40)):
        count = data["operations"]["read"]["count"]
        data |= {"elapsed_ns": seconds * SECOND, "operations_per_second": count / seconds}
    together, _ = join(*datas)
    assert together["elapsed_ns"] == 40 * SECOND
    assert together["operations_per_second"] == pytest.approx(1000 / 10 + 900 / 20 + 4017 / 40)
    in_turn, notes = join(*datas, in_turn=True)
    assert in_turn["elapsed_ns"] == 70 * SECOND
    assert in_turn["operations_per_second"] == pytest.approx(5917 / 70)
    assert "timeline" not in in_turn and "timeline" in notes


def test_shares_of_failures_are_formed_of_sums(join):
    datas = parts()
    for number, data in enumerate(datas):
        read = data["operations"]["read"]
        read["failed"], read["unknown"] = number, 2
        read["count"] += number + 2
        read |= {f"{name}_fraction": read[name] / read["count"] for name in ("failed", "unknown")}
        data["cache"].pop("hit_ratio")
        read["unknown_latency_ns"] = set_of([70, 90])
        data["histograms"]["read.unknown"] = text_of([70, 90])
        if number:
            read["failed_latency_ns"] = set_of([5] * number)
            data["histograms"]["read.failed"] = text_of([5] * number)
    merged, notes = join(*datas)
    read = merged["operations"]["read"]
    assert (read["failed"], read["unknown"]) == (3, 6)
    assert read["failed_fraction"] == 3 / read["count"]
    assert read["unknown_fraction"] == 6 / read["count"]
    assert read["failed_latency_ns"] == set_of([5] * 3)
    assert read["unknown_latency_ns"] == set_of([70, 90] * 3)
    assert merged["histograms"]["read.failed"] == text_of([5] * 3)
    assert notes == {}
    one, two, three = datas
    assert join(join(one, two)[0], three)[0] == merged
    del two["operations"]["read"]["failed_fraction"]
    merged, notes = join(*datas)
    assert "failed_fraction" not in merged["operations"]["read"]
    assert "operations.read.failed_fraction" in notes


def test_a_schedule_is_saturated_if_that_of_one_part_was(join):
    datas = parts()
    for number, data in enumerate(datas):
        data["schedule"] = {"offered": 5, "completed": 5, "dropped": 0, "saturated": number == 1,
                            "clients_busy_max": 9 - number}  # fmt: skip
        data["resources"] = {"harness_bytes": 100 + number, "resident_bytes_max": 1000}
    merged, _ = join(*datas)
    assert merged["schedule"] == {"offered": 15, "completed": 15, "dropped": 0, "saturated": True,
                                  "clients_busy_max": 9}  # fmt: skip
    assert merged["resources"]["harness_bytes"] == 102
    datas[1]["schedule"]["saturated"] = False
    assert join(*datas)[0]["schedule"]["saturated"] is False


def test_a_warm_up_ended_as_the_one_that_tells_the_least_of_a_warm_cache(join):
    datas = parts()
    for data, ended, ratio in zip(datas, ("stable", "limit", "stable"), (0.8, 0.7, 0.8)):
        data["warmup"] = {"duration_ns": 10 * data["seed"], "operations": 4, "hit_ratio": ratio,
                          "ended_because": ended, "stable": ended == "stable"}  # fmt: skip
    merged, notes = join(*datas)
    assert merged["warmup"] == {"duration_ns": 30, "operations": 12, "ended_because": "limit",
                                "stable": False}  # fmt: skip
    assert notes["warmup.hit_ratio"] == "differs"
    assert join(*datas, in_turn=True)[0]["warmup"]["duration_ns"] == 60
    one, two, three = datas
    assert join(join(one, two)[0], three)[0]["warmup"] == merged["warmup"]
    del datas[1]
    assert join(*datas)[0]["warmup"] == {"duration_ns": 30, "operations": 8, "hit_ratio": 0.8,
                                         "ended_because": "stable", "stable": True}  # fmt: skip
    for data in datas:
        data["warmup"] = {"duration_ns": 0, "operations": 0, "ended_because": "none"}
    assert join(*datas)[0]["warmup"] == datas[0]["warmup"]


def test_in_turn_the_rate_is_of_what_the_schema_counts(join):
    for schema, counted in ((2, 5917 - 30), (1, 5917)):
        datas = parts()
        for data in datas:
            data["operations"]["read"]["failed"] = 10
            data["elapsed_ns"] = SECOND
            if schema == 1:
                synthetic.schema_1(data)
        rate = join(*datas, in_turn=True)[0]["operations_per_second"]
        assert rate == pytest.approx(counted / 3)


def test_results_of_two_schemas_are_not_merged(join):
    one, two, _ = parts()
    with pytest.raises(Refusal, match="are of two schemas"):
        join(one, synthetic.schema_1(two))


def test_a_timeline_is_added_interval_by_interval(join):
    datas = parts()
    for number, data in enumerate(datas):
        data["timeline"] = [
            {"at_ns": at * SECOND, "operations": 10, "hits": number, "p99_ns": 7,
             "store_reads": 3, "concurrent_reads_max": number}
            for at in range(2 + number)
        ]  # fmt: skip
    datas[1]["timeline"][0]["unanswered"] = 4
    del datas[2]["timeline"][1]["store_reads"]
    merged, notes = join(*datas)
    assert merged["timeline"] == [
        {"at_ns": 0, "operations": 30, "hits": 3, "store_reads": 9, "concurrent_reads_max": 2,
         "unanswered": 4},
        {"at_ns": SECOND, "operations": 30, "hits": 3, "concurrent_reads_max": 2},
        {"at_ns": 2 * SECOND, "operations": 20, "hits": 3, "store_reads": 6,
         "concurrent_reads_max": 2},
        {"at_ns": 3 * SECOND, "operations": 10, "hits": 2, "store_reads": 3,
         "concurrent_reads_max": 2},
    ]  # fmt: skip
    assert {"timeline.p99_ns", f"timeline.store_reads at {SECOND}"} <= notes.keys()
    datas[1]["timeline"][1]["at_ns"] = 5
    merged, notes = join(*datas)
    assert "timeline" not in merged
    assert notes["timeline"] == "intervals differ"


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["kept", "kept", "kept"], "kept"),
        (["kept", "untested", "kept"], "untested"),
        (["untested", "kept", "broken"], "broken"),
    ],
)
def test_the_verdict_is_the_worst(join, verdicts, expected):
    datas = parts()
    for data, verdict in zip(datas, verdicts):
        data["promise"] = {"declared": "eventual", "verdict": verdict, "broken_by": []}
        if verdict == "untested":
            data["promise"]["untested_because"] = "nothing was written"
    promise = join(*datas)[0]["promise"]
    assert promise["verdict"] == expected
    assert ("untested_because" in promise) == (expected == "untested")


def test_what_broke_the_promise_is_told_of_all_parts(join):
    datas = parts()
    broken = [["stale_reads (3)", "exposure_writes (8)"], ["phantom_reads (1)"],
              ["exposure_writes (9)", "stale_reads (4)"]]  # fmt: skip
    for data, by in zip(datas, broken):
        data["promise"] = {"declared": "linearizable", "verdict": "broken", "broken_by": by}
    assert join(*datas)[0]["promise"]["broken_by"] == [
        "exposure_writes (9)", "phantom_reads (1)", "stale_reads (7)",
    ]  # fmt: skip


def test_the_known_races_are_those_of_every_part(join):
    datas = parts()
    for data in datas:
        data["known_races"] = [
            {"name": "lost_queue", "story": "It ends.", "breaks": "store", "lasts": "for_ever",
             "needs": "crash", "clients": 1, "steps": 4, "test": "Suite.PlaysIt"},
        ]  # fmt: skip
    assert join(*datas)[0]["known_races"] == datas[0]["known_races"]
    del datas[1]["known_races"]  # As an earlier program wrote it.
    merged, notes = join(*datas)
    assert "known_races" not in merged
    assert notes["known_races"] == "not in every part"


def test_faults_are_added_one_by_one(join):
    datas = parts()
    for number, data in enumerate(datas):
        data["faults"] = [
            {"name": "cache-flush", "from_ns": 5, "to_ns": 5},
            {"name": "store-fails", "fraction": 0.5, "calls_hit": number},
        ]
    assert join(*datas)[0]["faults"] == [
        {"name": "cache-flush", "from_ns": 5, "to_ns": 5},
        {"name": "store-fails", "fraction": 0.5, "calls_hit": 3},
    ]


def test_what_a_part_does_not_tell_is_left_out_and_named(join):
    one, two, _ = parts()
    del one["histograms"]["read.hit"], one["consistency"]["session_lookups"]
    del one["operations"]["read"]["latency_ns"]["sum"], one["store"]["writes"], one["durability"]
    merged, notes = join(one, two)
    read = merged["operations"]["read"]
    assert "mean" not in read["latency_ns"] and "p99" in read["latency_ns"]
    assert set(read["by_outcome"]["hit"]["latency_ns"]) == {"min", "max", "sum", "mean", "count"}
    assert "session_coverage" not in merged["consistency"]
    assert "session_lookups" not in merged["consistency"]
    assert "writes" not in merged["store"] and "durability" not in merged
    assert {"operations.read.latency_ns.mean", "store.writes", "durability",
            "operations.read.by_outcome.hit.latency_ns.p50 and the like",
            "consistency.session_coverage", "consistency.session_lookups"} <= notes.keys()


def test_a_ratio_that_means_something_else_in_a_part_is_left_out(join):
    one, two, _ = parts()
    one["cache"]["hit_ratio"] += 0.01
    merged, notes = join(one, two)
    assert "hit_ratio" not in merged["cache"]
    assert "cache.hit_ratio" in notes
