// SPDX-License-Identifier: Apache-2.0
#include "explore/exploration.h"

#include <algorithm>
#include <unordered_map>

#include "explore/judge.h"
#include "explore/shortest_search.h"

namespace stalemark {
namespace {

// What was seen of one class so far.
struct Seen {
    std::uint64_t schedules = 0;
    std::vector<ScheduleChoice> shortest;  // Of those that were carried out.
};

// An outcome: its anomalies, and of how many schedules it came.
struct Judged {
    AnomalySet anomalies = 0;
    std::uint64_t schedules = 0;
};

using AllSeen = std::array<Seen, schedule_anomalies>;

void note(const FoundSchedule& found, AnomalySet classes, AllSeen& seen) {
    for (std::size_t i = 0; classes != 0 && i < schedule_anomalies; ++i) {
        if (!has(classes, static_cast<ScheduleAnomaly>(i))) continue;
        ++seen[i].schedules;
        if (seen[i].schedules == 1 || found.choices.size() < seen[i].shortest.size())
            seen[i].shortest = found.choices;
    }
}

void add_witnesses(const ExploredSetup& setup, ScheduleRuntime& runtime,
                   const ExplorationSettings& settings, const AllSeen& seen,
                   Exploration& exploration) {
    AnomalySet wanted = 0;
    for (const ClassFound& one : exploration.found) wanted |= set_of(one.of);
    ShortSchedules shortest = find_shortest(setup, runtime, wanted, settings.shortest_most);
    for (ClassFound& one : exploration.found) {
        const auto number = static_cast<std::size_t>(one.of);
        if (shortest[number]) {
            ExploredSetup part = setup;
            part.program = shortest[number]->program;
            prepare(part);
            one.witness = record_witness(part, shortest[number]->choices, one.of);
        } else {
            one.witness = record_witness(setup, seen[number].shortest, one.of);
            one.witness.is_shortest = false;
        }
    }
}

}  // namespace

std::string key_of(const ExploredOutcome& outcome) {
    std::string key;
    const auto add = [&key](std::uint32_t number, int bytes) {
        for (; bytes > 0; --bytes, number >>= 8) key += static_cast<char>(number & 0xff);
    };
    for (const ExploredOperation& one : outcome.operations) {
        add((one.has_begun ? 1U : 0U) | (one.has_ended ? 2U : 0U) | (one.has_failed ? 4U : 0U),
            1);
        add(static_cast<std::uint8_t>(one.seen), 1);
        add(one.before, 4);
    }
    for (const auto& made : outcome.committed) {
        for (const ValueId value : made) add(static_cast<std::uint8_t>(value), 1);
        add(0x7f, 1);
    }
    for (const CopyAtRest& copy : outcome.copies) {
        add(static_cast<std::uint8_t>(copy.node), 1);
        add(static_cast<std::uint32_t>(index_of(copy.key)), 1);
        add(static_cast<std::uint8_t>(copy.value), 1);
        add(copy.is_for_ever ? 1U : 0U, 1);
    }
    add(0x7f, 1);
    add(outcome.stuck, 4);
    add(outcome.died, 4);
    return key;
}

bool breaks(const Exploration& exploration, const Promise& promise) {
    using Consistency = Promise::Consistency;
    if (promise.durable && exploration.has(ScheduleAnomaly::store_older)) return true;
    switch (promise.consistency) {
        case Consistency::linearizable:
            return std::ranges::any_of(exploration.found, [](const ClassFound& one) {
                return one.of != ScheduleAnomaly::lost_update;
            });
        case Consistency::bounded_staleness:
            return exploration.has(ScheduleAnomaly::permanent_after_ttl);
        case Consistency::eventual:
            return exploration.has(ScheduleAnomaly::permanent);
        case Consistency::none:
            break;
    }
    return false;
}

Exploration explore(const ExploredSetup& setup, const ExplorationSettings& settings) {
    Exploration exploration{.is_sampled = settings.sampling.has_value()};
    ScheduleRuntime runtime;
    AllSeen seen;
    std::unordered_map<std::string, Judged> judged;
    const auto see = [&](const FoundSchedule& found) {
        const auto [place, is_new] = judged.try_emplace(key_of(found.outcome));
        if (is_new) place->second.anomalies = judge(found.outcome);
        ++place->second.schedules;
        note(found, place->second.anomalies, seen);
        exploration.steps_most =
            std::max<std::uint64_t>(exploration.steps_most, found.choices.size());
        return true;
    };
    exploration.counts =
        settings.sampling ? sample_schedules(setup, runtime, *settings.sampling, see)
                          : search_schedules(setup, runtime,
                                             {.schedules_most = settings.schedules_most}, see);
    exploration.outcomes = judged.size();
    exploration.outcomes_once = static_cast<std::uint64_t>(std::ranges::count_if(
        judged, [](const auto& one) { return one.second.schedules == 1; }));
    for (std::size_t i = 0; i < schedule_anomalies; ++i) {
        if (seen[i].schedules == 0) continue;
        exploration.found.push_back(
            {static_cast<ScheduleAnomaly>(i), seen[i].schedules, ScheduleWitness{}});
    }
    if (settings.has_witnesses && !exploration.found.empty())
        add_witnesses(setup, runtime, settings, seen, exploration);
    return exploration;
}

}  // namespace stalemark
