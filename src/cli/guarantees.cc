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
#include "core/units.h"
#include "core/words.h"
#include "explore/exploration.h"

namespace stalemark {
namespace {

using Json = nlohmann::ordered_json;

struct FaultColumn {
    std::string_view name;
    ExploredFaults faults;
};

constexpr std::array<FaultColumn, 5> fault_columns = {{{"none", {}},
                                                       {"eviction", {.evictions = 1}},
                                                       {"crash", {.crashes = 1}},
                                                       {"expiry", {.limits = 1}},
                                                       {"loss", {.losses = 1}}}};

// Beside the program of the table, without faults.
struct OtherProgram {
    std::string_view program;
    bool are_rows_absent = false;
    bool is_for_linearizable = false;  // Only for protocols that declare it.
};

constexpr std::array<OtherProgram, 3> other_programs = {
    {{.program = "m | m"},
     {.program = "d | w | r r", .are_rows_absent = true},
     {.program = "w r | r w | r r", .is_for_linearizable = true}}};

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

// The protocol with this program, without faults and from a cold cache.
ExploredSetup setup_of(const ExploredProtocol& protocol, std::string_view program,
                       const ExploredFaults& faults = {}) {
    ExploredSetup setup;
    setup.program = read_program(protocol.program.empty() ? program : protocol.program);
    setup.faults = faults;
    OptionTexts options = texts_of(protocol.options);
    std::uint32_t nodes = faults.crashes > 0 ? setup.program.clients : 1;
    if (const auto typed = options.extract("nodes"))
        nodes = static_cast<std::uint32_t>(parse_count(typed.mapped(), 1, 8));
    ExploredCaches caches = ExploredCaches::shared;
    if (const auto typed = options.extract("caches"))
        caches = typed.mapped() == "near" ? ExploredCaches::near : ExploredCaches::both;
    setup.system = explored_system(options, nodes, caches);
    return setup;
}

Json configuration_of(const SystemSettings& system) {
    const Settings& settings = system.settings;
    const auto name = [](const auto& names, auto value) {
        return names[static_cast<std::size_t>(value)];
    };
    const FleetSettings& fleet = system.fleet;
    Json events = nullptr;
    if (fleet.events) events = name(event_source_names, fleet.events->source);
    const bool has_check = fleet.events && fleet.events->check != &no_event_check();
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
        {"event_check", has_check ? fleet.events->check->name : no_event_check().name},
        {"event_order", fleet.events && fleet.events->first ? "event-first" : "cache-first"},
        {"ttl", system.longest_ttl != Duration::max()},
        {"caches", !fleet.has_near      ? "shared"
                   : fleet.shared_bytes ? "both"
                                        : "near"},
        {"nodes", fleet.nodes}};
}

// A tenth of the schedules is enough where some show an anomaly: more of them prove nothing.
Exploration explored(const ExploredSetup& setup, std::uint64_t schedules_most) {
    Exploration first = explore(setup, {.schedules_most = (schedules_most + 9) / 10});
    if (first.counts.is_exhaustive || !first.found.empty()) return first;
    return explore(setup, {.schedules_most = schedules_most});
}

Json anomalies_of(const Exploration& exploration) {
    Json anomalies = Json::array();
    for (const ClassFound& one : exploration.found) {
        anomalies.push_back({{"class", anomaly_class_names[static_cast<std::size_t>(one.of)]},
                             {"steps", one.witness.steps.size()},
                             {"preemptions", one.witness.preemptions},
                             {"shortest", one.witness.is_shortest},
                             {"program", one.witness.program.text()},
                             {"witness", one.witness.sentence}});
    }
    return anomalies;
}

// The row without its cells.
Json head_of(const ExploredProtocol& protocol, const ExploredSetup& usual) {
    const Promise promise = promise_of(usual.system);
    return {{"protocol", protocol.name},
            {"options", protocol.options},
            {"program", usual.program.text()},
            {"configuration", configuration_of(usual.system)},
            {"declared", promise_names[static_cast<std::size_t>(promise.consistency)]},
            {"cells", Json::array()},
            {"programs", Json::array()}};
}

// A cell of a row, or what another program shows: what is to be explored, what tells it from
// the others, and what was found.
struct Work {
    std::size_t row;
    std::string_view place;  // "cells" or "programs".
    Json json;
    ExploredSetup setup;

    void carry_out(std::uint64_t schedules_most) {
        prepare(setup);
        const Exploration exploration = explored(setup, schedules_most);
        json["schedules"] = exploration.counts.schedules;
        json["exhaustive"] = exploration.counts.is_exhaustive;
        json["outcomes"] = exploration.outcomes;
        json["anomalies"] = anomalies_of(exploration);
    }
};

bool has_events_on_their_way(const SystemSettings& system) {
    return system.fleet.events && system.fleet.has_near;
}

void add_cells(const ExploredProtocol& protocol, std::string_view program, std::size_t row,
               std::vector<Work>& works) {
    for (const auto& [fault, faults] : fault_columns) {
        ExploredSetup setup = setup_of(protocol, program, faults);
        if (faults.losses > 0 && !has_events_on_their_way(setup.system)) continue;
        for (const bool is_warm : {false, true}) {
            setup.is_warm = is_warm;
            works.push_back({row,
                             "cells",
                             {{"fault", fault}, {"cache", is_warm ? "warm" : "cold"}},
                             setup});
        }
    }
}

void add_programs(const ExploredProtocol& protocol, std::size_t row, std::vector<Work>& works) {
    if (!protocol.program.empty()) return;
    for (const OtherProgram& other : other_programs) {
        ExploredSetup setup = setup_of(protocol, other.program);
        const Promise promise = promise_of(setup.system);
        if (other.is_for_linearizable &&
            promise.consistency != Promise::Consistency::linearizable)
            continue;
        setup.are_rows_absent = other.are_rows_absent;
        works.push_back({row,
                         "programs",
                         {{"program", other.program},
                          {"rows", other.are_rows_absent ? "absent" : "present"}},
                         std::move(setup)});
    }
}

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
    std::vector<Work> works;
    for (const ExploredProtocol& protocol : protocols_named(part)) {
        const std::size_t row = guarantees["protocols"].size();
        guarantees["protocols"].push_back(head_of(protocol, setup_of(protocol, program)));
        add_cells(protocol, program, row, works);
        add_programs(protocol, row, works);
    }
    in_parallel(works.size(), [&](std::size_t i) { works[i].carry_out(schedules_most); });
    for (Work& work : works)
        guarantees["protocols"][work.row][work.place].push_back(std::move(work.json));
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
            text += fmt::format("  {:<9}{:<8}{}\n", cell["fault"].get<std::string>(),
                                cell["cache"].get<std::string>(), short_text(cell));
        }
        for (const Json& other : row["programs"]) {
            text += fmt::format("  {:<17}{}\n", other["program"].get<std::string>(),
                                short_text(other));
        }
    }
    return text;
}

}  // namespace stalemark
