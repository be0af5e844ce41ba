# SPDX-License-Identifier: Apache-2.0
"""Every option of `run` changes what the result says."""

import pathlib
import re

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent

BEHIND = ["--strategy", "write_behind"]
AHEAD = ["--strategy", "refresh_ahead", "--ttl", "1s"]
OPEN = ["--rate", "5000"]

SIMULATED = ["--runtime", "virtual"]
LOCK = ["--shield", "lock"]
DOUBLE = ["--double-delete", "1ms"]
LEASE = ["--guard", "lease"]
QUARANTINE, GUARD_LOCK = ["--guard", "quarantine"], ["--guard", "lock"]
FENCED = [*GUARD_LOCK, "--fencing"]
REMEMBER = ["--guard", "newer_remembered"]
TOMBSTONE = ["--guard", "tombstone"]
EARLY = ["--shield", "early", "--ttl", "1s"]
STALE = ["--shield", "stale", "--ttl", "1s"]
MANY = ["--clients", "4"]
LAYERS = ["--shared-cache", "8KiB", "--ttl", "1s"]
TELL = ["--nodes", "2", "--clients", "4", "--invalidate", "event"]
WATCH = [*TELL, "--on-gap", "clear"]
LOG = ["--invalidate", "event", "--event-source", "log"]
OVERTAKEN = [*TELL, "--fault", "event-reordering=0.5"]

