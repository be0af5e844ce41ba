# SPDX-License-Identifier: Apache-2.0
"""`--history` and `--check`: what a run records of its operations, and how they are judged."""

import collections
import json

import pytest
from tiny_workload import TINY

SIMULATED = ["--runtime", "virtual", "--store-latency", "lognormal(1ms,0.5)"]
ALL = ["--history-keys", "all"]
RACY = ["--strategy", "cache_aside", "--invalidate", "none", "--clients", 8]


@pytest.fixture
def judge(stalemark):
    """The verdict of `stalemark check` on a history, and its exit status."""

    def run(name):
        ended = stalemark("check", name, "--json", "-")
        assert ended.err == ""
        return json.loads(ended.out), ended.status

    return run


def lines_of(path):
    first, *lines, last = map(json.loads, path.read_text().splitlines())
    assert first == {"fmt": "stalemark-history", "v": 1, "initial": 0, "end": True}
    assert last == {"end": True, "lost": 0}
    return [line for line in lines if line["op"] != "i"]


@pytest.mark.parametrize("runtime", ["threads", "virtual"])
def test_a_store_without_a_cache_is_linearizable_in_every_recorded_operation(
    measure, judge, tmp_path, runtime
):
    words = ["--strategy", "no_cache", "--runtime", runtime, "--clients", 4, *ALL]
    result = measure(*words, "--history", "h.jsonl", "--check", operations=5_000)
    found, status = judge("h.jsonl")
    assert (found["verdict"], status) == ("ok", 0)
    kinds = result["operations"]
    assert found["reads"] == kinds["read"]["count"]
    assert found["writes"] == kinds["write"]["count"]
    consistency = result["consistency"]
    assert consistency["keys_checked"] == TINY["keys"]
    assert consistency["operations_checked"] == found["operations"] == 5_000
    assert consistency["linearizability_anomalies"] == consistency["undecided_reads"] == 0
    assert [line["call"] for line in lines_of(tmp_path / "h.jsonl")] == sorted(
        line["call"] for line in lines_of(tmp_path / "h.jsonl")
    )


@pytest.mark.parametrize("runtime", [[], SIMULATED], ids=["threads", "virtual"])
def test_a_cache_that_no_write_touches_is_found_to_be_stale_by_both_judges(
    measure, judge, runtime
):
    result = measure(*RACY, *runtime, *ALL, "--history", "h.jsonl", "--check")
    found, status = judge("h.jsonl")
    assert (found["verdict"], status) == ("anomalies", 1)
    judged = result["consistency"]
    assert judged["linearizability_anomalies"] == found["counts"]["linearizability"]
    assert judged["order_anomalies"] == found["counts"]["order"]
    # The oracle needs no clock, and so knows the order of what happens at one instant, too.
    assert 0.9 * judged["stale_reads"] <= found["counts"]["stale_reads"] <= judged["stale_reads"]
    assert judged["stale_reads"] > 100
    assert found["stale_age_ns"]["max"] <= judged["stale_age_ns"]["max"] * 1.02
    assert found["counts"]["read_your_writes"] <= judged["read_your_writes_violations"]
    assert found["counts"]["read_your_writes"] > 0


def test_the_warm_up_is_recorded_so_that_every_version_is_known(measure, judge):
    words = ["--strategy", "no_cache", "--runtime", "virtual", "--warmup", "1s", *ALL]
    result = measure(*words, "--history", "h.jsonl")
    found, _ = judge("h.jsonl")
    assert found["verdict"] == "ok"
    assert found["operations"] == 2_000 + result["warmup"]["operations"]


def test_a_sample_has_the_hottest_keys_and_others(measure, tmp_path):
    words = ["--runtime", "virtual", "--key-skew", "1.2", "--history", "h.jsonl"]
    measure(*words, "--history-keys", 10, operations=20_000)
    keys = collections.Counter(line["k"] for line in lines_of(tmp_path / "h.jsonl"))
    assert len(keys) == 10
    assert {0, 1, 2, 3, 4} < set(keys)
    whole = measure(*words, *ALL, operations=20_000)["operations"]
    every = collections.Counter(line["k"] for line in lines_of(tmp_path / "h.jsonl"))
    assert sum(every.values()) == sum(kind["count"] for kind in whole.values())
    assert all(every[key] == count for key, count in keys.items())


