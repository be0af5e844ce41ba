# SPDX-License-Identifier: Apache-2.0
"""Shields in virtual time: what each does to a herd, and every one of its knobs."""

import json

import pytest
from test_bad_input import OK, is_refused

# A key that is asked for 1000 times a second, lives for 100 ms and takes 20 ms to load: of its
# readers 20 come while it is loaded.
HERD = ["--runtime", "virtual", "--keys", 1, "--reads", 1, "--clients", 60, "--ttl", "100ms",
        "--store-latency", "20ms", "--cache-size", "1MiB", "--rate", 1000,
        "--duration", "5s"]  # fmt: skip
SHIELDS = ["none", "lock", "early", "stale"]
MS = 1_000_000


@pytest.fixture
def herd(measure):
    def run(*words):
        return measure(*HERD, *words, operations=None)

    return run


def outcomes(result, outcome):
    return result["operations"]["read"]["by_outcome"].get(outcome, {"count": 0})["count"]


@pytest.mark.parametrize("shield", SHIELDS)
def test_the_same_seed_gives_the_same_bytes(stalemark, tiny, shield):
    words = ["run", tiny, "--store", "memory", *HERD, "--shield", shield, "--out", "-"]
    first, second = stalemark(*words), stalemark(*words)
    assert first.status == 0
    assert first.out == second.out


def test_without_a_shield_the_herd_asks_the_store(herd):
    result = herd()
    loads = result["cache"]["expirations"] + 1
    assert result["store"]["reads"] / loads == pytest.approx(1 + 20, rel=0.15)
    assert result["store"]["loads_per_herd"] == pytest.approx(1 + 20, rel=0.15)
    assert result["store"]["concurrent_reads_max"] > 10
    assert "shield" not in result


def test_behind_a_lock_one_reader_loads_and_the_others_wait(herd):
    result = herd("--shield", "lock")
    assert result["store"]["concurrent_reads_max"] == 1
    assert result["store"]["redundant_reads"] == 0
    assert result["store"]["loads_per_herd"] == 1
    loads = result["cache"]["expirations"] + 1
    assert result["store"]["reads"] == outcomes(result, "miss") == loads
    assert result["shield"]["joined"] == outcomes(result, "wait") > 500
    assert result["shield"]["timed_out"] == outcomes(result, "bypass") == 0


def test_the_lock_timeout_is_how_long_a_reader_waits(herd):
    result = herd("--shield", "lock", "--lock-timeout", "5ms")
    assert result["shield"]["timed_out"] == outcomes(result, "bypass") > 0
    assert result["store"]["concurrent_reads_max"] > 1
    latency = result["operations"]["read"]["by_outcome"]["bypass"]["latency_ns"]
    assert latency["min"] >= 25 * MS > latency["max"] - MS


def test_a_load_that_found_its_lease_taken_too_late_to_wait_has_not_waited(herd):
    words = ["--shield", "lock", "--nodes", 20, "--shared-cache", "1MiB", "--invalidate", "none"]
    result = herd(*words, "--shared-latency", "5ms", "--lock-timeout", "1ms")
    assert result["shield"]["lease_waits"] == 0 < result["shield"]["timed_out"]
    patient = herd(*words, "--shared-latency", "1ms", "--lock-timeout", "1s")
    assert patient["shield"]["lease_waits"] > 0 == patient["shield"]["timed_out"]


def test_a_lease_lets_read_through_load_once_for_all_nodes(herd):
    words = ["--strategy", "read_through", "--nodes", 20, "--shared-cache", "1MiB"]
    plain, leased = herd(*words), herd(*words, "--shield", "lock")
    assert plain["store"]["concurrent_reads_max"] > 5
    assert leased["store"]["concurrent_reads_max"] == 1
    assert leased["shield"]["lease_waits"] > 0 == leased["shield"]["joined"]


