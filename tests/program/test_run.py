# SPDX-License-Identifier: Apache-2.0
"""What a run writes down, for every strategy."""

import json
import re
import shlex

import pytest

STRATEGIES = {
    "no_cache": [],
    "cache_aside": [],
    "read_through": [],
    "write_through": [],
    "write_around": [],
    "write_behind": [],
    "refresh_ahead": ["--ttl", "10ms"],
}


def test_the_strategies_are_those_of_the_list(stalemark):
    listed = json.loads(stalemark("list", "strategies", "--json").out)["strategies"]
    assert [entry["name"] for entry in listed] == list(STRATEGIES)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_result_is_valid_and_adds_up(measure, strategy):
    result = measure("--strategy", strategy, *STRATEGIES[strategy], operations=20_000)
    operations = result["operations"]
    assert result["complete"] is True
    assert result["schema"] == 2
    assert result["configuration"]["protocol"]["strategy"] == strategy
    assert sum(section["count"] for section in operations.values()) == 20_000
    assert sum(part["operations"] for part in result["timeline"]) == 20_000
    for section in operations.values():
        outcomes = section["by_outcome"].values()
        assert sum(outcome["count"] for outcome in outcomes) == section["count"]
        assert section["latency_ns"]["count"] == section["count"]
    checked = result["consistency"]["reads_checked"]
    assert checked == operations["read"]["count"]
    assert result["consistency"]["divergence"]["after_drain"]["store_lost"] == 0
    outcomes = {f"{kind}.{name}" for kind, section in operations.items()
                for name in section["by_outcome"] if len(section["by_outcome"]) > 1}  # fmt: skip
    judged = {name for name in result["histograms"] if name.startswith("consistency.")}
    assert set(result["histograms"]) - judged == set(operations) | outcomes
    assert "started_at" in result and "virtual" not in result


def test_every_strategy_is_given_the_same_operations(measure):
    digests = {
        measure("--strategy", strategy, *words, operations=100)["workload_digest"]
        for strategy, words in STRATEGIES.items()
    }
    assert len(digests) == 1


def test_another_seed_gives_other_operations(measure):
    assert (
        measure("--seed", 1, operations=100)["workload_digest"]
        != measure("--seed", 2, operations=100)["workload_digest"]
    )


def test_the_command_repeats_the_run(measure, stalemark):
    caption = "it's \"quoted\" $HOME"
    first = measure("--strategy=read_through", "--ttl", "5s", "--set", f"caption={caption}")
    assert first["configuration"]["workload"]["caption"] == caption
    program, *words = shlex.split(first["command"])
    assert program == "stalemark"
    assert "--out" not in words
    again = json.loads(stalemark(*words, "--out", "-").out)
    for name in ("command", "configuration", "workload_digest", "seed"):
        assert again[name] == first[name]


def test_an_open_loop_has_a_schedule(measure):
    words = ["--rate", 2_000, "--arrival", "constant", "--duration", "200ms"]
    result = measure(*words, operations=None)
    schedule = result["schedule"]
    assert schedule["offered"] == 400
    assert schedule["completed"] + schedule["dropped"] == 400
    assert schedule["slip_ns"]["count"] == schedule["completed"]
    assert result["operations"]["read"]["response_ns"]["count"] > 0
    assert "schedule" not in measure()


def test_a_summary_is_printed_and_show_prints_the_same_and_draws_latencies(stalemark, tiny):
    words = ["run", tiny, "--store", "memory", "--operations", 500]
    ended = stalemark(*words, "--out", "result.json")
    assert ended.status == 0
    assert ended.out.startswith("cache_aside on tiny, store memory, 4 clients")
    shown = stalemark("show", "result.json").out
    assert shown.count("\n  up to  ") == 1
    assert without_drawing(shown) == ended.out
    assert stalemark("show", "result.json", "result.json").out == 2 * shown


def without_drawing(shown):
    """What `show` prints, but for the drawing of the latencies: rows begin with their bounds."""
    return re.sub(r"^  (?:up to  | +\d+[num]?s\b).*\n", "", shown, flags=re.MULTILINE)


def test_quiet_prints_nothing(stalemark, tiny):
    words = ["run", tiny, "--store", "memory", "--operations", 500, "--quiet"]
    assert stalemark(*words) == (0, "", "")
    assert stalemark(*words, "--out", "result.json") == (0, "", "")


