# SPDX-License-Identifier: Apache-2.0
"""What goes wrong on purpose: each fault shows in the result, in both runtimes."""

import json

import pytest

VIRTUAL = ["--runtime", "virtual", "--clients", 8]
HOUR = 3_600_000_000_000
MS = 1_000_000


@pytest.fixture
def simulate(measure):
    """A short simulated run under these faults."""

    def run(*words, faults=(), operations=5_000):
        given = [word for fault in faults for word in ("--fault", fault)]
        return measure(*VIRTUAL, *words, *given, operations=operations)

    return run


@pytest.fixture(params=["threads", "virtual"])
def everywhere(request, measure):
    """A short run under one fault, in each runtime."""

    def run(fault, *words, operations=2_000):
        runtime = ["--runtime", request.param]
        return measure(*runtime, "--fault", fault, *words, operations=operations)

    return run


def total(result, name):
    return sum(kind[name] for kind in result["operations"].values())


def calls(section, *names):
    return sum(section[name] for name in names)


def hit(result):
    return [fault.get("calls_hit") for fault in result["faults"]]


def test_a_run_without_faults_says_nothing_of_them(measure):
    for words in ([], VIRTUAL):
        result = measure(*words)
        assert "faults" not in result and "faults" not in result["configuration"]
        assert not {"failed", "cleared"} & set(result["cache"])


def test_a_store_that_is_down_fails_every_call(everywhere):
    result = everywhere("store-down@0+1h", "--strategy", "no_cache")
    assert result["faults"] == [
        {"name": "store-down", "from_ns": 0, "to_ns": HOUR, "calls_hit": 2_000}
    ]
    assert result["configuration"]["faults"] == ["store-down@0+1h"]
    assert total(result, "failed") == total(result, "count") == 2_000
    assert result["store"]["failed"] == calls(result["store"], "reads", "writes") == 2_000
    assert result["consistency"]["reads_checked"] == 0
    assert result["promise"]["verdict"] == "untested"


def test_calls_of_the_store_fail_at_random(everywhere):
    result = everywhere("store-fails=0.25", "--strategy", "no_cache")
    failed = total(result, "failed")
    assert failed == pytest.approx(500, abs=120)
    assert hit(result) == [failed] == [result["store"]["failed"]]
    done = total(result, "count") - failed
    rate = done / (result["elapsed_ns"] / 1e9)
    assert result["operations_per_second"] == pytest.approx(rate, rel=1e-6), "of successes"
    assert result["faults"][0] == {
        "name": "store-fails", "fraction": 0.25, "calls_hit": failed
    }  # fmt: skip


def test_a_slow_store_is_slow(everywhere):
    words = ["--strategy", "no_cache", "--store-latency", "20us"]
    result = everywhere("store-slow@0+1h,x20", *words, operations=200)
    assert hit(result) == [200]
    assert result["faults"][0]["factor"] == 20
    assert result["operations"]["read"]["latency_ns"]["min"] >= 400_000
    assert total(result, "failed") == 0


def test_a_cache_that_is_down_is_passed_by(everywhere):
    result = everywhere("cache-down@0+1h")
    assert result["cache"]["gets"] == result["cache"]["fills"] == 0
    reads, writes = (result["operations"][kind]["count"] for kind in ("read", "write"))
    assert hit(result) == [reads + writes] == [result["cache"]["failed"]]
    assert list(result["operations"]["read"]["by_outcome"]) == ["bypass"]
    assert result["store"]["reads"] == reads
    assert total(result, "failed") == 0


def test_a_slow_cache_is_slow(everywhere):
    words = ["--cache-latency", "20us"]
    result = everywhere("cache-slow@0+1h,x20", *words, operations=200)
    assert hit(result) == [calls(result["cache"], "gets", "fills", "erases")]
    hits = result["operations"]["read"]["by_outcome"]["hit"]
    assert hits["latency_ns"]["min"] >= 400_000


def test_a_flush_takes_all_that_the_cache_has(everywhere):
    result = everywhere("cache-flush@0", "--warmup", "50ms", "--cache-size", "1MB")
    assert result["faults"] == [{"name": "cache-flush", "from_ns": 0, "to_ns": 0}]
    assert 50 < result["cache"]["cleared"] <= 100
    assert result["cache"]["evictions"] == result["cache"]["expirations"] == 0
    assert result["cache"]["misses"] > 0
    assert "failed" not in result["cache"]


