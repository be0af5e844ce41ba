"""Nodes, layers and events: every knob, the controls, and the same values everywhere."""

import json

import pytest
from test_bad_input import OK, is_refused

NODES = ["--nodes", 4, "--clients", 16]
TELL = [*NODES, "--invalidate", "event"]
LOG = [*TELL, "--event-source", "log"]
SHARED = [*NODES, "--shared-cache", "1MiB"]
PACED = ["--runtime", "virtual", "--rate", 5000, "--duration", "2s", "--cache-size", "1MiB"]
MS = 1_000_000


@pytest.fixture
def paced(measure):
    """A simulated run of 10,000 operations in two seconds, nobody in haste."""

    def run(*words, store="memory"):
        return measure(*PACED, *words, operations=None, store=store)

    return run


def visible(result, within):
    return result["consistency"]["visible_within"][within]


def stale(result):
    return result["consistency"]["stale_reads"]


def left_stale(result):
    return result["consistency"]["divergence"]["after_drain"]["cache_stale"]


# The controls.


def test_without_a_cache_any_number_of_nodes_scores_zero(paced):
    result = paced(*NODES, "--strategy", "no_cache")
    consistency = result["consistency"]
    assert result["configuration"]["nodes"] == 4
    for name in ("stale_reads", "read_your_writes_violations", "monotonic_reads_violations"):
        assert consistency[name] == 0
    assert set(consistency["visible_within"].values()) == {1}
    assert consistency["divergence"]["after_drain"]["resident"] == 0
    assert result["promise"]["verdict"] == "kept"


def test_one_node_without_events_is_as_if_there_were_no_nodes(paced):
    plain, one = paced(), paced("--nodes", 1)
    assert "visible_within" not in plain["consistency"]
    assert not {"events", "shared_cache", "shield"} & set(plain)
    assert plain | {"command": ""} == one | {"command": ""}


def test_a_bus_that_loses_everything_is_no_bus(paced):
    erase, deaf = paced(*NODES), paced(*TELL, "--fault", "event-loss=1")
    events = deaf["events"]
    assert events["delivered"] == 0
    assert events["lost"] == events["offered"] == 3 * events["published"] > 0
    assert stale(deaf) == stale(erase) > 100
    assert left_stale(deaf) == left_stale(erase) > 0
    harm = events["harm"]
    assert harm["lost"] == events["lost"] >= harm["held_no_copy"] + harm["harmed"]
    # Here nothing but a lost event can leave another node's copy old.
    assert harm["stale_reads"] == pytest.approx(stale(deaf), rel=0.02)


# Nodes.


def test_more_nodes_hear_less_of_each_others_writes(paced):
    one, many = paced("--clients", 16), paced(*NODES)
    assert stale(many) > 10 * stale(one)
    assert many["cache"]["fills"] > one["cache"]["fills"]
    assert many["consistency"]["writes_looked_for"] == pytest.approx(
        many["operations"]["write"]["count"] / 4, abs=1
    )


def test_each_node_has_processors_of_its_own(measure):
    words = ["--runtime", "virtual", "--strategy", "no_cache", "--store-latency", 0,
             "--operation-cost", "1ms", "--processors", 1, "--clients", 8]  # fmt: skip
    for nodes in (1, 2, 4, 8):
        result = measure(*words, "--nodes", nodes)
        assert result["operations_per_second"] == pytest.approx(1_000 * nodes, rel=0.02)


# Layers.


def test_a_shared_cache_answers_what_another_node_has_loaded(paced):
    alone, shared = paced(*NODES, "--reads", 1), paced(*SHARED, "--reads", 1)
    assert shared["store"]["reads"] < alone["store"]["reads"] / 2
    assert shared["shared_cache"]["hits"] > 0
    assert shared["shared_cache"]["entries"] <= 100 < shared["cache"]["entries"]


def test_a_small_shared_cache_evicts(paced):
    small = paced(*NODES, "--shared-cache", "4KiB")["shared_cache"]
    assert small["evictions"] > 0
    assert small["bytes"] <= small["capacity_bytes"] == 4_096


