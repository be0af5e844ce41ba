# SPDX-License-Identifier: Apache-2.0
"""The hit ratio is that of the reads, whatever the shield looks up meanwhile: controls of known
answer, in virtual time. One key is asked for at even intervals."""

import pytest

ONE_KEY = ["--runtime", "virtual", "--keys", 1, "--arrival", "constant", "--cache-latency", 0,
           "--cache-size", "1MiB", "--operation-cost", "1ns", "--warmup", 0]  # fmt: skip
# Every 10 ms; each load takes 1 ms.
SELDOM = [*ONE_KEY, "--reads", 1, "--clients", 1, "--rate", 100, "--store-latency", "1ms"]
# Every 1 ms, and each load takes 20.5 ms: of a load 20 others come meanwhile, and then 100 hit.
OFTEN = [*ONE_KEY, "--reads", 1, "--clients", 60, "--rate", 1000, "--store-latency", "20500us",
         "--ttl", "100ms"]  # fmt: skip


def ratio(result):
    return result["cache"]["hit_ratio"]


def by_calls(result):
    return result["cache"]["hits"] / result["cache"]["gets"]


@pytest.fixture
def run(measure):
    def run_it(*words, operations):
        return measure(*words, operations=operations)

    return run_it


@pytest.mark.parametrize("shield", ["none", "lock"])
def test_two_reads_of_three_hit_an_entry_that_lives_for_three(run, shield):
    result = run(*SELDOM, "--ttl", "25ms", "--shield", shield, operations=300)
    assert ratio(result) == pytest.approx(2 / 3)
    assert by_calls(result) == pytest.approx(2 / 3)
    assert result["cache"]["other_looks"] == (100 if shield == "lock" else 0)


def test_who_waits_for_anothers_load_has_not_hit(run):
    result = run(*OFTEN, "--shield", "lock", operations=121 * 10)
    outcomes = result["operations"]["read"]["by_outcome"]
    assert outcomes["wait"]["count"] == 20 * 10
    assert ratio(result) == pytest.approx(100 / 121)


def test_a_volunteer_has_not_hit(run):
    result = run(*SELDOM, "--ttl", "1s", "--shield", "early", "--beta", 1000, operations=1_000)
    loads = result["store"]["reads"]
    assert loads > 300
    assert ratio(result) == pytest.approx(1 - loads / 1_000)
    assert by_calls(result) == pytest.approx(0.999)


def test_a_stale_hit_is_a_hit(run):
    """The entry is past its time at every read but reloaded behind each."""
    result = run(*SELDOM, "--ttl", "5ms", "--shield", "stale", operations=1_000)
    assert ratio(result) == pytest.approx(0.999)
    assert by_calls(result) == 0
    stale = sum(each.get("stale_hits", 0) for each in result["timeline"])
    assert stale == result["cache"]["stale_hits"] == 999


def test_looks_for_another_nodes_load_are_no_reads(run):
    """The two nodes ask by turns, and keep a near copy for less than that."""
    result = run(*OFTEN, "--nodes", 20, "--shared-cache", "1MiB", "--shared-latency", "10us",
                 "--shield", "lock", operations=5_000)  # fmt: skip
    read = result["operations"]["read"]
    assert read["by_outcome"]["wait"]["count"] > 500
    assert ratio(result) == pytest.approx(read["by_outcome"]["hit"]["count"] / 5_000)
    assert "hit_ratio" not in result["shared_cache"]


def test_a_read_modify_write_counts_as_the_read_that_it_begins_with(run):
    words = ["--set", 'mix={"read_modify_write": 1}', *ONE_KEY, "--clients", 1, "--rate", 100]
    assert ratio(run(*words, "--invalidate", "set", operations=1_000)) == pytest.approx(0.999)
    assert ratio(run(*words, "--invalidate", "erase", operations=1_000)) == 0


def test_a_read_that_failed_has_not_hit(run):
    result = run(*SELDOM, "--ttl", "none", "--duration", "10s", "--fault", "store-fails=1",
                 operations=1_000)  # fmt: skip
    assert ratio(result) == 0


def test_without_a_cache_or_reads_there_is_no_ratio(run):
    for words in (["--strategy", "no_cache"], ["--reads", 0]):
        assert "hit_ratio" not in run(*words, operations=100)["cache"]


def test_a_cache_out_of_reach_hits_nothing(run):
    result = run("--runtime", "virtual", "--rate", 1000, "--duration", "1s",
                 "--fault", "cache-down@0+1s", operations=None)  # fmt: skip
    assert ratio(result) == 0


EVERY_KIND = [
    ["--strategy", "cache_aside"],
    ["--strategy", "cache_aside", "--shield", "lock"],
    ["--strategy", "cache_aside", "--shield", "early", "--beta", 100],
    ["--strategy", "cache_aside", "--shield", "stale", "--grace", "5ms"],
    ["--strategy", "read_through", "--shield", "lock", "--nodes", 2, "--shared-cache", "1MiB"],
    ["--strategy", "read_through"],
    ["--strategy", "refresh_ahead"],
    ["--strategy", "write_around", "--invalidate", "set"],
    ["--strategy", "write_around", "--shield", "stale", "--stale-if-error", "1s",
     "--fault", "store-fails=0.3"],
]  # fmt: skip


@pytest.mark.parametrize("words", EVERY_KIND, ids=lambda words: " ".join(map(str, words)))
def test_each_read_is_one_lookup(run, words):
    """Whatever looks besides: a hot key that expires, is written, and takes long to load."""
    result = run(
        *["--runtime", "virtual", "--clients", 20, "--reads", 0.9, "--keys", 10],
        *["--cache-size", "1MiB", "--ttl", "10ms", "--store-latency", "2ms", "--warmup", 0],
        *words, operations=5_000,
    )  # fmt: skip
    cache = result["cache"]
    assert cache["gets"] == result["operations"]["read"]["count"]
    assert cache["gets"] == cache["hits"] + cache["stale_hits"] + cache["misses"]


@pytest.mark.parametrize(("strategy", "hits"), [("cache_aside", 120), ("read_through", 100)])
def test_the_hit_ratio_is_that_of_the_lookups(run, strategy, hits):
    """21 reads miss. The life of the entry begins with the last fill, which is the 21st of
    cache_aside and the only one of read_through."""
    result = run(*OFTEN, "--strategy", strategy, operations=(21 + hits) * 10)
    assert by_calls(result) == pytest.approx(ratio(result)) == pytest.approx(hits / (21 + hits))
