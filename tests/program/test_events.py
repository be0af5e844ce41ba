# SPDX-License-Identifier: Apache-2.0
"""What nodes tell each other: every knob, the same values over either store, real threads."""

import json

import pytest
from fleet_words import LOG, MS, NODES, TELL, left_stale, stale, visible


def test_events_let_the_other_nodes_see_a_write(paced):
    silent, told = paced(*NODES), paced(*TELL)
    events = told["events"]
    assert events["published"] == told["operations"]["write"]["count"]
    assert events["offered"] == events["delivered"] == 3 * events["published"]
    assert stale(told) < stale(silent) / 20
    assert visible(told, "10ms") > 0.99 > visible(silent, "10ms")
    assert left_stale(told) == 0 < left_stale(silent)


@pytest.mark.parametrize("words", [TELL, LOG], ids=["application", "log"])
@pytest.mark.parametrize("strategy", ["cache_aside", "read_through", "write_through",
                                      "write_around", "refresh_ahead"])  # fmt: skip
def test_the_same_seed_gives_the_same_bytes_over_either_store(paced, words, strategy):
    words = [*words, "--strategy", strategy, "--ttl", "50ms", "--shared-cache", "1MiB",
             "--event-check", "version", "--on-gap", "reconcile", "--fault", "event-loss=0.02",
             "--set", "mix.read=0.7", "--set", "mix.delete=0.1",
             "--negative-ttl", "10ms"]  # fmt: skip
    stores = ("memory", "memory", "rocksdb")
    memory, again, rocksdb = (paced(*words, store=store) for store in stores)
    assert json.dumps(memory) == json.dumps(again)
    for result in (memory, rocksdb):
        del result["command"], result["configuration"]["store"]
    assert memory == rocksdb


def test_event_delay_is_how_late_the_others_hear(paced):
    soon, late = (paced(*TELL, "--event-delay", d) for d in ("1ms", "50ms"))
    assert soon["events"]["delay_ns"]["p50"] == pytest.approx(1 * MS, rel=0.01)
    assert late["events"]["delay_ns"]["p50"] == pytest.approx(50 * MS, rel=0.01)
    # A fill that was overtaken can hide a write, whenever its event came.
    assert visible(soon, "10ms") > 0.99 > visible(late, "10ms")
    assert visible(late, "100ms") > 0.99
    assert stale(late) > 5 * stale(soon)


def test_a_batch_waits_for_its_events_or_its_time(paced):
    alone = paced(*TELL, "--event-delay", "1ms")
    batch = paced(*TELL, "--event-delay", "1ms", "--event-batch", 50, "--event-batch-delay", "20ms")
    full = paced(*TELL, "--event-delay", "1ms", "--event-batch", 2, "--event-batch-delay", "20ms")
    assert batch["configuration"]["events"]["batch"] == 50
    assert batch["configuration"]["events"]["batch_delay_ns"] == 20 * MS
    assert "batch" not in alone["configuration"]["events"]
    mean = [result["events"]["delay_ns"]["mean"] for result in (alone, full, batch)]
    assert mean[0] < mean[1] < mean[2]
    assert batch["events"]["delay_ns"]["max"] == pytest.approx(21 * MS, rel=0.02)


def test_the_log_tells_every_node_the_writers_too(paced):
    result = paced(*LOG)
    events, writes = result["events"], result["operations"]["write"]["count"]
    assert events["published"] == writes
    assert events["offered"] == 4 * writes
    assert result["store"]["log_reads"] > 100
    assert left_stale(result) == 0
    assert "log_reads" not in paced(*TELL)["store"]


def test_one_node_may_hear_from_the_log(paced):
    result = paced("--invalidate", "event", "--event-source", "log")
    assert result["events"]["offered"] == result["operations"]["write"]["count"]
    assert left_stale(result) == 0


def test_log_poll_is_how_often_the_log_is_read(paced):
    often, seldom = (paced(*LOG, "--log-poll", d) for d in ("2ms", "200ms"))
    assert often["store"]["log_reads"] > 10 * seldom["store"]["log_reads"]
    assert visible(often, "10ms") > 0.9 > 0.5 > visible(seldom, "10ms")