# Option and value; where the configuration shows it, and what; what else must be given.
CONFIGURED = [
    ("--strategy", "read_through", "protocol.strategy", "read_through", []),
    ("--ttl", "5s", "protocol.ttl_ns", 5_000_000_000, []),
    ("--jitter", "0.25", "protocol.jitter", 0.25, ["--ttl", "5s"]),
    ("--invalidate", "none", "protocol.invalidate", "none", []),
    ("--negative-ttl", "3ms", "protocol.negative_ttl_ns", 3_000_000, []),
    ("--flush-delay", "7ms", "protocol.flush_delay_ns", 7_000_000, BEHIND),
    ("--flush-batch", "3", "protocol.flush_batch", 3, BEHIND),
    ("--queue", "17", "protocol.queue", 17, BEHIND),
    ("--when-full", "reject", "protocol.when_full", "reject", BEHIND),
    ("--when-full", "caller_runs", "protocol.when_full", "caller_runs", BEHIND),
    ("--no-coalescing", None, "protocol.coalescing", False, BEHIND),
    ("--refresh-at", "0.5", "protocol.refresh_at", 0.5, AHEAD),
    ("--shield", "lock", "protocol.shield", "lock", []),
    ("--lock-timeout", "7ms", "protocol.lock_timeout_ns", 7_000_000, LOCK),
    ("--beta", "2.5", "protocol.beta", 2.5, EARLY),
    ("--grace", "7s", "protocol.grace_ns", 7_000_000_000, STALE),
    ("--stale-if-error", "7s", "protocol.stale_if_error_ns", 7_000_000_000, STALE),
    ("--reloads", "3", "protocol.reloads", 3, STALE),
    ("--reloads", "3", "protocol.reloads", 3, AHEAD),
    ("--error-throttle", "7s", "protocol.error_throttle_ns", 7_000_000_000, STALE),
    ("--flights", "join", "protocol.flights", "join", LOCK),
    ("--no-queue-lookup", None, "protocol.queue_lookup", False, BEHIND),
    ("--flushers", "3", "protocol.flushers", 3, BEHIND),
    ("--order", "cache_first", "protocol.order", "cache_first", []),
    ("--order", "both", "protocol.order", "both", []),
    ("--double-delete", "7ms", "protocol.double_delete_ns", 7_000_000, []),
    ("--delete-delay", "7ms", "protocol.delete_delay_ns", 7_000_000, []),
    ("--delete-ack", "after", "protocol.delete_ack", "after", DOUBLE),
    ("--guard", "newer", "protocol.guard", "newer", []),
    ("--guard", "lock_writers", "protocol.guard", "lock_writers", []),
    ("--remember", "7", "protocol.remember", 7, REMEMBER),
    ("--remember-for", "7s", "protocol.remember_for_ns", 7_000_000_000, REMEMBER),
    ("--lease-ttl", "7s", "protocol.lease_ttl_ns", 7_000_000_000, LEASE),
    ("--lease-losers", "bypass", "protocol.lease_losers", "bypass", LEASE),
    ("--lease-refused", "retry", "protocol.lease_refused", "retry", LEASE),
    ("--quarantine-ttl", "7s", "protocol.quarantine_ttl_ns", 7_000_000_000, QUARANTINE),
    ("--quarantine-reads", "none", "protocol.quarantine_reads", "none", QUARANTINE),
    ("--lock-ttl", "7s", "protocol.lock_ttl_ns", 7_000_000_000, GUARD_LOCK),
    ("--fencing", None, "protocol.fencing", True, GUARD_LOCK),
    ("--tombstone-ttl", "7s", "protocol.tombstone_ttl_ns", 7_000_000_000, FENCED),
    ("--tombstone-ttl", "7s", "protocol.tombstone_ttl_ns", 7_000_000_000, TOMBSTONE),
    ("--nodes", "3", "nodes", 3, MANY),
    ("--shared-cache", "8KiB", "shared_cache.capacity_bytes", 8_192, []),
    ("--shared-latency", "3us", "shared_cache.latency", "3us", LAYERS),
    ("--layer-ttl", "restart", "shared_cache.layer_ttl", "restart", LAYERS),
    ("--near-ttl", "7ms", "shared_cache.near_ttl_ns", 7_000_000, LAYERS),
    ("--event-source", "log", "events.source", "log", TELL),
    ("--event-delay", "3us", "events.delay", "3us", TELL),
    ("--event-hold-back", "3us", "events.hold_back", "3us", OVERTAKEN),
    ("--event-check", "version", "events.check", "version", TELL),
    ("--event-order", "event-first", "events.order", "event-first", TELL),
    ("--on-gap", "reconcile", "events.on_gap", "reconcile", TELL),
    ("--gap-grace", "7ms", "events.gap_grace_ns", 7_000_000, WATCH),
    ("--heartbeat", "7ms", "events.heartbeat_ns", 7_000_000, WATCH),
    ("--log-poll", "7ms", "events.log_poll_ns", 7_000_000, LOG),
    ("--cache", "lru", "cache.name", "lru", []),
    ("--cache-size", "64KiB", "cache.capacity_bytes", 65_536, []),
    ("--cache-size", "50%", "cache.capacity_bytes", 10_000, []),
    ("--deployment", "embedded", "deployment", "embedded", []),
    ("--near-cache", "none", "near_cache", "none", []),
    ("--cache-latency", "5us", "wires.cache_latency", "5us", []),
    ("--store-latency", "uniform(1us,9us)", "wires.store_latency", "uniform(1us,9us)", []),
    ("--store-servers", "3", "wires.store_servers", 3, []),
    ("--keys", "50", "workload.keys", 50, []),
    ("--value-size", "200", "workload.value_size", "200", []),
    ("--reads", "0.25", "workload.phases.0.mix.read", 0.25, []),
    ("--reads", "0.25", "workload.phases.0.mix.write", 0.75, []),
    ("--key-skew", "0.5", "workload.phases.0.popularity.theta", 0.5, []),
    ("--clients", "3", "clients", 3, []),
    ("--sessions", "50", "sessions", 50, OPEN),
    ("--rate", "5000", "workload.phases.0.rate", 5_000, []),
    ("--arrival", "constant", "workload.phases.0.arrival", "constant", OPEN),
    ("--duration", "100ms", "workload.duration", "100ms", []),
    ("--operations", "300", "workload.operations", 300, []),
    ("--warmup", "20ms", "workload.warmup", "20ms", []),
    ("--warmup", "stable", "workload.warmup", None, []),
    ("--runtime", "virtual", "runtime", "virtual", []),
    ("--processors", "3", "processors", 3, SIMULATED),
    ("--operation-cost", "7us", "operation_cost_ns", 7_000, SIMULATED),
    ("--seed", "5", "seed", 5, []),
    ("--verify", "off", "verify", "off", []),
    ("--set", "compressibility=0.125", "workload.compressibility", 0.125, []),
    ("--set", "popularity=uniform", "workload.phases.0.popularity.kind", "uniform", []),
]

