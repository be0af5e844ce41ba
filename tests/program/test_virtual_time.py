# SPDX-License-Identifier: Apache-2.0
"""Simulated runs: the same bytes for the same seed, whatever carries them out."""

import json
import pathlib
import re
import resource

import pytest
from test_bad_input import is_refused

STRATEGIES = {
    "no_cache": [],
    "cache_aside": ["--ttl", "20ms"],
    "read_through": ["--ttl", "20ms", "--jitter", "0.5"],
    "write_through": [],
    "write_around": ["--ttl", "20ms"],
    "write_behind": ["--flush-delay", "5ms"],
    "refresh_ahead": ["--ttl", "20ms"],
}
VIRTUAL = ["--runtime", "virtual", "--clients", 8]


@pytest.fixture
def simulate(stalemark, tiny):
    """What a simulated run writes, as text."""

    def run(*words, operations=5_000):
        ended = stalemark(
            "run", tiny, *VIRTUAL, "--operations", operations, "--out", "-", *words
        )
        assert (ended.status, ended.err) == (0, "")
        return ended.out

    return run


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(simulate, schema, strategy):
    words = ["--strategy", strategy, *STRATEGIES[strategy]]
    text = simulate(*words)
    assert simulate(*words) == text
    result = json.loads(text)
    schema.validate(result)
    other = json.loads(simulate(*words, "--seed", 2))
    assert other["virtual"]["trace_hash"] != result["virtual"]["trace_hash"]
    assert other["virtual"]["final_random"] != result["virtual"]["final_random"]
    assert other["operations"] != result["operations"]


def test_runs_of_one_process_are_as_those_of_many(stalemark, tiny, tmp_path, simulate):
    words = ["run", tiny, *VIRTUAL, "--operations", 5_000, "--repeat", 2, "--out", "r.json"]
    assert stalemark(*words).status == 0
    for seed in (1, 2):  # The second begins with what the first has left behind.
        repeated = json.loads((tmp_path / f"r.{seed}.json").read_text())
        alone = json.loads(simulate("--seed", seed))
        assert repeated | {"command": ""} == alone | {"command": ""}


def test_a_simulated_run_says_how_fast_it_was(stalemark, tiny):
    told = stalemark("run", tiny, *VIRTUAL, "--operations", 5_000).out.splitlines()[-1]
    assert re.fullmatch(
        r"  simulated in +[\d.e-]+ s of processor time, [\d.]+ million operations a second", told
    )
    # The processor time is no more than the process had, and not much less.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = stalemark("run", tiny, *VIRTUAL, "--operations", 300_000).out.splitlines()[-1]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    had = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    seconds, millions = (float(number) for number in re.findall(r"[\d.e-]+(?= s | million)", told))
    assert 0.3 * had < seconds < 1.06 * had
    assert seconds * millions * 1e6 == pytest.approx(300_000, rel=0.1)
    real = stalemark("run", tiny, "--store", "memory", "--operations", 100)
    assert real.status == 0 and "simulated" not in real.out


def test_what_is_shown_meanwhile_changes_nothing(stalemark, tiny, tmp_path):
    words = ["run", tiny, *VIRTUAL, "--operations", 5_000, "--out"]
    assert stalemark(*words, "loud.json").status == 0
    assert stalemark(*words, "quiet.json", "--quiet").status == 0
    assert (tmp_path / "loud.json").read_bytes() == (tmp_path / "quiet.json").read_bytes()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_rocksdb_and_the_memory_store_give_the_same_answers(simulate, strategy):
    words = ["--strategy", strategy, *STRATEGIES[strategy], "--negative-ttl", "10ms"]
    words = words if strategy != "no_cache" else words[:2]
    words += ["--set", "mix.read=0.7", "--set", "mix.delete=0.1"]
    memory, rocksdb = (json.loads(simulate(*words, "--store", s)) for s in ("memory", "rocksdb"))
    for result in (memory, rocksdb):
        del result["command"], result["configuration"]["store"]
    assert memory == rocksdb


def test_nothing_of_the_machine_is_in_a_simulated_result(simulate):
    result = json.loads(simulate())
    assert list(result["context"]) == ["version"]
    assert not {"started_at", "session", "resources"} & set(result)
    assert result["configuration"]["runtime"] == "virtual"


def test_an_hour_passes_when_it_is_told_to(simulate):
    result = json.loads(simulate("--duration", "1h", "--rate", 1, operations=1_000_000))
    assert result["elapsed_ns"] >= 3_600_000_000_000
    assert 3_000 < result["operations"]["read"]["count"] + result["operations"]["write"]["count"]
    assert len(result["timeline"]) <= 61


def test_processors_are_a_queue(simulate):
    words = ["--cache-latency", "100ns", "--operation-cost", "1ms", "--reads", 1]
    rates = [
        json.loads(simulate(*words, "--processors", number))["operations_per_second"]
        for number in (1, 2, 4)
    ]
    assert rates[0] == pytest.approx(1_000, rel=0.02)
    assert rates[1] == pytest.approx(2_000, rel=0.02)
    assert rates[2] == pytest.approx(4_000, rel=0.05)


def test_a_store_serves_so_many_calls_at_once(simulate):
    words = ["--strategy", "no_cache", "--store-latency", "1ms", "--reads", 1]
    rates = [
        json.loads(simulate(*words, "--store-servers", number))["operations_per_second"]
        for number in (1, 4, "none")
    ]
    assert rates == pytest.approx([1_000, 4_000, 8_000], rel=0.02)


def test_a_round_trip_by_name_is_that_of_its_figures(simulate):
    named = json.loads(simulate("--store-latency", "redis"))
    figures = json.loads(simulate("--store-latency", "lognormal(420us,0.48)"))
    assert named["operations"] == figures["operations"]
    assert named["configuration"]["wires"] == figures["configuration"]["wires"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--runtime", "virtuall"], "did you mean 'virtual'?"),
        (["--processors", "2"], "--runtime virtual"),
        (["--operation-cost", "1us"], "--runtime virtual"),
        (["--runtime", "virtual", "--processors", "0"], "--processors 0"),
        (["--runtime", "virtual", "--operation-cost", "0"], "--operation-cost"),
        (["--runtime", "virtual", "--clients", "2000000"], "from 1 to 1000000"),
        (["--clients", "5000"], "--runtime virtual takes more"),
        (["--runtime", "virtual", "--store-servers", "0"], "--store-servers 0"),
    ],
)
def test_what_makes_no_sense_is_refused(stalemark, tiny, words, part):
    is_refused(stalemark("run", tiny, *words), part)


def test_the_golden_run_is_unchanged(simulate):
    """A change here is a change of behaviour: explain it in CHANGELOG.md."""
    golden = pathlib.Path(__file__).parent / "golden" / "virtual_cache_aside.json"
    found = json.loads(simulate("--ttl", "20ms"))
    del found["context"]
    assert found == json.loads(golden.read_text())