def test_a_check_of_versions_keeps_what_is_new_and_keeps_out_what_is_old(paced):
    words = [*LOG, "--strategy", "write_through"]
    blind, checked = (paced(*words, "--event-check", rule) for rule in ("none", "version"))
    # The log drops the very value that the writer has just set, unless versions are looked at.
    assert checked["cache"]["hit_ratio"] > blind["cache"]["hit_ratio"]
    assert checked["events"]["useless"] > blind["events"]["useless"]
    assert blind["events"]["fills_refused"] == 0
    slow = [*TELL, "--store-latency", "uniform(1ms,20ms)", "--event-check"]
    assert paced(*slow, "version")["events"]["fills_refused"] > 0
    assert stale(paced(*slow, "version")) < stale(paced(*slow, "none"))


def test_events_that_leave_first_let_old_shared_entries_be_copied_again(paced):
    words = [*TELL, "--shared-cache", "1MiB", "--shared-latency", "4ms", "--event-delay", "100us"]
    after, before = (paced(*words, "--event-order", o) for o in ("cache-first", "event-first"))
    assert left_stale(before) > left_stale(after)
    assert stale(before) > stale(after)


LOSSY = [*TELL, "--fault", "event-loss=0.05"]


def test_on_gap_is_what_a_node_does_about_a_missed_event(paced):
    none, clear, reconcile = (paced(*LOSSY, "--on-gap", r) for r in ("none", "clear", "reconcile"))
    assert none["events"]["clears"] == none["events"]["recovered"] == 0
    assert clear["events"]["clears"] > 0 == clear["events"]["recovered"]
    assert reconcile["events"]["recovered"] > 0 == reconcile["events"]["clears"]
    assert visible(none, "100ms") < 0.99
    # All but what was acknowledged just before its gap was noticed.
    assert visible(none, "100ms") + 0.01 < min(visible(clear, "100ms"), visible(reconcile, "100ms"))
    for mended in (clear, reconcile):
        assert none["events"]["harm"]["stale_reads"] > 1.5 * mended["events"]["harm"]["stale_reads"]
        assert left_stale(none) > 5 * left_stale(mended)
    assert clear["cache"]["hit_ratio"] < reconcile["cache"]["hit_ratio"]


def test_who_looks_for_gaps_is_left_with_nothing_stale_and_who_does_not_is(paced):
    words = [*TELL, "--ttl", "none", "--reads", 0.5, "--fault", "event-loss=0.2"]
    plain = paced(*words)
    assert plain["events"]["lost"] > 100
    assert left_stale(plain) > 0
    assert plain["promise"]["verdict"] == "broken"
    for rule in ("clear", "reconcile"):
        mended = paced(*words, "--on-gap", rule)
        assert mended["events"]["missed"] == mended["events"]["lost"] > 100
        assert left_stale(mended) == 0
        assert mended["promise"]["verdict"] == "kept"


def test_gap_grace_tells_late_events_from_lost_ones(paced):
    words = [*TELL, "--on-gap", "clear", "--fault", "event-reordering=0.1"]
    hasty, patient = (paced(*words, "--gap-grace", d) for d in ("1ms", "1s"))
    assert hasty["events"]["false_alarms"] > 0 == patient["events"]["false_alarms"]
    assert hasty["events"]["clears"] > 0 == patient["events"]["clears"]


def test_a_heartbeat_tells_of_the_last_events(paced):
    often, seldom = (paced(*LOSSY, "--on-gap", "clear", "--heartbeat", d) for d in ("10ms", "1s"))
    assert often["events"]["heartbeats"] > 20 * seldom["events"]["heartbeats"]
    assert paced(*LOSSY)["events"]["heartbeats"] == 0