def test_beta_is_how_early_volunteers_reload(herd):
    never, usual, eager = (herd("--shield", "early", "--beta", beta) for beta in (0, 1, 5))
    assert never["shield"]["volunteers"] == 0
    assert 0 < usual["shield"]["volunteers"] < eager["shield"]["volunteers"]
    assert outcomes(usual, "hit") > outcomes(never, "hit")
    # Nobody is told to wait, and nobody meets the herd.
    assert usual["store"]["reads"] < never["store"]["reads"] / 2


def test_grace_is_how_long_an_expired_entry_answers(herd):
    result = herd("--shield", "stale")
    assert outcomes(result, "stale_hit") == result["shield"]["served_stale"] > 500
    assert result["shield"]["revalidations"] == result["store"]["reads"] - outcomes(result, "miss")
    assert result["store"]["concurrent_reads_max"] <= outcomes(result, "miss")
    assert result["cache"]["stale_hits"] == outcomes(result, "stale_hit")
    # A reload takes 20 ms: a shorter grace ends before it does.
    short = herd("--shield", "stale", "--grace", "5ms")
    assert 0 < short["shield"]["served_stale"] < result["shield"]["served_stale"] / 2
    assert outcomes(short, "miss") > outcomes(result, "miss")
    assert herd("--shield", "stale", "--grace", 0)["shield"]["served_stale"] == 0


DOWN = ["--fault", "store-down@1s+2s", "--shield", "stale", "--grace", 0]


def test_stale_if_error_answers_while_the_store_fails(herd):
    without, within = herd(*DOWN), herd(*DOWN, "--stale-if-error", "10s")
    assert without["operations"]["read"]["failed"] > 1_000
    assert without["shield"]["served_on_error"] == 0
    assert within["operations"]["read"]["failed"] == 0
    assert within["shield"]["served_on_error"] == outcomes(within, "stale_hit") > 1_000


def test_a_reload_that_fails_in_the_drain_has_failed(measure):
    """The entry is loaded at 0.4 s and lives for two; its reload would fail at 2.6 s."""
    words = ["--runtime", "virtual", "--keys", 1, "--reads", 1, "--clients", 1, "--ttl", "2s"]
    words += ["--store-latency", "400ms", "--cache-latency", "10ms", "--warmup", "1s"]
    # In a second and a half, 10 ms each.
    words += ["--shield", "stale", "--fault", "store-down@0+1h"]
    result = measure(*words, operations=150)
    assert result["shield"]["revalidations"] == result["shield"]["revalidations_failed"] == 1


def test_error_throttle_leaves_a_store_that_fails_alone(herd):
    words = [*DOWN, "--stale-if-error", "10s"]
    often, seldom = (herd(*words, "--error-throttle", d) for d in ("10ms", "1s"))
    assert often["store"]["failed"] > 3 * seldom["store"]["failed"] > 0


def test_what_is_stale_by_design_is_told_apart_and_bound(measure):
    words = ["--runtime", "virtual", "--ttl", "20ms", "--rate", 2000, "--duration", "2s",
             "--invalidate", "none", "--clients", 20]  # fmt: skip
    plain = measure(*words, operations=None)
    assert plain["consistency"]["stale_by_design"] == 0
    assert plain["promise"]["declared"] == "bounded_staleness(20ms), durable"
    stale = measure(*words, "--shield", "stale", "--grace", "50ms", operations=None)
    assert stale["consistency"]["stale_by_design"] > 0
    assert stale["consistency"]["stale_by_design_age_ns"]["max"] > 20 * MS
    assert stale["promise"] == {
        "declared": "bounded_staleness(70ms), durable", "verdict": "kept", "broken_by": []
    }  # fmt: skip


@pytest.mark.parametrize("shield", SHIELDS)
@pytest.mark.parametrize("strategy", ["cache_aside", "read_through", "write_through",
                                      "write_around", "write_behind", "refresh_ahead"])  # fmt: skip
