# SPDX-License-Identifier: Apache-2.0
"""How much more load a database bears, where the answer is known: with one server."""

import json
import subprocess

import pytest
from places import REPOSITORY

LIMIT = "20ms"


@pytest.fixture
def found(stalemark, tmp_path):
    """{strategy: what it bears} before a store that answers a call in 1 ms, one after
    the other; uniform keys, of which `cached` lie in the cache."""

    def of(*words, strategies=("no_cache", "cache_aside"), limit=LIMIT, rate=120, latency="1ms"):
        (tmp_path / "r").mkdir(exist_ok=True)
        for strategy in strategies:
            ended = stalemark("run", "ycsb_c", "--strategy", strategy, "--keys", 1_000,
                              "--key-skew", 0, "--runtime", "virtual", "--rate", rate,
                              "--store-latency", latency, "--store-servers", 1,
                              "--warmup", "30s", "--duration", "10s", *words, "--quiet",
                              "--out", tmp_path / "r" / f"{strategy}.json")  # fmt: skip
            assert (ended.status, ended.err) == (0, "")
        outcome = subprocess.run(
            [REPOSITORY / "scripts" / "capacity.py", tmp_path / "r", "--p99", limit,
             "--out", tmp_path / "capacity.json"], capture_output=True, text=True, check=True
        )  # fmt: skip
        assert outcome.stderr == ""
        (each,) = json.loads((tmp_path / "capacity.json").read_text())["workloads"]
        return {one["protocol"]["strategy"]: one for one in each["protocols"]}

    return of


def test_one_server_bears_as_many_calls_as_it_answers(found):
    capacities = found()
    assert 850 < capacities["no_cache"]["met"] < 1_050


@pytest.mark.parametrize("size, times", [("50%", 2), ("80%", 5)])
def test_a_cache_that_answers_a_share_leaves_the_rest_to_the_database(found, size, times):
    capacities = found("--cache-size", size)
    ratio = capacities["cache_aside"]["met"] / capacities["no_cache"]["met"]
    assert ratio == pytest.approx(times, rel=0.12)


def test_writes_are_borne_by_the_database_whatever_is_cached(found):
    capacities = found("--reads", 0.75, "--cache-size", "200%",
                       strategies=("no_cache", "write_through"))  # fmt: skip
    ratio = capacities["write_through"]["met"] / capacities["no_cache"]["met"]
    assert ratio == pytest.approx(4, rel=0.12)


def test_the_limit_is_heeded(found):
    tight = found(limit="3ms", strategies=("no_cache",))["no_cache"]
    loose = found(limit="200ms", strategies=("no_cache",))["no_cache"]
    assert tight["met"] < 0.8 * loose["met"]


def test_where_nothing_reaches_the_database_the_load_has_no_end(found):
    one = found("--cache-size", "200%")["cache_aside"]
    assert one["is_least"]
    assert one["met"] > 20_000


def test_slow_calls_and_few_operations_have_long_steps(found):
    """One server of 50 ms bears 20 operations per second, and no step is over before they are."""
    one = found(strategies=("no_cache",), limit="1s", rate=4, latency="50ms")
    assert 15 < one["no_cache"]["met"] < 20


def test_an_end_that_is_far_away_is_found(found):
    """From 5 operations per second on to the 1,000 that the server answers."""
    assert 850 < found(strategies=("no_cache",), rate=5)["no_cache"]["met"] < 1_050


def test_a_protocol_whose_latency_alone_is_near_the_limit_has_no_figure(found):
    """A read that misses asks the cache twice, 19 ms in all: no load can be what passes 20 ms."""
    words = ["--cache-size", "50%", "--set", "mix.read=1"]
    assert list(found(*words, "--cache-latency", "4ms")) == ["no_cache", "cache_aside"]
    assert list(found(*words, "--cache-latency", "9ms")) == ["no_cache"]


def test_where_that_is_so_of_no_cache_nothing_is_found(found):
    with pytest.raises(subprocess.CalledProcessError) as refused:
        found(strategies=("no_cache",), limit="1010us", rate=1)
    assert refused.value.returncode == 2
    assert "the p99 of no_cache is not clearly below 1.01 ms" in refused.value.stderr


def test_what_is_asked_in_a_phase_is_asked_under_every_load(found):
    phase = 'phases=[{"duration":"9s","mix":{"read":0.5,"write":0.5}}]'
    capacities = found("--set", phase, "--cache-size", "200%",
                       strategies=("no_cache", "write_through"))  # fmt: skip
    ratio = capacities["write_through"]["met"] / capacities["no_cache"]["met"]
    assert ratio == pytest.approx(2, rel=0.12)


def test_its_command_repeats_it(found, stalemark):
    import shlex  # noqa: PLC0415

    words = shlex.split(found()["no_cache"]["command"])
    assert stalemark(*words[1:], "--quiet").status == 0
