#include "options/fault_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.h"
#include "core/units.h"
#include "core/words.h"
#include "options/option_reader.h"

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

std::vector<std::string_view> words_in(std::string_view text) {
    constexpr std::string_view blanks = " \t\n";
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
        const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
        if (end > begin) words.push_back(text.substr(begin, end - begin));
        text.remove_prefix(end);
    }
    return words;
}

}  // namespace

std::vector<std::string_view> faults_in(const RunOptions& options) {
    return words_in(options.get_or("fault", ""));
}

std::vector<Fault> read_faults(const RunOptions& options, const Experiment& experiment) {
    std::vector<Fault> faults;
    if (options.get_or("fault", "none") == "none") return faults;
    for (const std::string_view word : faults_in(options)) {
        try {
            if (word == "none") throw InputError("means no fault at all; give it alone");
            const Fault fault = parse_fault(word);
            check_place(fault, experiment);
            check_time(fault, measured_length(experiment.workload));
            check_against(fault, faults);
            faults.push_back(fault);
        } catch (const InputError& error) {
            throw wrong_option("fault", word, error.what());
        }
    }
    if (faults.empty()) {
        throw wrong_option("fault", "expected a fault, as in store-down@10s+5s; got nothing");
    }
    return faults;
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