# Of RocksDB.
CONFIGURED_ROCKSDB = [
    ("--sync", None, "store.sync", True),
    ("--block-cache", "1MiB", "store.block_cache_bytes", 1_048_576),
    ("--compression", "lz4", "store.compression", "lz4"),
]

# These have tests of their own, some of them beside the runs.
TESTED_APART = {"db", "store", "repeat", "expect-promise", "out", "quiet",
                "event-batch", "event-batch-delay", "fault", "store-timeout",
                "history", "check", "history-keys"}  # fmt: skip


def at(tree, path):
    for name in path.split("."):
        tree = tree[int(name)] if isinstance(tree, list) else (tree or {}).get(name)
    return tree


_known = {}


def usual_configuration(measure, words):
    """What stands there without the option; measured once."""
    if tuple(words) not in _known:
        _known[tuple(words)] = measure(*words, operations=200)["configuration"]
    return _known[tuple(words)]


def all_options():
    """As the program's own table has them."""
    table = (REPOSITORY / "src/options/options.cc").read_text()
    return re.findall(r'^    \{"([a-z-]+)",', table, re.MULTILINE)


def test_the_tables_here_miss_no_option():
    tested = {row[0].removeprefix("--") for row in CONFIGURED + CONFIGURED_ROCKSDB}
    assert set(all_options()) | {"set"} == tested | TESTED_APART


@pytest.mark.parametrize(
    "option, value, path, expected, others", CONFIGURED, ids=lambda part: str(part)[:30]
)
def test_an_option_shows_in_the_configuration(measure, option, value, path, expected, others):
    words = [*others, option] + ([] if value is None else [value])
    result = measure(*words, operations=None if option == "--operations" else 200)
    assert at(result["configuration"], path) == expected
    if option != "--cache":  # There is but one word for it yet.
        assert at(usual_configuration(measure, others), path) != expected


def test_what_is_not_verified_is_not_reported(measure):
    assert measure(operations=50)["consistency"]["values_corrupt"] == 0
    assert "values_corrupt" not in measure("--verify", "off", operations=50)["consistency"]


def test_the_store_shows_in_the_configuration(measure):
    for store in ("memory", "rocksdb"):
        result = measure(operations=50, store=store)
        assert result["configuration"]["store"]["name"] == store


@pytest.mark.parametrize("option, value, path, expected", CONFIGURED_ROCKSDB)
def test_an_option_of_rocksdb_shows_in_the_configuration(measure, option, value, path, expected):
    words = [option] + ([] if value is None else [value])
    result = measure(*words, operations=50, store="rocksdb")
    assert at(result["configuration"], path) == expected


def test_a_database_folder_keeps_the_loaded_data(measure, tmp_path):
    measure("--db", "data", operations=50, store="rocksdb")
    loaded = {path: path.stat().st_mtime_ns for path in (tmp_path / "data").rglob("*.sst")}
    assert loaded
    measure("--db", "data", operations=50, store="rocksdb")
    for path, when in loaded.items():
        assert path.stat().st_mtime_ns == when


def test_operations_are_counted_to_the_last(measure):
    sections = measure("--operations", 333, operations=None)["operations"].values()
    assert sum(section["count"] for section in sections) == 333


def test_reads_alone_and_writes_alone(measure):
    assert set(measure("--reads", 1)["operations"]) == {"read"}
    assert set(measure("--reads", 0)["operations"]) == {"write"}


def test_a_ttl_lets_entries_expire(measure):
    assert measure("--reads", 1, operations=20_000)["cache"]["expirations"] == 0
    words = ["--reads", 1, "--ttl", "20us"]
    assert measure(*words, operations=20_000)["cache"]["expirations"] > 0


def test_a_small_cache_evicts(measure):
    assert measure("--cache-size", "1MiB")["cache"]["evictions"] == 0
    small = measure("--cache-size", "1KiB")["cache"]
    assert small["evictions"] > 0
    assert small["bytes"] <= small["capacity_bytes"] == 1_024