def test_every_strategy_runs_behind_every_shield(measure, strategy, shield):
    words = ["--strategy", strategy, "--shield", shield, "--ttl", "5ms"]
    if (strategy, shield) == ("read_through", "lock"):
        words += ["--nodes", 2, "--shared-cache", "1MiB"]
    simulated = measure("--runtime", "virtual", "--clients", 8, *words)
    threaded = measure("--clients", 4, *words)
    for result in (simulated, threaded):
        assert result["configuration"]["protocol"]["shield"] == shield
        assert result["consistency"]["phantom_reads"] == 0
        assert result["consistency"]["values_corrupt"] == 0
        assert result["consistency"]["divergence"]["after_drain"]["store_lost"] == 0
        assert result["operations"]["read"]["failed"] == 0


STALE = [*OK, "--ttl", "1s", "--shield", "stale"]
WRONG = [
    ([*OK, "--shield", "lokc"], "did you mean 'lock'?"),
    ([*OK, "--shield", "lokc", "--strategy", "no_cache"], "did you mean 'lock'?"),
    ([*OK, "--shield", "early"], "give a --ttl"),
    ([*OK, "--shield", "stale"], "give a --ttl"),
    ([*OK, "--shield", "lock", "--lock-timeout", "0"], "--lock-timeout 0"),
    ([*OK, "--shield", "lock", "--lock-timeout", "2"], "--lock-timeout 2"),
    ([*OK, "--shield", "early", "--ttl", "1s", "--beta", "-1"], "--beta -1"),
    ([*OK, "--shield", "early", "--ttl", "1s", "--beta", "nan"], "--beta nan"),
    ([*STALE, "--grace", "none"], "--grace none"),
    ([*STALE, "--grace", "10y"], "--grace 10y"),
    ([*STALE, "--stale-if-error", "-1s"], "--stale-if-error -1s"),
    ([*STALE, "--error-throttle", "soon"], "--error-throttle soon"),
    ([*OK, "--lock-timeout", "1"], "--lock-timeout 1"),
    ([*OK, "--beta", "-2"], "--beta -2"),
    ([*OK, "--grace", "2"], "--grace 2"),
    ([*OK, "--shield", "lock", "--stale-if-error", "2"], "--stale-if-error 2"),
]


@pytest.mark.parametrize("words, expected", WRONG, ids=lambda part: str(part)[-45:])
def test_what_a_shield_cannot_do_is_refused_in_one_line(stalemark, tiny, words, expected):
    is_refused(stalemark(*words), expected)


def test_a_shield_shows_in_the_list(stalemark):
    listed = stalemark("list", "shields", "--json")
    assert [entry["name"] for entry in json.loads(listed.out)["shields"]] == SHIELDS


@pytest.mark.parametrize(
    "words", [["--strategy", "refresh_ahead"], ["--shield", "stale"], ["--shield", "none"]]
)
def test_every_read_of_the_store_is_a_miss_or_a_reload(paced, words):
    result = paced(*words, "--ttl", "50ms", "--clients", 8)
    misses = result["operations"]["read"]["by_outcome"]["miss"]["count"]
    refreshes = result["cache"]["refreshes"]
    assert (refreshes > 100) == (words[-1] != "none")
    # Those under way at the end have been begun and not ended.
    assert result["store"]["reads"] == pytest.approx(misses + refreshes, abs=8)


def test_the_summary_tells_of_the_herd(stalemark, tiny, tmp_path):
    words = ["run", tiny, "--store", "memory", *HERD, "--out", "herd.json"]
    assert stalemark(*words).status == 0
    store = json.loads((tmp_path / "herd.json").read_text())["store"]
    together, most = store["loads_per_herd"], store["concurrent_reads_max"]
    assert together < most
    told = stalemark("show", "herd.json").out
    assert f"of one key {together:.3g} reads together, at most {most:,}\n" in told