def test_shared_latency_is_paid_by_who_asks_there(paced):
    words = [*SHARED, "--reads", 1]
    near, far = (paced(*words, "--shared-latency", d) for d in ("0", "20ms"))
    def slowest(r): return r["operations"]["read"]["by_outcome"]["miss"]["latency_ns"]["min"]  # fmt: skip
    assert slowest(far) - slowest(near) > 30 * MS  # It looks there and fills.


LAYERS = [*SHARED, "--ttl", "200ms", "--invalidate", "none", "--store-latency", "1ms"]


def test_a_ttl_that_restarts_breaks_the_bound_of_one_that_is_carried(paced):
    carry, restart = (paced(*LAYERS, "--layer-ttl", rule) for rule in ("carry", "restart"))
    assert carry["promise"]["declared"] == "bounded_staleness(200ms), durable"
    assert restart["promise"]["declared"] == "bounded_staleness(400ms), durable"
    longest_load = 20 * MS
    assert carry["consistency"]["stale_age_ns"]["max"] <= 200 * MS + longest_load
    assert restart["consistency"]["stale_age_ns"]["max"] > 200 * MS + longest_load
    for result in (carry, restart):
        assert result["consistency"]["contract_violations"] == 0
        assert result["promise"]["verdict"] == "kept"
        left = result["consistency"]["divergence"]["after_ttl"]
        assert left["resident"] == 0


def test_a_restarted_near_ttl_adds_no_more_than_itself(paced):
    result = paced(*LAYERS, "--layer-ttl", "restart", "--near-ttl", "50ms")
    assert result["promise"]["declared"] == "bounded_staleness(250ms), durable"
    assert result["consistency"]["contract_violations"] == 0
    assert result["consistency"]["stale_age_ns"]["max"] <= 270 * MS


def test_a_near_ttl_bounds_what_other_nodes_hold(paced):
    words = [*SHARED, "--ttl", "10s"]
    long, short = paced(*words), paced(*words, "--near-ttl", "20ms")
    assert visible(short, "100ms") > 0.99 > visible(long, "100ms")
    assert stale(short) < stale(long) / 3
    assert short["shared_cache"]["gets"] > 2 * long["shared_cache"]["gets"]


def test_layers_outlive_a_shared_cache_that_is_down(paced):
    words = [*SHARED, "--reads", 1, "--fault", "cache-down@0+1900ms"]
    result = paced(*words)
    assert result["operations"]["read"]["failed"] == 0
    # Each node loads each key once.
    assert result["store"]["reads"] <= 4 * 100 + 16
    assert result["operations"]["read"]["by_outcome"]["hit"]["count"] > 9_000


def test_absence_is_remembered_in_both_layers(paced):
    words = [*SHARED, "--set", "preload=0", "--reads", 1, "--negative-ttl", "1s", "--ttl", "10s"]
    for rule in ("carry", "restart"):
        result = paced(*words, "--layer-ttl", rule)
        assert result["shared_cache"]["hits"] > 0
        assert result["cache"]["hits"] > 5_000
        # Within two seconds an absence that lasts for one is asked for anew.
        assert result["store"]["reads"] > 150


# Events.


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
             "--set", "mix.read=0.7", "--set", "mix.delete=0.1", "--negative-ttl", "10ms"]  # fmt: skip
    memory, again, rocksdb = (paced(*words, store=s) for s in ("memory", "memory", "rocksdb"))
    assert json.dumps(memory) == json.dumps(again)
    for result in (memory, rocksdb):
        del result["command"], result["configuration"]["store"]
    assert memory == rocksdb


def test_event_delay_is_how_late_the_others_hear(paced):
    soon, late = (paced(*TELL, "--event-delay", d) for d in ("1ms", "50ms"))
    assert soon["events"]["delay_ns"]["p50"] == pytest.approx(1 * MS, rel=0.01)
    assert late["events"]["delay_ns"]["p50"] == pytest.approx(50 * MS, rel=0.01)
    assert visible(soon, "10ms") > 0.999 > visible(late, "10ms")
    assert visible(late, "100ms") > 0.999
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
    assert left_stale(paced(*slow, "version")) < left_stale(paced(*slow, "none"))


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
    assert visible(none, "100ms") < 0.99 < visible(clear, "100ms") == visible(reconcile, "100ms") == 1
    for mended in (clear, reconcile):
        assert none["events"]["harm"]["stale_reads"] > 1.5 * mended["events"]["harm"]["stale_reads"]
        assert left_stale(none) > 5 * left_stale(mended)
    assert clear["cache"]["hit_ratio"] < reconcile["cache"]["hit_ratio"]


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


