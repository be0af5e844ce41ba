// SPDX-License-Identifier: Apache-2.0
#include "cli/explore_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace stalemark {
namespace {

constexpr std::array<std::string_view, schedule_anomalies> class_captions = {
    "at rest a copy differs from the store",
    "at rest a copy differs from the store, and no TTL ends it",
    "a client does not see its own write",
    "a client goes back to an older value",
    "not linearizable",
    "a value is served that the store never had",
    "the store is older than an acknowledged write",
    "an update is lost",
    "an operation waits for ever"};

using Cells = std::vector<std::string>;

std::string operation_text(const ScheduleWitness& witness, std::int32_t number) {
    const ProgramStep& step = witness.program.operations[static_cast<std::size_t>(number)];
    const std::string key =
        witness.program.keys == 1 ? "" : fmt::format(" k{}", index_of(step.key) + 1);
    switch (step.kind) {
        case ProgramStep::Kind::read:
            return "read" + key;
        case ProgramStep::Kind::write:
            return fmt::format("write{} v{}", key, number + 1);
        case ProgramStep::Kind::erase:
            return "delete" + key;
    }
    return "";
}

// "write v1: store put = v1".
std::string step_text(const ScheduleWitness& witness, const WitnessStep& step) {
    std::string text;
    if (step.begun >= 0) text += operation_text(witness, step.begun) + ": ";
    if (!step.tier.empty()) text += step.tier + " ";
    text += step.verb;
    if (step.key >= 0 && witness.program.keys > 1) text += fmt::format(" k{}", step.key + 1);
    if (!step.effect.empty()) text += fmt::format(" ({})", step.effect);
    for (const std::int32_t ended : step.ended)
        text += fmt::format(" -> {}", witness.answers[static_cast<std::size_t>(ended)]);
    return text;
}

Cells head_of(const ScheduleWitness& witness) {
    Cells head{""};
    for (std::uint32_t client = 0; client < witness.program.clients; ++client)
        head.push_back(fmt::format("client {}", client + 1));
    head.emplace_back("others");
    head.insert(head.end(), witness.caches.begin(), witness.caches.end());
    for (std::uint32_t key = 0; key < witness.program.keys; ++key)
        head.push_back(witness.program.keys == 1 ? "store" : fmt::format("store k{}", key + 1));
    head.emplace_back("");
    return head;
}

Cells row_of(const ScheduleWitness& witness, const WitnessStep& step, std::size_t number) {
    Cells row{fmt::format("{}", number)};
    for (std::uint32_t client = 0; client < witness.program.clients; ++client)
        row.push_back(
            step.client == static_cast<std::int32_t>(client) ? step_text(witness, step) : "");
    row.push_back(step.client < 0 ? fmt::format("{}: {}", step.actor, step_text(witness, step))
                                  : "");
    row.insert(row.end(), step.copies.begin(), step.copies.end());
    row.insert(row.end(), step.rows.begin(), step.rows.end());
    row.emplace_back(step.is_wrong ? "<--" : "");
    return row;
}

// Columns in which nothing stands are left out.
std::string table_text(const std::vector<Cells>& rows) {
    std::string text;
    std::vector<std::size_t> widths(rows.front().size());
    std::vector<bool> is_used(widths.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t column = 0; column < widths.size(); ++column) {
            widths[column] = std::max(widths[column], rows[i][column].size());
            is_used[column] = is_used[column] || (i > 0 && !rows[i][column].empty());
        }
    }
    for (const Cells& row : rows) {
        std::string line;
        for (std::size_t column = 0; column < widths.size(); ++column) {
            if (is_used[column]) line += fmt::format("{:<{}}  ", row[column], widths[column]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += "  " + line + "\n";
    }
    return text;
}

std::string faults_text(const ExploredFaults& faults) {
    std::string text;
    const auto add = [&](std::uint32_t number, std::string_view one, std::string_view many) {
        if (number == 0) return;
        text += text.empty() ? ", with up to " : " and ";
        text += fmt::format("{} {}", number, number == 1 ? one : many);
    };
    add(faults.evictions, "eviction", "evictions");
    add(faults.crashes, "crash of a node", "crashes of nodes");
    add(faults.limits, "expiry", "expiries");
    add(faults.losses, "lost event", "lost events");
    return text;
}

std::string exhaustion_text(const Exploration& exploration) {
    const SearchCounts& counts = exploration.counts;
    if (exploration.is_sampled) {
        return fmt::format("by chance: {:.2g}% of further ones would come to another outcome",
                           100 * exploration.unseen());
    }
    if (counts.is_exhaustive) return "exhaustive";
    if (counts.cut_off == 0)
        return "not exhaustive: cut off at --max-schedules; --schedules pos draws from all";
    return fmt::format("not exhaustive: {} schedules were too long", counts.cut_off);
}

// What is not as it usually is.
std::string layout_text(const ExploredSetup& setup) {
    std::string text = setup.are_rows_absent ? ", no rows" : "";
    if (setup.system.fleet.nodes > 1)
        text += fmt::format(", {} nodes", setup.system.fleet.nodes);
    if (setup.system.fleet.has_near)
        text += setup.has_shared() ? ", near caches before it" : ", near caches alone";
    return text;
}

// Whether every schedule of this class is also of one that says more, and is shown there.
bool is_within_another(const Exploration& exploration, const ClassFound& one) {
    return one.of == ScheduleAnomaly::permanent &&
           std::ranges::any_of(exploration.found, [&](const ClassFound& other) {
               return other.of == ScheduleAnomaly::permanent_after_ttl &&
                      other.schedules == one.schedules;
           });
}

}  // namespace

std::string witness_text(const ScheduleWitness& witness) {
    std::vector<Cells> rows{head_of(witness)};
    for (std::size_t i = 0; i < witness.steps.size(); ++i)
        rows.push_back(row_of(witness, witness.steps[i], i + 1));
    std::string text = table_text(rows);
    if (!witness.sentence.empty()) {
        std::string sentence = witness.sentence;
        sentence.front() = static_cast<char>(std::toupper(sentence.front()));
        text += fmt::format("  {}.\n", sentence);
    }
    return text;
}

std::string exploration_text(const ExploredSetup& setup, const Exploration& exploration) {
    const SearchCounts& counts = exploration.counts;
    std::string text = fmt::format(
        "{} with guard {}, program \"{}\", {} cache{}{}:\n{} schedules of at most {} steps, {} "
        "distinct outcomes; {}\n",
        setup.system.strategy->name, setup.system.settings.guard->name, setup.program.text(),
        setup.is_warm ? "warm" : "cold", layout_text(setup), faults_text(setup.faults),
        counts.schedules, exploration.steps_most, exploration.outcomes,
        exhaustion_text(exploration));
    if (exploration.found.empty())
        text += counts.is_exhaustive ? "No anomaly.\n" : "No anomaly in these.\n";
    for (const ClassFound& one : exploration.found) {
        if (is_within_another(exploration, one)) continue;
        const auto number = static_cast<std::size_t>(one.of);
        text += fmt::format(
            "\n{}: {}\n  in {} of {} schedules; {}: {} steps, {} preemption{}\n",
            anomaly_class_names[number], class_captions[number], one.schedules,
            counts.schedules, one.witness.is_shortest ? "the shortest" : "a short one",
            one.witness.steps.size(), one.witness.preemptions,
            one.witness.preemptions == 1 ? "" : "s");
        text += witness_text(one.witness);
    }
    return text;
}

}  // namespace stalemark