@pytest.mark.parametrize(("operations", "share"), [(1, "95%"), (2, "78%"), (3_000, "0.1%")])
def test_none_found_excludes_no_more_than_so_many_trials_can(stalemark, tiny, operations, share):
    words = ["run", tiny, "--runtime", "virtual", "--reads", 1, "--warmup", 0]
    ended = stalemark(*words, "--operations", operations)
    assert f"(below {share} at 95%)" in ended.out


def test_failed_operations_are_shown(stalemark, tiny):
    words = ["--strategy", "write_behind", "--queue", 1, "--when-full", "reject"]
    ended = stalemark("run", tiny, "--store", "memory", "--operations", 2_000, *words)
    assert "failed" in ended.out


# Many clients on few keys, loads that take long and entries that end soon: in virtual time, some
# two hundred fills that a write overtook, the same ones each time.
RACY_STORE = ["--keys", 4, "--clients", 16, "--reads", 0.7, "--store-latency", "uniform(0,1ms)"]
RACY = [
    *RACY_STORE,
    *("--cache-latency", "uniform(0,200us)", "--operations", 20_000),
    *("--ttl", "300us", "--store", "memory", "--runtime", "virtual"),
]


def test_a_broken_promise_is_a_failure_where_it_is_asserted(stalemark, tiny, tmp_path):
    words = ["run", tiny, *RACY, "--strategy", "write_through", "--quiet"]
    assert stalemark(*words).status == 0
    ended = stalemark(*words, "--expect-promise", "--out", "result.json")
    assert ended.status == 1
    promise = json.loads((tmp_path / "result.json").read_text())["promise"]
    assert promise["declared"] == "linearizable, durable"
    assert promise["verdict"] == "broken"
    assert any(breach.startswith("stale_reads") for breach in promise["broken_by"])


def test_a_kept_promise_is_none(stalemark, tiny):
    words = ["run", tiny, *RACY_STORE, "--operations", 20_000, "--store", "memory"]
    words += ["--strategy", "no_cache", "--quiet"]
    assert stalemark(*words, "--expect-promise").status == 0


def test_what_was_not_tested_is_neither_kept_nor_broken(measure):
    promise = measure("--reads", 1)["promise"]
    assert promise["verdict"] == "untested"
    assert promise["untested_because"] == "nothing was written"


def test_rocksdb_is_the_store_that_runs_by_default(stalemark, tiny, schema):
    ended = stalemark("run", tiny, "--operations", 500, "--out", "-")
    result = json.loads(ended.out)
    schema.validate(result)
    assert result["configuration"]["store"]["name"] == "rocksdb"
    assert result["store"]["bytes_written"] > 0
    assert result["resources"]["rocksdb"]


def test_the_warm_up_is_in_no_figure_of_the_write_queue(measure):
    words = ["--strategy", "write_behind", "--flush-delay", "5ms", "--clients", 2]
    words += ["--runtime", "virtual", "--warmup", "1s", "--cache-size", "1MiB"]
    result = measure(*words, operations=5_000)
    queue = result["durability"]["writes_behind"]
    writes = result["operations"]["write"]["count"]
    assert 0 < queue["coalesced"] < writes
    assert queue["queued_max"] <= 2 * 100  # Of a key one waits while another is being stored.
    # What was coalesced and what was stored are the writes, but for the last of the warm-up.
    stored = writes - queue["coalesced"]
    assert stored > 0 and queue["batches"] <= stored + 100


def test_the_reads_of_the_store_add_up_over_the_timeline(measure):
    words = ["--strategy", "no_cache", "--runtime", "virtual", "--duration", "500ms"]
    result = measure(*words, operations=None)
    parts = [part["store_reads"] for part in result["timeline"]]
    assert len(parts) > 5
    assert sum(parts) == result["store"]["reads"]


def test_a_bound_is_untested_by_a_run_that_is_not_longer_and_the_summary_says_why(
    stalemark, tiny
):
    words = ["run", tiny, "--runtime", "virtual", "--duration", "2s", "--store-latency", "1ms"]
    promises = {}
    for ttl in ("1s", "1990ms", "2s", "1h"):
        ended = stalemark(*words, "--ttl", ttl, "--out", f"{ttl}.json", "--expect-promise")
        assert ended.status == 0
        promises[ttl] = stalemark("show", f"{ttl}.json").out.splitlines()[-1].split(": ")[1:]
    assert promises["1s"] == promises["1990ms"] == ["kept"]
    assert promises["2s"] == promises["1h"]
    assert promises["2s"] == ["untested, as the run is shorter than the bound"]


