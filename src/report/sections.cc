// SPDX-License-Identifier: Apache-2.0
#include "report/sections.h"

#include <fmt/format.h>

#include <array>

namespace stalemark {
namespace {

double share(std::uint64_t part, std::uint64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
}

struct Share {
    const char* name;
    double part;
    std::uint64_t shown_by;  // So many durations at least: with fewer it is but the largest.
};
constexpr std::array<Share, 6> shares = {{{"p50", 0.5, 2},
                                          {"p90", 0.9, 10},
                                          {"p95", 0.95, 20},
                                          {"p99", 0.99, 100},
                                          {"p999", 0.999, 1'000},
                                          {"p9999", 0.9999, 10'000}}};

// The quantiles that so many ages show: there may be a handful, of which none is the 99th of a
// hundred.
Json quantiles_of_ages(const Histogram& ages) {
    Json section = quantiles(ages);
    for (const Share& share : shares) {
        if (ages.count() < share.shown_by) section.erase(share.name);
    }
    return section;
}

Json operation_section(const OperationRecord& record) {
    Json section = {{"count", record.count},
                    {"failed", record.failed()},
                    {"unknown", record.unknown()},
                    {"failed_fraction", share(record.failed(), record.count)},
                    {"unknown_fraction", share(record.unknown(), record.count)},
                    {"absent", record.absent}};
    const Histogram latency = record.latency();
    if (latency.count() > 0) section["latency_ns"] = quantiles(latency);
    if (record.response.count() > 0) section["response_ns"] = quantiles(record.response);
    if (record.failed() > 0) section["failed_latency_ns"] = quantiles(record.failed_latency);
    if (record.unknown() > 0) section["unknown_latency_ns"] = quantiles(record.unknown_latency);
    Json by_outcome = Json::object();
    for (std::size_t i = 0; i < record.by_outcome.size(); ++i) {
        const Histogram& histogram = record.by_outcome[i];
        if (histogram.count() == 0) continue;
        by_outcome[outcome_names[i]] = {{"count", histogram.count()},
                                        {"latency_ns", quantiles(histogram)}};
    }
    section["by_outcome"] = std::move(by_outcome);
    return section;
}

}  // namespace

Json quantiles(const Histogram& histogram) {
    if (histogram.count() == 0) return {{"count", 0}};
    Json section = {{"min", histogram.least().count()}, {"mean", histogram.mean().count()}};
    for (const Share& share : shares)
        section[share.name] = histogram.quantile(share.part).count();
    section["max"] = histogram.most().count();
    constexpr double most = 0x1p63;  // What fits into every reader's integer.
    if (histogram.sum() < most) section["sum"] = static_cast<std::uint64_t>(histogram.sum());
    section["count"] = histogram.count();
    return section;
}

Json operations_section(const Recorder& recorder,
                        std::span<const std::string_view> kind_names) {
    Json section = Json::object();
    for (std::size_t i = 0; i < kind_names.size(); ++i) {
        const OperationRecord& record = recorder.kinds()[i];
        if (record.count > 0) section[kind_names[i]] = operation_section(record);
    }
    return section;
}

Json schedule_section(const Recorder& recorder, const ScheduleFacts& facts) {
    const std::uint64_t completed = recorder.slip().count();  // Not those of closed phases.
    Json section = Json::object();
    if (facts.is_complete) section["offered"] = completed + recorder.dropped();
    section["completed"] = completed;
    if (facts.is_complete) section["dropped"] = recorder.dropped();
    section["slip_ns"] = quantiles(recorder.slip());
    if (facts.is_real_time) section["timer_slip_ns"] = quantiles(recorder.timer_slip());
    section["clients_busy_max"] = facts.clients_busy_max;
    if (facts.is_complete) section["saturated"] = facts.is_saturated;
    return section;
}

Json timeline_section(const Recorder& recorder, Duration interval,
                      std::span<const StoreMark> store) {
    Json section = Json::array();
    for (std::size_t i = 0; i < recorder.timeline().size(); ++i) {
        const Interval& part = recorder.timeline()[i];
        Json entry = {{"at_ns", (interval * static_cast<Duration::rep>(i)).count()},
                      {"operations", part.operations},
                      {"hits", part.hits},
                      {"stale_reads", part.stale_reads}};
        if (part.stale_hits > 0) entry["stale_hits"] = part.stale_hits;
        if (const std::uint64_t done = part.latency.count(); done < part.operations) {
            entry["unanswered"] = part.operations - done;
        }
        const std::optional<std::uint64_t> before = i == 0 ? 0 : store[i - 1].reads;
        if (before && store[i].reads) {
            entry["store_reads"] = *store[i].reads - *before;
            entry["concurrent_reads_max"] = store[i].concurrent_reads_max;
        }
        if (part.latency.count() > 0) {
            entry["p50_ns"] = part.latency.quantile(0.5).count();
            entry["p99_ns"] = part.latency.quantile(0.99).count();
        }
        if (part.response.count() > 0) {
            entry["response_p50_ns"] = part.response.quantile(0.5).count();
            entry["response_p99_ns"] = part.response.quantile(0.99).count();
        }
        section.push_back(std::move(entry));
    }
    return section;
}

Json histograms_section(const Recorder& recorder, std::span<const std::string_view> kind_names,
                        bool is_real_time) {
    Json section = Json::object();
    for (std::size_t i = 0; i < kind_names.size(); ++i) {
        const OperationRecord& record = recorder.kinds()[i];
        const std::string kind(kind_names[i]);
        const Histogram latency = record.latency();
        add_histogram(section, kind, latency);
        for (std::size_t k = 0; k < record.by_outcome.size(); ++k) {
            const Histogram& part = record.by_outcome[k];
            const bool is_whole = part.count() == latency.count();
            if (!is_whole)
                add_histogram(section, fmt::format("{}.{}", kind, outcome_names[k]), part);
        }
        add_histogram(section, kind + ".response_ns", record.response);
        add_histogram(section, kind + ".failed", record.failed_latency);
        add_histogram(section, kind + ".unknown", record.unknown_latency);
    }
    add_histogram(section, "schedule.slip_ns", recorder.slip());
    if (is_real_time) add_histogram(section, "schedule.timer_slip_ns", recorder.timer_slip());
    return section;
}

void add_histogram(Json& section, const std::string& name, const Histogram& histogram) {
    if (histogram.count() > 0) section[name] = histogram.text();
}

Json consistency_section(const ConsistencyCounts& counts) {
    Json section = {{"reads_checked", counts.reads_checked},
                    {"stale_reads", counts.stale_reads}};
    if (counts.reads_checked > 0) {
        section["stale_fraction"] = share(counts.stale_reads, counts.reads_checked);
    }
    section["ages_sampled"] = counts.stale_age.count();
    section["ages_at_least"] = counts.ages_at_least;
    if (counts.stale_age.count() > 0) {
        section["stale_age_ns"] = quantiles_of_ages(counts.stale_age);
    }
    if (counts.stale_reads > 0) section["version_lag_max"] = counts.version_lag_max;
    section["stale_by_design"] = counts.stale_by_design;
    if (counts.stale_by_design_age.count() > 0) {
        section["stale_by_design_age_ns"] = quantiles_of_ages(counts.stale_by_design_age);
    }
    section["read_your_writes_eligible"] = counts.read_your_writes_eligible;
    section["read_your_writes_violations"] = counts.read_your_writes_violations;
    section["monotonic_reads_eligible"] = counts.monotonic_reads_eligible;
    section["monotonic_reads_violations"] = counts.monotonic_reads_violations;
    if (counts.session_lookups > 0) {
        section["session_lookups"] = counts.session_lookups;
        section["session_found"] = counts.session_found;
        section["session_coverage"] = share(counts.session_found, counts.session_lookups);
    }
    section["phantom_reads"] = counts.phantom_reads;
    section["reads_of_unacknowledged"] = counts.reads_of_open_writes;
    section["values_corrupt"] = counts.values_corrupt;
    return section;
}

Json divergence_section(const Divergence& divergence) {
    return {{"resident", divergence.resident},
            {"cache_stale", divergence.cache_stale},
            {"cache_ahead", divergence.cache_ahead},
            {"cache_other", divergence.cache_other},
            {"store_lost", divergence.store_lost}};
}

}  // namespace stalemark
