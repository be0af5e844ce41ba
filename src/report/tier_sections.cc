// SPDX-License-Identifier: Apache-2.0
#include "report/tier_sections.h"

#include "core/answer.h"
#include "core/words.h"
#include "report/event_sections.h"
#include "report/fault_sections.h"
#include "workload/operation.h"

namespace stalemark {
namespace {

Json cache_section(const CacheCounts& counts, const CacheUse& use) {
    Json section = {{"gets", counts.gets},
                    {"hits", counts.hits},
                    {"stale_hits", counts.stale_hits},
                    {"misses", counts.gets - counts.hits - counts.stale_hits},
                    {"other_looks", counts.other_looks}};
    section["fills"] = counts.fills;
    section["fills_refused"] = counts.fills_refused;
    section["erases"] = counts.erases;
    section["evictions"] = counts.evictions;
    section["expirations"] = counts.expirations;
    section["entries"] = use.entries;
    section["bytes"] = use.bytes;
    section["capacity_bytes"] = use.capacity_bytes;
    return section;
}

// Of the reads, not of the calls that they made: the share that a cache answered, near or
// shared. Nothing: nobody read, or there was no cache to ask.
std::optional<double> hit_ratio(const Experiment& experiment, const Recorder& recorder) {
    if (!experiment.system.strategy->traits.has_cache) return std::nullopt;
    std::uint64_t reads = 0;
    std::uint64_t hits = 0;
    for (const auto kind : {OperationKind::read, OperationKind::read_modify_write}) {
        const OperationRecord& record = recorder.kinds()[static_cast<std::size_t>(kind)];
        reads += record.count;
        for (const auto outcome : {Outcome::hit, Outcome::stale_hit}) {
            hits += record.by_outcome[static_cast<std::size_t>(outcome)].count();
        }
    }
    if (reads == 0) return std::nullopt;
    return static_cast<double>(hits) / static_cast<double>(reads);
}

Json store_section(const Observations& seen) {
    const StoreCounts counts = seen.after.store - seen.before.store;
    Json section = {{"reads", counts.reads},
                    {"writes", counts.writes},
                    {"deletes", counts.deletes},
                    {"batches", counts.batches},
                    {"failed", counts.failed},
                    {"concurrent_reads_max", seen.concurrent_reads_max},
                    {"redundant_reads", counts.redundant_reads}};
    if (counts.reads > counts.redundant_reads) {
        section["loads_per_herd"] = static_cast<double>(counts.reads) /
                                    static_cast<double>(counts.reads - counts.redundant_reads);
    }
    const Histogram queue = store_queue(seen);
    if (queue.count() > 0) section["queue_ns"] = quantiles(queue);
    return section;
}

void add_write_amplification(Json& store, const Json& facts) {
    if (!facts.contains("bytes_written")) return;
    const auto written = facts.at("bytes_written").get<std::uint64_t>();
    const auto asked = facts.at("user_bytes_written").get<std::uint64_t>();
    store["bytes_written"] = written;
    if (asked > 0) {
        store["write_amplification"] =
            static_cast<double>(written) / static_cast<double>(asked);
    }
}

Json shield_section(const Observations& seen) {
    Json section = Json::object();
    for (std::size_t i = 0; i < seen.shield.size(); ++i) {
        const std::uint64_t before =
            i < seen.shield_before.size() ? seen.shield_before[i].number : 0;
        section[seen.shield[i].name] = seen.shield[i].number - before;
    }
    return section;
}

}  // namespace

Histogram store_queue(const Observations& seen) {
    return seen.after.store_queue.since(seen.before.store_queue);
}

Json store_facts(const Observations& seen) {
    Json facts = Json::object();
    for (std::size_t i = 0; i < seen.after.store_facts.size(); ++i) {
        const auto& [name, after] = seen.after.store_facts[i];
        const bool is_level = name.ends_with("_now");
        facts[name] = is_level ? after : after - seen.before.store_facts[i].second;
    }
    return facts;
}

void add_tiers(const Experiment& experiment, const Observations& seen, const Json& facts,
               Json& result) {
    result["cache"] = cache_section(seen.after.cache - seen.before.cache, seen.cache_use);
    if (const auto ratio = hit_ratio(experiment, seen.driven->recorder))
        result["cache"]["hit_ratio"] = *ratio;
    result["cache"]["refreshes"] = seen.after.reloads - seen.before.reloads;
    if (seen.shared_use) {
        result["shared_cache"] = cache_section(
            *seen.after.shared_cache - *seen.before.shared_cache, *seen.shared_use);
    }
    if (!experiment.system.faults.empty()) {
        const bool is_shared = seen.after.shared_cache.has_value();
        const CacheCounts& after = is_shared ? *seen.after.shared_cache : seen.after.cache;
        const CacheCounts& before = is_shared ? *seen.before.shared_cache : seen.before.cache;
        add_cache_faults(result[is_shared ? "shared_cache" : "cache"], experiment.system.faults,
                         after - before);
    }
    result["store"] = store_section(seen);
    add_write_amplification(result["store"], facts);
    if (follows_log(experiment.system)) {
        result["store"]["log_reads"] = seen.after.store.log_reads - seen.before.store.log_reads;
    }
    if (!seen.shield.empty()) result["shield"] = shield_section(seen);
    if (seen.events) result["events"] = events_section(*seen.events, *seen.events_before);
}

}  // namespace stalemark
