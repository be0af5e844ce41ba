// SPDX-License-Identifier: Apache-2.0
#include "report/fault_sections.h"

namespace stalemark {

Json fault_texts(const std::vector<Fault>& faults) {
    Json texts = Json::array();
    for (const Fault& fault : faults) texts.push_back(fault.text());
    return texts;
}

Json faults_section(const std::vector<Fault>& faults,
                    const std::vector<std::uint64_t>& calls_hit) {
    Json section = Json::array();
    for (std::size_t i = 0; i < faults.size(); ++i) {
        const Fault& fault = faults[i];
        Json entry = {{"name", fault.entry->name}};
        if (fault.is_chance()) {
            entry["fraction"] = fault.fraction;
        } else {
            entry["from_ns"] = fault.begins.count();
            entry["to_ns"] = fault.ends.count();
        }
        if (fault.entry->shape == FaultShape::slow_spell) entry["factor"] = fault.factor;
        // What events were hit by, the section `events` counts.
        const bool counts_calls = fault.entry->shape != FaultShape::instant &&
                                  fault.entry->place != FaultPlace::events;
        if (counts_calls) entry["calls_hit"] = calls_hit[i];
        section.push_back(std::move(entry));
    }
    return section;
}

void add_cache_faults(Json& cache, const std::vector<Fault>& faults,
                      const CacheCounts& counts) {
    for (const Fault& fault : faults) {
        if (fault.entry->place != FaultPlace::cache) continue;
        if (fault.entry->shape == FaultShape::spell) cache["failed"] = counts.failed;
        if (fault.entry->shape == FaultShape::instant) cache["cleared"] = counts.flushed;
    }
}

}  // namespace stalemark