# What makes no sense.

TOLD = [*OK, "--clients", "4", "--nodes", "2", "--invalidate", "event"]
LAYERED = [*OK, "--shared-cache", "1MiB"]
WRONG = [
    ([*OK, "--nodes", "0"], "--nodes 0"),
    ([*OK, "--nodes", "3", "--clients", "2"], "would have no client"),
    ([*OK, "--nodes", "1e9"], "--nodes 1e9"),
    ([*OK, "--shared-cache", "0"], "--shared-cache 0"),
    ([*OK, "--shared-cache", "lots"], "--shared-cache lots"),
    ([*LAYERED, "--strategy", "no_cache"], "no_cache asks no cache"),
    ([*LAYERED, "--shared-latency", "5"], "--shared-latency 5"),
    ([*LAYERED, "--layer-ttl", "cary"], "did you mean 'carry'?"),
    ([*LAYERED, "--layer-ttl", "restart"], "give a --ttl"),
    ([*LAYERED, "--near-ttl", "0"], "--near-ttl 0"),
    ([*LAYERED, "--near-ttl", "5s", "--ttl", "5s"], "less than the TTL, 5s"),
    ([*LAYERED, "--near-ttl", "1s", "--ttl", "5s", "--shield", "early"], "shield early"),
    ([*LAYERED, "--near-ttl", "1s", "--ttl", "5s", "--strategy", "refresh_ahead"], "refresh_ahead"),
    ([*OK, "--shared-latency", "1ms"], "give a --shared-cache"),
    ([*OK, "--near-ttl", "1s", "--ttl", "5s"], "give a --shared-cache"),
    ([*OK, "--layer-ttl", "carry"], "give a --shared-cache"),
    ([*OK, "--invalidate", "event"], "nobody to tell"),
    ([*TOLD, "--strategy", "write_behind"], "not in the store yet"),
    ([*TOLD, "--strategy", "no_cache"], "no_cache does not read it"),
    ([*TOLD, "--event-source", "lgo"], "did you mean 'log'?"),
    ([*TOLD, "--event-delay", "1"], "--event-delay 1"),
    ([*TOLD, "--event-batch", "0"], "--event-batch 0"),
    ([*TOLD, "--event-batch", "5"], "give both"),
    ([*TOLD, "--event-batch-delay", "5ms"], "give both"),
    ([*TOLD, "--event-check", "versoin"], "did you mean 'version'?"),
    ([*TOLD, "--event-order", "last"], "known: cache-first event-first"),
    ([*TOLD, "--on-gap", "claer"], "did you mean 'clear'?"),
    ([*TOLD, "--gap-grace", "1s"], "nobody looks for gaps"),
    ([*TOLD, "--heartbeat", "1s"], "nobody looks for gaps"),
    ([*TOLD, "--on-gap", "clear", "--gap-grace", "2d"], "--gap-grace 2d"),
    ([*TOLD, "--log-poll", "1s"], "nobody reads the store's log"),
    ([*TOLD, "--event-source", "log", "--log-poll", "0"], "--log-poll"),
    ([*TOLD, "--event-hold-back", "1s"], "no event is overtaken"),
    *(([*OK, f"--{name}", value], "nobody sends events")
      for name, value in [("event-source", "log"), ("event-delay", "1ms"), ("event-batch", "2"),
                          ("event-hold-back", "1ms"), ("event-batch-delay", "1ms"),
                          ("event-check", "version"), ("event-order", "event-first"),
                          ("on-gap", "clear"), ("gap-grace", "1s"), ("heartbeat", "1s"),
                          ("log-poll", "1s")]),
]  # fmt: skip


@pytest.mark.parametrize("words, expected", WRONG, ids=lambda part: str(part)[-60:])
def test_what_makes_no_sense_is_refused_in_one_line(stalemark, tiny, words, expected):
    is_refused(stalemark(*words), expected)


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
