// SPDX-License-Identifier: Apache-2.0
#include "options/fault_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.h"
#include "core/units.h"
#include "options/wrong_option.h"

namespace stalemark {
namespace {

constexpr Duration slowest_call = std::chrono::hours(1);

// How long the measured part is at most; never: operations end it.
Duration measured_length(const WorkloadSpec& workload) {
    Duration phases{0};
    for (const Phase& phase : workload.phases) {
        if (!phase.duration) return workload.duration.value_or(never);
        phases += *phase.duration;
    }
    return std::min(phases, workload.duration.value_or(never));
}

void check_time(const Fault& fault, Duration length) {
    const bool is_instant = fault.entry->shape == FaultShape::instant;
    if (fault.is_chance() || (is_instant ? fault.begins < length : fault.ends <= length))
        return;
    throw InputError(
        fmt::format("the measured part lasts {}; expected {}", format_duration(length),
                    is_instant ? "an instant before its end" : "a spell that is over by then"));
}

void check_place(const Fault& fault, const Experiment& experiment) {
    const FaultPlace place = fault.entry->place;
    if (place == FaultPlace::events) return;
    if (fault.entry->shape != FaultShape::slow_spell) return;
    const bool is_store = place == FaultPlace::store;
    const bool is_shared = !is_store && experiment.system.fleet.shared_bytes;
    const WireSettings& wire = is_store    ? experiment.system.store_wire
                               : is_shared ? experiment.system.fleet.shared_wire
                                           : experiment.system.cache_wire;
    const auto most = wire.latency.most();
    if (most == 0) {
        const std::string_view tier = is_store ? "store" : is_shared ? "shared" : "cache";
        throw InputError(
            fmt::format("the way to the {0} takes no time, and {1} times 0 is 0; give a "
                        "--{0}-latency",
                        tier, fault.factor));
    }
    if (static_cast<double>(most) * fault.factor > static_cast<double>(slowest_call.count())) {
        throw InputError("a call could take over an hour; expected a smaller factor");
    }
}

}  // namespace

void check_faults(const Experiment& experiment) {
    for (const Fault& fault : experiment.system.faults) {
        try {
            check_place(fault, experiment);
            check_time(fault, measured_length(experiment.workload));
        } catch (const InputError& error) {
            throw wrong_option("fault", fault.text(), error.what());
        }
    }
}

void disturb(BusSettings& bus, const std::vector<Fault>& faults) {
    for (const Fault& fault : faults) {
        if (fault.entry->name == "event-loss") bus.loss = fault.fraction;
        if (fault.entry->name == "event-duplication") bus.duplication = fault.fraction;
        if (fault.entry->name == "event-reordering") bus.reordering = fault.fraction;
        if (fault.entry->name == "events-down") {
            bus.outages.push_back({fault.begins, fault.ends});
        }
    }
}

}  // namespace stalemark
