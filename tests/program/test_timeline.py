# SPDX-License-Identifier: Apache-2.0
"""What the timeline says of each interval, where it is known beforehand."""

import json

import pytest

VIRTUAL = ["--runtime", "virtual", "--store", "memory", "--strategy", "no_cache", "--warmup", "0s"]


@pytest.fixture
def simulate(stalemark):
    def run(*words):
        ended = stalemark("run", *words, *VIRTUAL, "--quiet", "--out", "-")
        assert (ended.status, ended.err) == (0, "")
        return json.loads(ended.out)

    return run


def test_the_reads_of_the_store_are_those_of_the_interval(simulate):
    pace = ["--keys", 1000, "--reads", 1, "--rate", 1000, "--arrival", "constant"]
    timeline = simulate("ycsb_a", *pace, "--clients", 16, "--duration", "5s")["timeline"]
    assert len(timeline) in (60, 61)
    for each in timeline:
        assert abs(each["store_reads"] - each["operations"]) <= 2, each


def test_reads_that_are_under_way_all_the_time_count_in_every_interval(simulate):
    words = ["--keys", 1, "--reads", 1, "--clients", 50, "--store-latency", "1s"]
    result = simulate("ycsb_c", *words, "--duration", "3s")
    # The last one begins when all are answered and nobody asks again.
    most = [each["concurrent_reads_max"] for each in result["timeline"]]
    assert most[:60] == [50] * 60
    assert result["store"]["concurrent_reads_max"] == 50


def test_the_largest_herd_of_the_run_is_that_of_the_interval_in_which_it_met(stalemark):
    """The one key expires once, long before the end."""
    words = ["--keys", 1, "--reads", 1, "--clients", 20, "--ttl", "1s", "--store-latency", "5ms"]
    words += ["--runtime", "virtual", "--store", "memory", "--cache-latency", "1ms",
              "--cache-size", "1MiB"]  # fmt: skip
    ended = stalemark("run", "ycsb_c", *words, "--warmup", 0, "--duration", "1800ms", "--quiet",
                      "--out", "-")  # fmt: skip
    result = json.loads(ended.out)
    herds = [each["concurrent_reads_max"] for each in result["timeline"]]
    assert herds[-1] == 0 < max(herds[1:]) <= 20
    assert result["store"]["concurrent_reads_max"] == max(herds) > 10


@pytest.mark.parametrize("pace", [["--rate", 2, "--keys", 1000], ["--store-latency", "1s"]])
def test_a_timeline_stays_short_however_long_the_run(simulate, pace):
    result = simulate("ycsb_a", "--operations", 20_000, "--clients", 4, *pace)
    timeline = result["timeline"]
    assert 50 < len(timeline) <= 480
    interval_ns = timeline[1]["at_ns"]
    assert [each["at_ns"] for each in timeline] == [i * interval_ns for i in range(len(timeline))]
    assert timeline[-1]["at_ns"] <= result["elapsed_ns"] <= timeline[-1]["at_ns"] + interval_ns
    assert sum(each["operations"] for each in timeline) == 20_000
    reads = result["store"]["reads"]
    assert sum(each["store_reads"] for each in timeline) == reads
    for each in timeline[:-1]:  # Half of the operations read, give or take chance.
        assert 0.15 < each["store_reads"] / each["operations"] < 0.85


def test_where_a_rate_tells_the_length_there_are_some_sixty_intervals(simulate):
    words = ["--operations", 6_000, "--rate", 2, "--arrival", "constant", "--keys", 1000]
    timeline = simulate("ycsb_a", *words)["timeline"]
    assert len(timeline) in (60, 61)
    assert timeline[1]["at_ns"] == 50_000_000_000


def test_the_stale_reads_of_the_timeline_are_those_that_are_judged_stale(stalemark):
    """Not those that are meant to be old; those of a read-modify-write whose write failed, too."""
    words = ["--set", 'mix={"read": 0.6, "write": 0.2, "read_modify_write": 0.2}', "--keys", 50]
    words += ["--shield", "stale", "--ttl", "5ms", "--grace", "20ms", "--store", "memory"]
    words += ["--runtime", "virtual", "--operations", 20_000, "--clients", 16, "--invalidate"]
    ended = stalemark("run", "ycsb_a", *words, "none", "--fault", "store-fails=0.3", "--out", "-")
    result = json.loads(ended.out)
    assert result["operations"]["read_modify_write"]["failed"] > 100
    seen = result["consistency"]
    assert seen["stale_reads"] > 1_000 and seen["stale_by_design"] > 30
    assert sum(each["stale_reads"] for each in result["timeline"]) == seen["stale_reads"]
