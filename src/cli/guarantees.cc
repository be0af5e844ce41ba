// SPDX-License-Identifier: Apache-2.0
#include "cli/guarantees.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "cli/explore_options.h"
#include "cli/explored_protocols.h"
#include "core/errors.h"
#include "core/in_parallel.h"
#include "core/words.h"
#include "explore/exploration.h"

namespace stalemark {
namespace {

using Json = nlohmann::ordered_json;

struct FaultColumn {
    std::string_view name;
    ExploredFaults faults;
};

constexpr std::array<FaultColumn, 4> fault_columns = {{{"none", {}},
                                                       {"eviction", {.evictions = 1}},
                                                       {"crash", {.crashes = 1}},
                                                       {"expiry", {.limits = 1}}}};

// "--a b --c" as options.
OptionTexts texts_of(std::string_view options) {
    OptionTexts texts;
    std::string name;
    while (!options.empty()) {
        const std::size_t end = std::min(options.find(' '), options.size());
        const std::string word(options.substr(0, end));
        options.remove_prefix(std::min(end + 1, options.size()));
        if (word.starts_with("--")) {
            name = word.substr(2);
            texts[name] = "";
        } else {
            texts[name] = word;
        }
    }
    return texts;
}

ExploredSetup setup_of(const OptionTexts& options, std::string_view program,
                       const ExploredFaults& faults, bool is_warm) {
    ExploredSetup setup;
    setup.program = read_program(program);
    const std::uint32_t nodes = faults.crashes > 0 ? setup.program.clients : 1;
    setup.system = explored_system(options, nodes, ExploredCaches::shared);
    setup.faults = faults;
    setup.is_warm = is_warm;
    prepare(setup);
    return setup;
}

Json configuration_of(const SystemSettings& system) {
    const Settings& settings = system.settings;
    const auto name = [](const auto& names, auto value) {
        return names[static_cast<std::size_t>(value)];
    };
    Json events = nullptr;
    if (system.fleet.events) events = name(event_source_names, system.fleet.events->source);
    return {
        {"strategy", system.strategy->name},
        {"order", name(order_names, settings.order)},
        {"guard", settings.guard->name},
        {"shield", system.shield->name},
        {"invalidate", name(invalidate_names, settings.invalidate)},
        {"double_delete", settings.late_delete.has_value() && !settings.late_delete_alone},
        {"late_delete", settings.late_delete.has_value()},
        {"late_delete_alone", settings.late_delete_alone},
        {"acknowledges_late", settings.acknowledges_late},
        {"fencing", settings.guarding.fencing},
        {"lease_losers", name(lease_losers_names, settings.guarding.lease_losers)},
        {"lease_refused", name(lease_refused_names, settings.guarding.lease_refused)},
        {"quarantine_reads", name(quarantine_reads_names, settings.guarding.quarantine_reads)},
        {"joins_overtaken", settings.shield.joins_overtaken},
        {"looks_into_queue", settings.looks_into_queue},
        {"flushers", settings.flushers},
        {"events", events},
        {"caches", "shared"},
        {"nodes", system.fleet.nodes}};
}

// A tenth of the schedules is enough where some show an anomaly: more of them prove nothing.
Exploration explored(const ExploredSetup& setup, std::uint64_t schedules_most) {
    Exploration first = explore(setup, {.schedules_most = (schedules_most + 9) / 10});
    if (first.counts.is_exhaustive || !first.found.empty()) return first;
    return explore(setup, {.schedules_most = schedules_most});
}

Json cell_of(const ExploredSetup& setup, std::string_view fault, std::uint64_t schedules_most) {
    const Exploration exploration = explored(setup, schedules_most);
    Json cell{{"fault", fault},
              {"cache", setup.is_warm ? "warm" : "cold"},
              {"schedules", exploration.counts.schedules},
              {"exhaustive", exploration.counts.is_exhaustive},
              {"outcomes", exploration.outcomes}};
    cell["anomalies"] = Json::array();
    for (const ClassFound& one : exploration.found) {
        cell["anomalies"].push_back(
            {{"class", anomaly_class_names[static_cast<std::size_t>(one.of)]},
             {"steps", one.witness.steps.size()},
             {"preemptions", one.witness.preemptions},
             {"shortest", one.witness.is_shortest},
             {"program", one.witness.program.text()},
             {"witness", one.witness.sentence}});
    }
    return cell;
}

// The row without its cells.
Json head_of(const ExploredProtocol& protocol, const SystemSettings& system) {
    return {
        {"protocol", protocol.name},
        {"options", protocol.options},
        {"configuration", configuration_of(system)},
        {"declared", promise_names[static_cast<std::size_t>(promise_of(system).consistency)]}};
}

// To be explored, and what was found.
struct CellWork {
    std::size_t row;
    std::string_view fault;
    ExploredSetup setup;
    Json cell;
};

// The protocol of this name, or else all those in whose name it occurs.
std::vector<ExploredProtocol> protocols_named(std::string_view part) {
    std::vector<ExploredProtocol> chosen;
    for (const ExploredProtocol& protocol : explored_protocols()) {
        if (protocol.name == part) return {protocol};
        if (protocol.name.find(part) != std::string_view::npos) chosen.push_back(protocol);
    }
    if (!chosen.empty()) return chosen;
    throw InputError(fmt::format(
        "--only {}: in no protocol's name; `stalemark explore --matrix` has them all", part));
}

// The classes of a cell in short: "for ever 5, own write 6, back 9, not lin. 6".
std::string short_text(const Json& cell) {
    constexpr std::array<std::string_view, schedule_anomalies> shorts = {
        "until TTL", "for ever", "own write", "back", "not lin.",
        "dirty",     "lost",     "update",    "stuck"};
    std::string text;
    const bool is_for_ever = std::ranges::any_of(cell["anomalies"], [](const Json& one) {
        return one["class"] == "permanent_after_ttl";
    });
    for (const Json& one : cell["anomalies"]) {
        const std::string name = one["class"];
        if (name == "permanent" && is_for_ever) continue;
        const auto place = std::ranges::find(anomaly_class_names, name);
        text += fmt::format(
            "{}{} {}{}", text.empty() ? "" : ", ",
            shorts[static_cast<std::size_t>(place - anomaly_class_names.begin())],
            one["shortest"].get<bool>() ? "" : "<=", one["steps"].get<std::uint64_t>());
    }
    if (text.empty()) text = fmt::format("none in {}", cell["schedules"].get<std::uint64_t>());
    if (!cell["exhaustive"].get<bool>()) text += " (cut off)";
    return text;
}

}  // namespace

Json guarantees_json(std::string_view part, std::string_view program,
                     std::uint64_t schedules_most) {
    Json guarantees{{"schema", 1}, {"program", read_program(program).text()}};
    guarantees["protocols"] = Json::array();
    std::vector<CellWork> cells;
    for (const ExploredProtocol& protocol : protocols_named(part)) {
        const OptionTexts options = texts_of(protocol.options);
        const std::size_t row = guarantees["protocols"].size();
        for (const auto& [fault, faults] : fault_columns) {
            for (const bool is_warm : {false, true}) {
                cells.push_back({row, fault, setup_of(options, program, faults, is_warm), {}});
            }
        }
        guarantees["protocols"].push_back(
            head_of(protocol, setup_of(options, program, {}, false).system));
    }
    in_parallel(cells.size(), [&](std::size_t i) {
        cells[i].cell = cell_of(cells[i].setup, cells[i].fault, schedules_most);
    });
    for (CellWork& work : cells) {
        guarantees["protocols"][work.row]["cells"].push_back(std::move(work.cell));
    }
    return guarantees;
}

std::string guarantees_text(const Json& guarantees) {
    std::string text = fmt::format(
        "Program \"{}\"; a number is the length of the shortest schedule that shows it.\n",
        guarantees["program"].get<std::string>());
    for (const Json& row : guarantees["protocols"]) {
        text +=
            fmt::format("\n{}  [{}; declared: {}]\n", row["protocol"].get<std::string>(),
                        row["options"].get<std::string>(), row["declared"].get<std::string>());
        for (const Json& cell : row["cells"]) {
            text += fmt::format("  {:<9}{:<6}{}\n", cell["fault"].get<std::string>(),
                                cell["cache"].get<std::string>(), short_text(cell));
        }
    }
    return text;
}

}  // namespace stalemark
