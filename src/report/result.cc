// SPDX-License-Identifier: Apache-2.0
#include "report/result.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/context.h"
#include "report/event_sections.h"
#include "report/fault_sections.h"
#include "report/known_races_section.h"
#include "report/tier_sections.h"
#include "workload/operation.h"
#include "workload/source.h"

namespace stalemark {
namespace {

Json durability_section(const Observations& seen) {
    Json section = {{"exposure_writes_max", seen.exposure_writes_max},
                    {"exposure_age_ns_max", seen.exposure_age_max.count()},
                    {"exposure_writes_at_stop", seen.exposure_writes_at_stop}};
    if (seen.queue) {
        section["writes_behind"] = {
            {"queued_max", seen.queue->queued_max}, {"coalesced", seen.queue->coalesced},
            {"batches", seen.queue->batches},       {"blocked_ns", seen.queue->blocked_ns},
            {"retried", seen.queue->retried},       {"rejected", seen.queue->rejected},
            {"dropped", seen.queue->dropped}};
    }
    return section;
}

Json resources_section(const Experiment& experiment, const Observations& seen,
                       const Json& facts) {
    const Usage& before = seen.before.usage;
    const Usage& after = seen.after.usage;
    Json section = {{"cpu_user_ns", after.user_ns - before.user_ns},
                    {"cpu_system_ns", after.system_ns - before.system_ns},
                    {"resident_bytes_max", after.resident_bytes_max},
                    {"harness_bytes", seen.harness_bytes}};
    if (!facts.empty()) section[experiment.store.name] = facts;
    return section;
}

// Of a run in virtual time only what decides its bytes: not who built it where.
Json context_of(const Observations& seen) {
    if (seen.virtual_facts) return {{"version", context_section().at("version")}};
    Json section = context_section();
    if (seen.overhead.harness_overhead_ns > 0) {
        section["clock_read_ns"] = seen.overhead.clock_read_ns;
        section["harness_overhead_ns"] = seen.overhead.harness_overhead_ns;
        section["verify_ns"] = seen.overhead.verify_ns;
    }
    return section;
}

Json session_of(const Experiment& experiment, const Observations& seen) {
    Json section = {{"id", experiment.session->id},
                    {"repetition", experiment.session->repetition},
                    {"pair", experiment.session->repetition},
                    {"position", experiment.session->position}};
    if (seen.canary) {
        section["canary_cpu_ns"] = seen.canary->cpu.count();
        section["canary_memory_ns"] = seen.canary->memory.count();
    }
    if (seen.before.machine && seen.after.machine) {
        if (const auto stolen = stolen_between(*seen.before.machine, *seen.after.machine))
            section["steal_fraction"] = *stolen;
    }
    return section;
}

Json warmup_section(const Warmup& warmup, bool has_cache) {
    Json section = {
        {"duration_ns", warmup.duration.count()},
        {"operations", warmup.operations},
        {"ended_because", warmup_end_names[static_cast<std::size_t>(warmup.ended)]}};
    if (!has_cache || warmup.ended == WarmupEnd::none) return section;
    if (warmup.hit_ratio) section["hit_ratio"] = *warmup.hit_ratio;
    section["stable"] = warmup.is_stable;
    return section;
}

Json virtual_section(const VirtualFacts& facts) {
    return {{"events", facts.events},
            {"trace_hash", fmt::format("{:016x}", facts.trace_hash)},
            {"final_random", fmt::format("{:016x}", facts.final_random)}};
}

// What judging the recorded operations came to.
void add_history(const HistoryFacts& history, Json& section) {
    const Findings& findings = *history.findings;
    section["keys_checked"] = history.keys;
    section["operations_checked"] = findings.operations();
    section["linearizability_anomalies"] = findings.linearizability_anomalies();
    section["order_anomalies"] = findings.count(AnomalyClass::order);
    section["undecided_reads"] = findings.undecided_reads;
    section["lost_operations"] = findings.lost_operations;
}

Json consistency_of(const Experiment& experiment, const Observations& seen) {
    Json section = consistency_section(seen.driven->consistency);
    if (!experiment.verifies) section.erase("values_corrupt");
    if (seen.history && seen.history->findings) add_history(*seen.history, section);
    Json divergence = Json::object();
    if (seen.at_stop) divergence["at_stop"] = divergence_section(*seen.at_stop);
    if (seen.after_drain) divergence["after_drain"] = divergence_section(*seen.after_drain);
    if (seen.after_ttl) divergence["after_ttl"] = divergence_section(*seen.after_ttl);
    if (!divergence.empty()) section["divergence"] = std::move(divergence);
    if (seen.visibility) add_visibility(*seen.visibility, section);
    return section;
}

// What every set of quantiles in the result was taken from, so that results can be merged.
Json histograms_of(const Observations& seen) {
    const DriveResult& driven = *seen.driven;
    const ConsistencyCounts& judged = driven.consistency;
    Json section = histograms_section(driven.recorder, operation_names, !seen.virtual_facts);
    add_histogram(section, "store.queue_ns", store_queue(seen));
    if (seen.events) {
        add_histogram(section, "events.delay_ns",
                      seen.events->delay.since(seen.events_before->delay));
    }
    add_histogram(section, "consistency.stale_age_ns", judged.stale_age);
    add_histogram(section, "consistency.stale_by_design_age_ns", judged.stale_by_design_age);
    return section;
}

Json promise_section(const Verdict& verdict) {
    Json broken_by = Json::array();
    for (const Breach& breach : verdict.breaches) {
        broken_by.push_back(fmt::format("{} ({})", breach.what, breach.times));
    }
    Json section = {{"declared", verdict.declared},
                    {"verdict", promise_state_names[static_cast<std::size_t>(verdict.state)]},
                    {"broken_by", std::move(broken_by)}};
    if (!verdict.untested_because.empty())
        section["untested_because"] = verdict.untested_because;
    return section;
}

// What ran, where, and what was asked.
void add_head(const Experiment& experiment, const Observations& seen, Json& result) {
    const DriveResult& driven = *seen.driven;
    result = {{"schema", 2},
              {"complete", driven.is_complete},
              {"command", experiment.command},
              {"seed", experiment.system.seed}};
    if (!experiment.is_virtual()) result["started_at"] = seen.started_at;
    result["context"] = context_of(seen);
    if (experiment.session && !experiment.is_virtual())
        result["session"] = session_of(experiment, seen);
    result["configuration"] = configuration_section(experiment);
    result["workload_digest"] = digest_of(experiment.workload, experiment.system.seed,
                                          experiment.clients, experiment.sessions);
    result["elapsed_ns"] = driven.elapsed.count();
    const double seconds = std::chrono::duration<double>(driven.elapsed).count();
    result["operations_per_second"] =
        seconds > 0 ? static_cast<double>(driven.recorder.done()) / seconds : 0.0;
    result["warmup"] =
        warmup_section(driven.warmup, experiment.system.strategy->traits.has_cache);
    result["operations"] = operations_section(driven.recorder, operation_names);
    if (driven.is_open_loop) {
        result["schedule"] =
            schedule_section(driven.recorder, {.is_complete = driven.is_complete,
                                               .is_real_time = !experiment.is_virtual(),
                                               .is_saturated = driven.is_saturated,
                                               .clients_busy_max = driven.clients_busy_max});
    }
}

// What was seen of it by those who asked.
void add_verdict(const Experiment& experiment, const Observations& seen, Json& result) {
    result["consistency"] = consistency_of(experiment, seen);
    result["consistency"]["contract_violations"] = seen.driven->consistency.contract_violations;
    result["durability"] = durability_section(seen);
    if (seen.verdict) result["promise"] = promise_section(*seen.verdict);
    result["known_races"] = known_races_section(races_of(experiment.system));
}

}  // namespace

Json result_of(const Experiment& experiment, const Observations& seen) {
    const DriveResult& driven = *seen.driven;
    // What a real store does in a simulated run depends on the moment: it is left out.
    const Json facts = experiment.is_virtual() ? Json::object() : store_facts(seen);
    Json result;
    add_head(experiment, seen, result);
    add_tiers(experiment, seen, facts, result);
    add_verdict(experiment, seen, result);
    if (!experiment.is_virtual())
        result["resources"] = resources_section(experiment, seen, facts);
    if (!experiment.system.faults.empty())
        result["faults"] = faults_section(experiment.system.faults, seen.calls_hit);
    result["timeline"] =
        timeline_section(driven.recorder, driven.recorder.interval(), seen.store_marks.all());
    if (seen.virtual_facts) result["virtual"] = virtual_section(*seen.virtual_facts);
    result["histograms"] = histograms_of(seen);
    return result;
}

}  // namespace stalemark