def test_larger_values_fill_the_cache_sooner(measure):
    def bytes_an_entry(size):
        cache = measure("--value-size", size, "--cache-size", "1MiB")["cache"]
        return cache["bytes"] / cache["entries"]

    assert bytes_an_entry(900) - bytes_an_entry(100) == 800


def test_invalidation_erases_sets_or_leaves_alone(measure):
    erased = measure("--invalidate", "erase")
    assert erased["cache"]["erases"] == erased["operations"]["write"]["count"]
    assert measure("--invalidate", "none")["cache"]["erases"] == 0
    updated = measure("--invalidate", "set", "--reads", 0)
    assert updated["cache"]["fills"] == updated["operations"]["write"]["count"]


def test_an_absent_key_is_remembered_if_asked(measure):
    words = ["--set", "preload=0", "--reads", 1, "--cache-size", "1MiB"]
    assert measure(*words)["cache"]["hits"] == 0
    assert measure(*words, "--negative-ttl", "1m")["cache"]["hits"] > 0


def test_writes_behind_are_coalesced_unless_told_otherwise(measure):
    assert measure(*BEHIND)["durability"]["writes_behind"]["coalesced"] > 0
    assert measure(*BEHIND, "--no-coalescing")["durability"]["writes_behind"]["coalesced"] == 0


def test_a_batch_holds_no_more_than_told(measure):
    one_by_one = measure(*BEHIND, "--flush-batch", 1, "--flush-delay", 0)["store"]
    assert one_by_one["batches"] == one_by_one["writes"]


def test_a_queue_holds_no_more_than_told(measure):
    queue = measure(*BEHIND, "--queue", 2)["durability"]["writes_behind"]
    assert queue["queued_max"] <= 2
    assert queue["blocked_ns"] > 0


def test_a_full_queue_may_refuse(measure):
    words = [*BEHIND, "--queue", 1, "--when-full", "reject", "--flush-delay", "1m"]
    result = measure(*words)
    rejected = result["durability"]["writes_behind"]["rejected"]
    assert rejected == result["operations"]["write"]["failed"] > 0


def test_a_long_delay_exposes_every_write(measure):
    result = measure(*BEHIND, "--flush-delay", "10m")
    writes = result["operations"]["write"]["count"]
    assert result["durability"]["exposure_writes_at_stop"] == writes
    assert result["store"]["writes"] == 0


def test_refreshing_from_the_start_loads_more_than_misses(measure):
    words = ["--strategy", "refresh_ahead", "--ttl", "1h", "--reads", 1]
    eager = measure(*words, "--refresh-at", 0)
    assert eager["store"]["reads"] > eager["operations"]["read"]["by_outcome"]["miss"]["count"]
    late = measure(*words, "--refresh-at", 0.999)
    assert late["store"]["reads"] == late["operations"]["read"]["by_outcome"]["miss"]["count"]


def test_reloads_are_how_many_go_on_in_the_background_at_once(paced):
    words = ["--strategy", "refresh_ahead", "--ttl", "200ms", "--store-latency", "20ms",
             "--reads", 1, "--key-skew", 0, "--clients", 100]  # fmt: skip
    # A hundred keys, each due every 160 ms: one at a time brings 50 a second, sixteen 800.
    one, many = (paced(*words, "--reloads", number) for number in (1, 16))
    assert one["cache"]["refreshes"] < 2 * 50 + 10
    assert many["cache"]["refreshes"] > 5 * one["cache"]["refreshes"]


def test_servers_make_calls_queue(measure):
    assert "queue_ns" not in measure()["store"]
    store = measure("--store-servers", 1, "--store-latency", "20us", operations=500)["store"]
    assert store["queue_ns"]["count"] == store["reads"] + store["writes"]


@pytest.mark.parametrize("words", [["--key-skew", 0.1], ["--keys", 99], ["--reads", 0.3],
                                   ["--value-size", "uniform(20,90)"], ["--clients", 5],
                                   ["--rate", 1_000_000]], ids=lambda words: words[0])
def test_what_is_asked_decides_the_digest(measure, words):
    usual = measure(operations=50)["workload_digest"]
    assert measure(*words, operations=50)["workload_digest"] != usual
