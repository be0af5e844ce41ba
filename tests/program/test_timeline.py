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