def test_hold_back_is_how_much_later_an_overtaken_event_comes(paced):
    words = [*TELL, "--fault", "event-reordering=0.2", "--event-delay", "1ms"]
    short, long = (paced(*words, "--event-hold-back", d) for d in ("5ms", "100ms"))
    assert short["events"]["delay_ns"]["max"] == pytest.approx(6 * MS, rel=0.02)
    assert long["events"]["delay_ns"]["max"] == pytest.approx(101 * MS, rel=0.02)
    assert long["events"]["reordered"] > short["events"]["reordered"] > 0


def test_a_copy_of_an_event_is_dropped(paced):
    events = paced(*TELL, "--fault", "event-duplication=0.1")["events"]
    assert events["duplicates_dropped"] == events["duplicated"] > 0
    assert events["delivered"] == events["offered"] + events["duplicated"]


def test_what_is_left_stale_is_not_mended_by_a_drain_that_outlasts_the_ttl(paced):
    """Events that take longer than the drain waits are events that never come."""
    words = [*TELL, "--ttl", "5s"]
    never = paced(*words, "--event-delay", "15m")
    assert never["events"]["delivered"] == 0 < never["events"]["abandoned"]
    assert left_stale(never) > 10
    assert left_stale(paced(*words)) == 0


@pytest.mark.parametrize("words", [
    ["--event-delay", "50ms"],
    ["--event-delay", "lognormal(30ms,1)", "--fault", "event-loss=0.1",
     "--fault", "event-duplication=0.1"],
    ["--event-delay", "15m"],
    ["--event-delay", "50ms", "--event-source", "log"],
])  # fmt: skip
def test_the_counts_of_events_close_after_a_warm_up_too(paced, words):
    events = paced(*TELL, "--warmup", "1s", *words)["events"]
    assert events["under_way_at_start"] > 50
    assert (
        events["under_way_at_start"] + events["offered"] + events["duplicated"]
        == events["delivered"] + events["lost"] + events["abandoned"]
    )
    assert paced(*TELL, *words)["events"]["under_way_at_start"] == 0


def test_versions_keep_what_is_old_out_of_the_shared_cache(paced):
    """Slow loads are overtaken by writes, of which all nodes but the writer's have heard then."""
    words = ["--nodes", 4, "--clients", 400, "--invalidate", "event", "--shared-cache", "1MiB",
             "--ttl", "none", "--store-latency", "uniform(1ms,39ms)",
             "--event-delay", "1ms"]  # fmt: skip
    plain, checked = paced(*words), paced(*words, "--event-check", "version")
    assert checked["events"]["fills_refused"] > 100
    assert stale(plain) > 3 * stale(checked)


def test_the_shared_cache_keeps_up_with_a_busy_log(paced):
    """5,000 operations a second, most of them writes, and an erase takes 5 ms."""
    result = paced(*LOG, "--shared-cache", "1MiB", "--shared-latency", "5ms", "--reads", 0.2,
                   "--store-latency", "1ms")  # fmt: skip
    assert visible(result, "100ms") > 0.99


# Real threads.


@pytest.mark.parametrize("source", ["application", "log"])
def test_over_real_threads_everything_together_adds_up(measure, source):
    result = measure("--nodes", 3, "--clients", 6, "--shared-cache", "1MiB", "--shield", "lock",
                     "--invalidate", "event", "--event-source", source, "--ttl", "50ms",
                     "--event-check", "version", "--on-gap", "reconcile", "--warmup", 0,
                     "--fault", "event-loss=0.05", "--fault", "event-duplication=0.05",
                     operations=6_000)  # fmt: skip
    events = result["events"]
    assert events["published"] == result["operations"]["write"]["count"] > 0
    assert events["offered"] == events["published"] * (2 if source == "application" else 3)
    assert (
        events["offered"] + events["duplicated"]
        == events["delivered"] + events["lost"] + events["abandoned"]
    )
    assert events["harm"]["lost"] == events["lost"] > 0
    assert result["cache"]["gets"] == result["cache"]["hits"] + result["cache"]["misses"]
    assert result["consistency"]["phantom_reads"] == 0
    assert result["consistency"]["divergence"]["after_drain"]["store_lost"] == 0