def test_what_a_node_clears_for_a_gap_is_not_lost_to_a_flush(simulate):
    words = ["--nodes", 4, "--invalidate", "event", "--warmup", "50ms", "--on-gap"]
    faults = ["cache-flush@0", "event-loss=0.2"]
    none, clear = (simulate(*words, rule, faults=faults) for rule in ("none", "clear"))
    assert clear["events"]["clears"] > 0
    assert 0 < clear["cache"]["cleared"] <= none["cache"]["cleared"] <= 400


def test_calls_for_leases_are_none_that_the_shared_cache_failed(simulate):
    words = ["--nodes", 4, "--shared-cache", "1MiB", "--shield"]
    none, lock = (simulate(*words, s, faults=["cache-down@0+1h"]) for s in ("none", "lock"))
    assert hit(none) == [none["shared_cache"]["failed"]]
    assert hit(lock)[0] > lock["shared_cache"]["failed"] > 0
    assert lock["shared_cache"]["gets"] == lock["shared_cache"]["fills"] == 0


def test_times_count_from_the_end_of_the_warm_up(everywhere):
    words = ["--warmup", "50ms", "--reads", 1]
    result = everywhere("store-down@0+1h", *words)
    hits = result["operations"]["read"]["by_outcome"]["hit"]["count"]
    assert hits > 1_000, "of what the warm-up cached"
    assert total(result, "failed") == 2_000 - hits


