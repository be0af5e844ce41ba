# SPDX-License-Identifier: Apache-2.0
"""How much more load a database bears, where the answer is known: with one server."""

import json
import subprocess

import pytest
from places import REPOSITORY

LIMIT = "20ms"


@pytest.fixture
def found(stalemark, tmp_path):
    """{strategy: (rate met, rate missed)} before a store that answers a call in 1 ms, one after
    the other; uniform keys, of which `cached` lie in the cache."""

    def of(*words, strategies=("no_cache", "cache_aside"), limit=LIMIT, rate=120):
        (tmp_path / "r").mkdir(exist_ok=True)
        for strategy in strategies:
            ended = stalemark("run", "ycsb_c", "--strategy", strategy, "--keys", 1_000,
                              "--key-skew", 0, "--runtime", "virtual", "--rate", rate,
                              "--store-latency", "1ms", "--store-servers", 1,
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


def middle(one):
    return (one["met"] * one["missed"]) ** 0.5


def test_one_server_bears_as_many_calls_as_it_answers(found):
    capacities = found()
    assert 850 < capacities["no_cache"]["met"] < capacities["no_cache"]["missed"] < 1_100


@pytest.mark.parametrize("size, times", [("50%", 2), ("80%", 5)])
def test_a_cache_that_answers_a_share_leaves_the_rest_to_the_database(found, size, times):
    capacities = found("--cache-size", size)
    ratio = middle(capacities["cache_aside"]) / middle(capacities["no_cache"])
    assert ratio == pytest.approx(times, rel=0.12)


def test_writes_are_borne_by_the_database_whatever_is_cached(found):
    capacities = found("--reads", 0.75, "--cache-size", "200%",
                       strategies=("no_cache", "write_through"))  # fmt: skip
    ratio = middle(capacities["write_through"]) / middle(capacities["no_cache"])
    assert ratio == pytest.approx(4, rel=0.12)


def test_the_limit_is_heeded(found):
    tight = found(limit="2ms", strategies=("no_cache",))["no_cache"]
    loose = found(limit="200ms", strategies=("no_cache",))["no_cache"]
    assert tight["missed"] < 0.8 * loose["met"]


def test_where_nothing_reaches_the_database_the_load_has_no_end(found):
    one = found("--cache-size", "200%")["cache_aside"]
    assert one["missed"] is None
    assert one["met"] > 20_000


def test_its_command_repeats_it(found, stalemark):
    import shlex  # noqa: PLC0415

    words = shlex.split(found()["no_cache"]["command"])
    assert stalemark(*words[1:], "--quiet").status == 0
