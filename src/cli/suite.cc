#include "cli/suite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "cli/protocol_options.h"
#include "core/errors.h"
#include "core/random.h"
#include "workload/fields.h"
#include "workload/files.h"
#include "workload/json_document.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;

using Values = std::map<std::string, std::string, std::less<>>;

// One row or column of the grid: options, and a name for them.
struct Choice {
    std::string name;
    Values values;
};

// The suite itself sees to these.
constexpr std::array<std::string_view, 4> not_for_runs = {"out", "quiet", "repeat",
                                                          "expect-promise"};

// The options that an object of a suite file sets: "ttl": "5s", "sync": true, and of an option
// that may be repeated also "fault": ["store-fails=0.1", "cache-flush@5s"].
Values read_options(Fields& fields, bool is_protocol) {
    Values values;
    for (const OptionRow& row : run_options()) {
        if (std::ranges::find(not_for_runs, row.name) != not_for_runs.end()) continue;
        if (row.name == "strategy" && !is_protocol) continue;
        if (!fields.has(row.name)) continue;
        if (row.value.empty()) {
            if (*fields.flag(row.name)) values.emplace(row.name, "");
        } else if (row.is_repeatable && fields.is_array(row.name)) {
            values.emplace(row.name,
                           fmt::format("{}", fmt::join(*fields.texts(row.name), " ")));
        } else {
            values.emplace(row.name, *fields.parsed(row.name, [](std::string_view text) {
                return std::string(text);
            }));
        }
    }
    fields.finish();
    return values;
}

std::string text_of(const Values& values) {
    std::vector<std::string> words;
    for (const auto& [name, value] : values) {
        if (name == "strategy") continue;
        words.push_back(value.empty() ? name : fmt::format("{}={}", name, value));
    }
    return fmt::format("{}", fmt::join(words, ","));
}

// Protocols are named for their strategy, and for their other options where that is not enough.
std::vector<Choice> read_protocols(Fields& suite) {
    std::vector<Choice> protocols;
    for (Fields& fields : suite.objects("protocols")) {
        fields.require("strategy");
        Values values = read_options(fields, true);
        protocols.push_back({values.at("strategy"), std::move(values)});
    }
    if (protocols.empty()) suite.fail("protocols", "expected at least one");
    for (Choice& protocol : protocols) {
        const auto shares_name = [&](const Choice& other) {
            return &other != &protocol &&
                   other.values.at("strategy") == protocol.values.at("strategy");
        };
        const std::string settings = text_of(protocol.values);
        if (!settings.empty() && std::ranges::any_of(protocols, shares_name)) {
            protocol.name += "+" + settings;
        }
    }
    return protocols;
}

std::vector<Choice> read_settings(Fields& suite) {
    std::vector<Choice> settings;
    for (Fields& fields : suite.objects("settings")) {
        Values values = read_options(fields, false);
        settings.push_back({"." + text_of(values), std::move(values)});
    }
    if (settings.empty()) settings.push_back({});
    return settings;
}

std::string file_name(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c == '/' || c == ' ' || c == '%' || c == '(' || c == ')'; },
        '_');
    return text;
}

// A shuffle of our own: the standard's differs from library to library.
void shuffle(std::vector<std::size_t>& order, Random random) {
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
}

struct Grid {
    Values common;  // For every run whose strategy reads them.
    std::vector<std::string> workloads;
    std::vector<Choice> protocols;
    std::vector<Choice> settings;
};

const ShieldEntry& shield_of(const Choice& protocol) {
    const auto named = protocol.values.find("shield");
    return named == protocol.values.end() ? no_shield() : find_shield(named->second);
}

// The runs of one workload under one of the settings in one repetition, shuffled.
void add_round(const Grid& grid, const std::string& workload, const Choice& setting,
               std::uint64_t repetition, SuitePlan& plan) {
    std::vector<std::size_t> order(grid.protocols.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    shuffle(order, Random::named(hash_of(workload + setting.name), "order", repetition));
    for (std::size_t position = 0; position < order.size(); ++position) {
        const Choice& protocol = grid.protocols[order[position]];
        SuiteRun run;
        run.repetition = repetition;
        run.position = position + 1;
        run.options.workload = workload;
        const StrategyEntry& strategy = find_strategy(protocol.values.at("strategy"));
        const ShieldEntry& shield = shield_of(protocol);
        for (const auto& [name, value] : grid.common) {
            const std::string_view field = find_option(name).field;
            if (!is_foreign_knob(strategy, shield, name)) {
                run.options.values[name] = value;
            } else if (!field.empty()) {  // All protocols face the same workload.
                run.options.sets.push_back(fmt::format("{}={}", field, value));
            }
        }
        for (const Values* more : {&setting.values, &protocol.values}) {
            for (const auto& [name, value] : *more) run.options.values[name] = value;
        }
        run.experiment = resolve(run.options);
        run.label =
            file_name(run.experiment.workload.name + setting.name + "." + protocol.name);
        plan.runs.push_back(std::move(run));
    }
}

void check_labels(const SuitePlan& plan, const std::string& path) {
    std::set<std::pair<std::string, std::uint64_t>> seen;
    for (const SuiteRun& run : plan.runs) {
        if (seen.emplace(run.label, run.repetition).second) continue;
        throw InputError(fmt::format("{}: '{}' stands there twice", path, run.label));
    }
}

}  // namespace

SuitePlan load_suite(const std::string& path, const RunOptions& changes) {
    const JsonDocument document = JsonDocument::read(path);
    Fields suite(document);
    SuitePlan plan{.name = fs::path(path).stem().string(), .runs = {}};
    Grid grid;
    suite.text("caption");
    std::uint64_t repetitions = suite.count("repetitions", 1, 1'000).value_or(1);
    suite.require("workloads");
    grid.workloads = *suite.texts("workloads");
    if (grid.workloads.empty()) suite.fail("workloads", "expected at least one");
    if (auto options = suite.object("options")) grid.common = read_options(*options, false);
    grid.protocols = read_protocols(suite);
    grid.settings = read_settings(suite);
    suite.finish();

    for (const auto& [name, value] : changes.values) {
        if (name != "repeat") grid.common[name] = value;
    }
    if (changes.has("repeat")) repetitions = repetitions_of(changes);
    for (std::uint64_t repetition = 1; repetition <= repetitions; ++repetition) {
        for (const std::string& workload : grid.workloads) {
            for (const Choice& setting : grid.settings) {
                add_round(grid, workload, setting, repetition, plan);
            }
        }
    }
    check_labels(plan, path);
    return plan;
}

std::string default_suite() {
    return (workloads_folder() / "suites" / "quickstart.json").string();
}

}  // namespace stalemark