def test_a_spell_shows_in_the_timeline_where_it_is(simulate):
    words = ["--strategy", "no_cache", "--duration", "600ms", "--reads", 1]
    result = simulate(*words, faults=["store-slow@200ms+100ms,x9"], operations=None)
    assert result["faults"][0] | {"calls_hit": 0} == {
        "name": "store-slow", "from_ns": 200 * MS, "to_ns": 300 * MS, "factor": 9,
        "calls_hit": 0,
    }  # fmt: skip
    operations = {entry["at_ns"] // MS: entry["operations"] for entry in result["timeline"]}
    usual = operations[0]
    assert operations[250] < usual / 4
    assert all(operations[at] > usual * 0.8 for at in (50, 100, 150, 400, 450, 500, 550))


def test_the_same_seed_gives_the_same_bytes(stalemark, tiny):
    faults = ["store-down@10ms+10ms", "store-fails=0.1", "cache-slow@5ms+20ms,x3",
              "cache-down@12ms+5ms", "cache-flush@30ms", "store-slow@25ms+5ms,x9"]  # fmt: skip
    words = [word for fault in faults for word in ("--fault", fault)]
    texts = [
        stalemark("run", tiny, *VIRTUAL, *words, "--operations", 5_000, "--out", "-").out
        for _ in range(2)
    ]
    assert texts[0] == texts[1]
    result = json.loads(texts[0])
    assert [fault["name"] for fault in result["faults"]] == [
        fault.partition("@")[0].partition("=")[0] for fault in faults
    ]
    assert all(number > 0 for number in hit(result) if number is not None)


def test_faults_that_never_come_change_nothing(simulate):
    calm = simulate()
    late = simulate(
        faults=["store-down@1h+1s", "store-slow@1h+1s,x9", "store-fails=0", "cache-flush@1h"]
    )
    assert hit(late) == [0, 0, 0, None]
    assert late["cache"].pop("cleared") == 0
    for name in ("operations", "store", "cache", "consistency", "timeline", "histograms"):
        assert late[name] == calm[name], name
    assert late["workload_digest"] == calm["workload_digest"]


@pytest.mark.parametrize("strategy", ["no_cache", "cache_aside", "read_through", "write_through"])
def test_what_failed_is_neither_judged_nor_missed(simulate, strategy):
    # Keys enough for misses enough.
    words = ["--strategy", strategy, "--keys", 5_000]
    result = simulate(*words, faults=["store-fails=0.3"])
    reads, writes = (result["operations"][kind] for kind in ("read", "write"))
    assert reads["failed"] > 50 and writes["failed"] > 50
    seen = result["consistency"]
    assert seen["reads_checked"] == reads["count"] - reads["failed"]
    assert seen["phantom_reads"] == seen["values_corrupt"] == 0
    assert seen["divergence"]["after_drain"]["store_lost"] == 0
    assert not any("lost" in breach for breach in result["promise"]["broken_by"])
    if strategy == "no_cache":
        assert seen["stale_reads"] == 0
        assert result["promise"]["verdict"] == "kept"


def test_an_erase_that_the_cache_never_heard_of_leaves_an_old_entry_behind(measure):
    # A client alone: nothing else can leave an old entry behind.
    words = ["--runtime", "virtual", "--clients", 1, "--keys", 2_000, "--warmup", "1s"]
    calm = measure(*words, operations=5_000)
    down = measure(*words, "--fault", "cache-down@10ms+500ms", operations=5_000)
    assert calm["consistency"]["divergence"]["after_drain"]["cache_stale"] == 0
    assert down["consistency"]["divergence"]["after_drain"]["cache_stale"] > 0
    assert calm["consistency"]["stale_reads"] == 0
    assert down["consistency"]["stale_reads"] > 20
    assert calm["promise"]["verdict"] == "kept"
    assert down["promise"]["verdict"] == "broken"


def test_write_behind_gets_over_a_store_that_is_down(simulate):
    words = ["--strategy", "write_behind", "--reads", 0.5, "--flush-delay", "2ms"]
    result = simulate(*words, faults=["store-down@10ms+20ms"], operations=50_000)
    assert result["durability"]["writes_behind"]["retried"] > 0
    assert result["durability"]["writes_behind"]["dropped"] == 0
    assert result["operations"]["write"]["failed"] == 0
    assert result["consistency"]["divergence"]["after_drain"]["store_lost"] == 0
    assert result["promise"]["verdict"] == "kept"


def test_write_behind_loses_what_a_store_never_takes_before_it_gives_up(simulate):
    words = ["--strategy", "write_behind", "--warmup", "50ms"]
    result = simulate(*words, faults=["store-down@0+1h"])
    assert result["operations"]["write"]["failed"] == 0
    assert result["durability"]["writes_behind"]["dropped"] > 0
    assert hit(result) == [result["store"]["failed"]], "those of the drain are not counted"
    assert result["promise"]["verdict"] == "broken"
    assert any(breach.startswith("store_lost") for breach in result["promise"]["broken_by"])


def test_the_summary_names_them(stalemark, tiny):
    words = ["--fault", "store-fails=1", "--fault", "cache-flush@0"]
    ended = stalemark("run", tiny, *VIRTUAL, *words, "--operations", 1_000, "--quiet", "--out",
                      "r.json")  # fmt: skip
    assert ended.status == 0
    shown = stalemark("show", "r.json").out
    assert "faults             store-fails=1 (1,000 calls), cache-flush@0\n" in shown


def test_a_suite_takes_a_list_or_a_text(stalemark, write_json, tiny, tmp_path):
    several = ["store-fails=0.5", "cache-flush@0"]
    suite = {
        "caption": "Faults", "workloads": [f"./{tiny}"],
        "options": {"runtime": "virtual", "operations": 500},
        "settings": [{"fault": several}, {"fault": "store-fails=0.1"}],
        "protocols": [{"strategy": "cache_aside"}],
    }  # fmt: skip
    name = write_json("suite.json", suite)
    ended = stalemark("suite", name, "--out", "results", "--quiet")
    assert (ended.status, ended.err) == (0, "")
    results = [json.loads(path.read_text()) for path in (tmp_path / "results").iterdir()]
    found = [result["configuration"]["faults"] for result in results]
    assert sorted(found) == sorted([several, ["store-fails=0.1"]])
    for result in results:
        assert hit(result)[0] == result["store"]["failed"] > 0


def test_a_suite_may_be_given_faults(stalemark, write_json, tiny, tmp_path):
    strategies = [{"strategy": name} for name in ("cache_aside", "no_cache")]
    suite = {"caption": "c", "workloads": [f"./{tiny}"], "protocols": strategies}
    words = ["--runtime", "virtual", "--operations", 200, "--fault", "store-fails=1", "--fault",
             "cache-flush@0"]  # fmt: skip
    ended = stalemark("suite", write_json("s.json", suite), *words, "--out", "r", "--quiet")
    assert (ended.status, ended.err) == (0, "")
    aside, none = (json.loads(path.read_text()) for path in sorted((tmp_path / "r").iterdir()))
    assert aside["configuration"]["faults"] == ["store-fails=1", "cache-flush@0"]
    assert none["configuration"]["faults"] == ["store-fails=1"], "it has no cache to flush"


def test_the_listed_faults_are_those_that_a_run_takes(stalemark, measure):
    listed = json.loads(stalemark("list", "faults", "--json").out)["faults"]
    names = [entry["name"] for entry in listed]
    assert names[:3] == ["store-slow", "store-down", "store-fails"]
    for name in names:
        words = ["--store-latency", "1us", "--cache-latency", "1us"]
        if name.startswith("event"):
            words += ["--nodes", 2, "--clients", 2, "--invalidate", "event"]
        told = stalemark("run", "tiny.json", *words, "--fault", name).err
        form = told.rpartition("as in ")[2].strip()
        assert measure(*words, "--fault", form, operations=20)["faults"][0]["name"] == name
