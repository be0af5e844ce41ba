// SPDX-License-Identifier: Apache-2.0
#include "options/options.h"

#include "core/catalog.h"

namespace stalemark {
namespace {

constexpr std::string_view protocol = "Protocol";
constexpr std::string_view behind = "Settings of write_behind and refresh_ahead";
constexpr std::string_view shielding = "Settings of the shields";
constexpr std::string_view guarding = "Settings of the guards";
constexpr std::string_view tiers = "Cache and store";
constexpr std::string_view fleet = "Nodes, layers and events";
constexpr std::string_view load = "Workload: each wins over the workload's own";
constexpr std::string_view time = "Real or virtual time";
constexpr std::string_view faults = "What goes wrong on purpose";
constexpr std::string_view running = "Run and result";

constexpr OptionRow rows[] = {
    {"strategy", "NAME",
     "caching strategy (default cache_aside); see `stalemark list strategies`", "", protocol},
    {"shield", "NAME", "against the herd: none (default), lock, early, stale", "", protocol},
    {"guard", "NAME",
     "against old values in the cache (default none); see `stalemark list guards`", "",
     protocol},
    {"ttl", "DURATION", "how long an entry lives: 5s, none, uniform(10s,60s) by key", "ttl",
     protocol},
    {"jitter", "FRACTION", "cuts each entry's TTL by up to this share, at random", "ttl_jitter",
     protocol},
    {"invalidate", "MODE", "what a write does to cached copies: none, erase, set, event", "",
     protocol},
    {"order", "NAME", "of a write: store_first (default), cache_first, both", "", protocol},
    {"double-delete", "DURATION", "a write erases cached copies once more, so much later", "",
     protocol},
    {"delete-delay", "DURATION", "a write erases cached copies only so long after the store",
     "", protocol},
    {"delete-ack", "WHEN", "acknowledge a write before (default) or after its late delete", "",
     protocol},
    {"negative-ttl", "DURATION", "how long an absent key is remembered", "negative_ttl",
     protocol},

    {"flush-delay", "DURATION",
     "write_behind: a batch leaves when its oldest change is so old (default 100ms)", "",
     behind},
    {"flush-batch", "N", "write_behind: changes in one batch (default 128)", "", behind},
    {"queue", "N", "write_behind: changes that may wait (default 10000)", "", behind},
    {"when-full", "MODE", "write_behind, full queue: block (default), caller_runs, reject", "",
     behind},
    {"no-coalescing", "", "write_behind: store every change, not only the newest of a key", "",
     behind},
    {"no-queue-lookup", "", "write_behind: a miss asks the store and not the queue", "",
     behind},
    {"flushers", "N", "write_behind: batches in flight at once; several keep no order", "",
     behind},
    {"refresh-at", "FRACTION",
     "refresh_ahead: reload from this part of an entry's life on (default 0.8)", "", behind},

    {"lock-timeout", "DURATION",
     "lock: wait so long for another's load, then ask the store (default 5s)", "", shielding},
    {"flights", "RULE",
     "lock: a read after a change starts a load of its own: detach (default); or join", "",
     shielding},
    {"beta", "B", "early: reload so many loads' durations ahead (default 1); 0: never", "",
     shielding},
    {"grace", "DURATION", "stale: an expired entry answers for so long (default 10s)", "",
     shielding},
    {"stale-if-error", "DURATION",
     "stale: ...and, while the store fails, for so long (default 0)", "", shielding},
    {"error-throttle", "DURATION",
     "stale: after a failure the store is not asked for so long (default 1s)", "", shielding},
    {"reloads", "N", "stale, refresh_ahead: at once in the background of a node (default 8)",
     "", shielding},

    {"remember", "N",
     "newer_remembered: a cache remembers the versions of so many keys (default 10000)...", "",
     guarding},
    {"remember-for", "DURATION", "...whose entries are gone, for so long (default 60s)", "",
     guarding},
    {"lease-ttl", "DURATION", "lease, quarantine: how long a lease lasts (default 10s)", "",
     guarding},
    {"lease-losers", "WHAT",
     "lease, quarantine: a miss without one waits (default), or reads the store: bypass", "",
     guarding},
    {"lease-refused", "WHAT",
     "lease, quarantine: a read whose fill was refused: answer (default), or retry", "",
     guarding},
    {"quarantine-ttl", "DURATION", "quarantine: how long a writer may have a key (default 10s)",
     "", guarding},
    {"quarantine-reads", "WHAT",
     "quarantine: meanwhile a reader finds the old entry: old (default), or none", "",
     guarding},
    {"lock-ttl", "DURATION", "lock, lock_all, lock_writers: how long one lasts (default 10s)",
     "", guarding},
    {"fencing", "",
     "lock, lock_all, lock_writers: the cache refuses what is older than what it has", "",
     guarding},
    {"tombstone-ttl", "DURATION",
     "tombstone, fencing: an erase leaves its version for so long (default 60s)", "", guarding},

    {"cache", "NAME", "cache (default lru)", "", tiers},
    {"cache-size", "BYTES|PERCENT", "64MiB, or 10% of the data set", "cache_size", tiers},
    {"store", "NAME", "store: rocksdb (default), memory", "", tiers},
    {"db", "DIR", "rocksdb: keep the loaded data here; a folder that is empty or ours", "",
     tiers},
    {"block-cache", "BYTES", "rocksdb: its own block cache (default 8MiB)", "", tiers},
    {"compression", "NAME",
     "rocksdb: compression of its tables: none (default), snappy, lz4, zstd", "", tiers},
    {"sync", "", "rocksdb: a write returns when it is on the disk", "", tiers},
    {"cache-latency", "SPEC",
     "round trip to the cache: 0, 200us, uniform(1ms,3ms), lognormal(1ms,0.5), redis", "",
     tiers},
    {"store-latency", "SPEC", "round trip to the store", "", tiers},
    {"store-servers", "N",
     "calls that the store serves at once; the others queue; none: no limit", "", tiers},
    {"store-timeout", "DURATION",
     "virtual time: who waits longer for the store leaves; it works in vain (default none)", "",
     tiers},

    {"deployment", "NAME",
     "where cache and store are: of `stalemark list deployments`, or a path", "", fleet},
    {"nodes", "N", "application nodes; clients ask theirs (default 1)", "", fleet},
    {"near-cache", "BYTES|PERCENT",
     "a node's own, before a shared cache; none: all nodes share the cache", "", fleet},
    {"shared-cache", "BYTES|PERCENT",
     "a cache behind the near ones that all share (default none)", "", fleet},
    {"shared-latency", "SPEC", "round trip to the shared cache", "", fleet},
    {"layer-ttl", "RULE",
     "a near copy of a shared entry: carry its expiry (default) or restart its TTL", "", fleet},
    {"near-ttl", "DURATION", "no near copy of a shared entry lives longer", "", fleet},
    {"event-source", "NAME",
     "--invalidate event: told by the application (default) or from the store's log", "",
     fleet},
    {"event-delay", "SPEC", "one way of an event over the bus", "", fleet},
    {"event-hold-back", "SPEC", "of an event that is overtaken: so much longer (default 10ms)",
     "", fleet},
    {"event-batch", "N", "so many events are sent together (default 1)...", "", fleet},
    {"event-batch-delay", "DURATION", "...or when the first has waited for so long", "", fleet},
    {"event-check", "RULE",
     "an event drops what is cached: none (default), or what is older: version", "", fleet},
    {"event-order", "RULE",
     "cache-first (default): events leave when the caches are done; event-first", "", fleet},
    {"on-gap", "RULE", "a node that misses an event: none (default), clear, reconcile", "",
     fleet},
    {"gap-grace", "DURATION", "a missing event may be late for so long (default 20ms)", "",
     fleet},
    {"heartbeat", "DURATION", "publishers tell their newest event's number (default 1s)", "",
     fleet},
    {"log-poll", "DURATION", "how often the store's log is read (default 10ms)", "", fleet},

    {"keys", "N", "size of the key space", "keys", load},
    {"value-size", "SIZE", "100, uniform(10,1000), lognormal(200,1.0), weighted(100:9,5000:1)",
     "value_size", load},
    {"reads", "FRACTION", "share of reads; the others keep their proportions", "", load},
    {"key-skew", "THETA", "exponent of the zipfian popularity; 0 is uniform", "", load},
    {"clients", "N", "operations at once in all (default 4; open loop: as the rate needs)",
     "clients", load},
    {"sessions", "N", "open loop: users in all (default 1000); closed: each client is one",
     "sessions", load},
    {"rate", "OPS", "open loop, this many operations per second in all; left out: closed loop",
     "", load},
    {"arrival", "KIND", "open loop: poisson (default) or constant", "", load},
    {"duration", "DURATION", "measured time; the first of duration and operations ends the run",
     "duration", load},
    {"operations", "N", "measured operations", "operations", load},
    {"warmup", "DURATION", "not measured, before; `stable`: until the hit ratio is", "warmup",
     load},

    {"runtime", "NAME", "threads (default), or virtual: simulated, the same bytes every time",
     "", time},
    {"processors", "N", "virtual: operations that each node computes at once (default 8)", "",
     time},
    {"operation-cost", "DURATION", "virtual: what an operation computes itself (default 2us)",
     "", time},

    {"fault", "SPEC",
     "store-down@10s+5s, store-fails=0.01; may be repeated; none: nor those of the workload",
     "", faults, true},

    {"seed", "N", "the same seed gives every strategy the same operations (default 1)", "",
     running},
    {"verify", "MODE", "values read: checksum (default); off, as other tools measure", "",
     running},
    {"history", "FILE", "record the operations of some keys in FILE, for `stalemark check`", "",
     running},
    {"check", "", "judge whether the operations of some keys are linearizable", "", running},
    {"history-keys", "N", "so many keys, half the hottest, half at random (default 1000); all",
     "", running},
    {"repeat", "N",
     "runs, one result file each (default 1); simulated: each with the next seed", "", running},
    {"expect-promise", "", "exit status 1 if the strategy's promise is broken", "", running},
    {"out", "FILE", "write the result as JSON to FILE, - for standard output", "", running},
    {"quiet", "", "no progress, no note and no summary", "", running},
};

}  // namespace

std::span<const OptionRow> run_options() { return rows; }

const OptionRow& find_option(std::string_view name) {
    return find_row("option", name, run_options());
}

bool may_come_with_a_workload(const OptionRow& row) {
    return row.field.empty() && row.group != load && row.group != running &&
           row.name != "strategy" && row.name != "deployment";
}

bool may_come_with_a_deployment(const OptionRow& row) {
    return may_come_with_a_workload(row) && (row.group == tiers || row.group == fleet);
}

}  // namespace stalemark