def test_keys_that_are_erased_and_absent_at_first_are_judged_as_well(
    measure, judge, write_json, tmp_path
):
    mix = {"read": 0.6, "write": 0.2, "delete": 0.2}
    write_json("tiny.json", TINY | {"mix": mix, "preload": 0.5, "keys": 20})
    measure("--strategy", "no_cache", *SIMULATED, "--clients", 4, *ALL, "--history", "h.jsonl")
    found, _ = judge("h.jsonl")
    assert found["verdict"] in ("ok", "unknown") and found["deletes"] > 100
    measure(*RACY, *SIMULATED, *ALL, "--history", "h.jsonl")
    assert judge("h.jsonl")[0]["verdict"] == "anomalies"


def test_failed_and_unknown_writes_are_recorded_as_such(measure, judge, tmp_path):
    words = ["--strategy", "no_cache", *SIMULATED, "--clients", 8]
    faults = ["--fault", "store-fails=0.1", "--store-timeout", "1500us"]
    measure(*words, *faults, *ALL, "--history", "h.jsonl")
    states = collections.Counter(
        line["st"] for line in lines_of(tmp_path / "h.jsonl") if line["op"] == "w"
    )
    assert states["ok"] > 0 and states["fail"] > 0 and states["info"] > 0
    found, status = judge("h.jsonl")
    assert (found["verdict"], status) == ("ok", 0)
    assert found["unknown_writes"] == states["info"]


def test_sessions_of_an_open_loop_are_the_clients_of_the_history(measure, judge, tmp_path):
    words = ["--strategy", "no_cache", *SIMULATED, "--rate", 2000, "--sessions", 50, *ALL]
    measure(*words, "--history", "h.jsonl")
    clients = {line["c"] for line in lines_of(tmp_path / "h.jsonl")}
    assert clients <= set(range(50)) and len(clients) > 30
    assert judge("h.jsonl")[0]["verdict"] == "ok"


def test_a_simulated_history_is_the_same_bytes_every_time(measure, tmp_path):
    texts = []
    for _ in range(2):
        measure(*RACY, *SIMULATED, "--history", "h.jsonl")
        texts.append((tmp_path / "h.jsonl").read_bytes())
    assert texts[0] == texts[1]


def test_recording_changes_nothing_of_a_simulated_run(measure):
    with_it = measure(*RACY, *SIMULATED, "--history", "h.jsonl", "--check")
    without = measure(*RACY, *SIMULATED)
    assert with_it["operations"] == without["operations"]
    assert with_it["virtual"] == without["virtual"]
    assert with_it["configuration"]["history"] == {"keys": 100, "check": True, "file": "h.jsonl"}
    assert "history" not in without["configuration"]
    assert "keys_checked" not in without["consistency"]


def test_the_summary_says_what_was_judged(stalemark, tiny):
    words = ["run", tiny, "--store", "memory", "--operations", 500, "--strategy", "no_cache"]
    out = stalemark(*words, "--check").out
    assert "linearizable       0 anomalies in 500 operations on 100 keys" in out


@pytest.mark.parametrize(
    "words, expected",
    [
        (["--history", "-"], "--history -: expected a file name"),
        (["--history", "mine.txt"], "--history mine.txt: holds something else than a history"),
        (["--history", "no/h.jsonl"], "--history no/h.jsonl: its folder does not exist"),
        (["--history", "h.jsonl", "--repeat", "2"], "one file holds one run"),
        (["--history-keys", "5"], "no key is followed; give --history or --check"),
        (["--check", "--history-keys", "0"], "--history-keys 0"),
    ],
)
def test_what_cannot_be_recorded_is_refused(stalemark, tiny, tmp_path, words, expected):
    (tmp_path / "mine.txt").write_text("mine")
    ended = stalemark("run", tiny, "--operations", 10, "--store", "memory", *words)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1 and expected in ended.err, ended.err
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert not (tmp_path / "h.jsonl").exists()


def test_a_disk_that_is_full_ends_the_run_with_one_line(stalemark, tiny):
    ended = stalemark(
        "run", tiny, "--operations", 10, "--store", "memory", "--quiet", "--history", "/dev/full"
    )
    assert ended.status == 1
    assert ended.err == (
        "stalemark: --history /dev/full: cannot be written: No space left on device\n"
    )