def test_the_warm_up_counts_for_a_bound(measure):
    words = ["--runtime", "virtual", "--duration", "1s", "--ttl", "1500ms"]
    short, long = (measure(*words, "--warmup", d, operations=None)["promise"] for d in ("0", "1s"))
    assert (short["verdict"], long["verdict"]) == ("untested", "kept")


TRACE = """time_ns,operation,key,value_bytes,ttl_ns
0,get,a,,
100000000,set,a,100,
200000000,get,b,,
300000000,get,a,,
900000000,delete,a,,
"""


def test_a_trace_is_replayed_from_its_beginning_with_the_ttl_of_the_workload(
    stalemark, write_json, tmp_path
):
    (tmp_path / "t.csv").write_text(TRACE)
    write_json("t.json", {"caption": "A trace", "trace": {"path": "t.csv"}, "cache_size": "1MiB"})

    def replay(*words):
        words = ["run", "t.json", "--runtime", "virtual", "--out", "-", *words]
        return json.loads(stalemark(*words, "--strategy", "write_around").out)

    whole = replay("--ttl", "150ms")
    # No warm-up, or else `a` would have been deleted before its first read.
    assert whole["operations"]["read"]["absent"] == 0
    assert whole["configuration"]["protocol"]["ttl_ns"] == 150_000_000
    assert whole["operations"]["read"]["by_outcome"]["miss"]["count"] == 3
    assert replay()["operations"]["read"]["by_outcome"]["miss"]["count"] == 2
    for clients in (1, 2, 7):
        kinds = replay("--operations", 4, "--clients", clients)["operations"]
        assert {name: kind["count"] for name, kind in kinds.items()} == {"read": 3, "write": 1}


def test_what_came_due_and_was_never_sent_is_counted(measure):
    words = ["--strategy", "no_cache", "--runtime", "virtual", "--rate", 200_000]
    words += ["--store-latency", "5ms", "--store-servers", 1, "--duration", "200ms", "--clients", 4]
    result = measure(*words, operations=None)
    schedule = result["schedule"]
    assert schedule["offered"] == schedule["completed"] + schedule["dropped"]
    assert 38_000 < schedule["offered"] < 42_000
    assert schedule["completed"] <= 45


def not_answered(stalemark, tiny, *words):
    """The line of the summary that tells of it, as words; `show` has the same."""
    rate = ["--runtime", "virtual", "--store", "memory", "--strategy", "no_cache"]
    ended = stalemark("run", tiny, *rate, *words, "--out", "open.json")
    assert ended.out.startswith(without_drawing(stalemark("show", "open.json").out))
    return [line.split() for line in ended.out.splitlines() if "not answered" in line]


def test_a_summary_tells_what_of_an_open_loop_had_no_answer(stalemark, tiny):
    words = ["--rate", 1_000, "--arrival", "constant", "--duration", "1s", "--warmup", 0]
    assert not_answered(stalemark, tiny, *words, "--store-latency", "1us") == []
    slow = [*words, "--clients", 1, "--store-servers", 1, "--store-latency", "100ms"]
    assert not_answered(stalemark, tiny, *slow) == [
        "not answered 99% of 1,000 offered: 990 dropped unsent, 0 failed of 10 completed".split()
    ]
    (line,) = not_answered(stalemark, tiny, *words, "--store-latency", "1us",
                           "--fault", "store-down@500ms+300ms")  # fmt: skip
    text = "not answered 30% of 1,000 offered: 0 dropped unsent, 300 failed of 1,000 completed"
    assert line == text.split()
    closed = ["--operations", 100, "--fault", "store-fails=1"]
    assert not_answered(stalemark, tiny, *closed) == []


def test_the_timeline_of_an_open_loop_shows_the_wait_of_what_came_due(measure):
    words = ["--strategy", "no_cache", "--runtime", "virtual", "--clients", 1, "--warmup", 0]
    words += ["--store-latency", "10ms", "--operation-cost", "1ns"]
    result = measure(*words, "--rate", 200, "--arrival", "constant", "--duration", "2s",
                     operations=None)  # fmt: skip
    # One is due every 5 ms and takes 10: what ends at t was due at t / 2.
    for each in result["timeline"]:
        assert each["p99_ns"] == pytest.approx(10_000_000, rel=0.01)
        end = min(each["at_ns"] + 50_000_000, result["elapsed_ns"])
        assert each["response_p99_ns"] == pytest.approx(end / 2, abs=10_000_000)
        assert each["response_p50_ns"] <= each["response_p99_ns"]
    for each in measure(*words, operations=100)["timeline"]:
        assert not [name for name in each if name.startswith("response")]
