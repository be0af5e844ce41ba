// SPDX-License-Identifier: Apache-2.0
#include "suite/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

#include "core/errors.h"
#include "core/random.h"
#include "core/words.h"
#include "experiment/data_set.h"
#include "options/read_options.h"
#include "options/resolve.h"
#include "options/workload_options.h"
#include "suite/sense_check.h"
#include "suite/suite_file.h"
#include "workload/fields.h"
#include "workload/files.h"
#include "workload/json_document.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;

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

// The runs of one workload under one of the settings: one a protocol, in the file's order.
struct Round {
    std::string name;
    std::vector<SuiteRun> runs;
};

// What a run has where neither suite, setting nor protocol says anything.
GivenOptions beneath_the_suite(const OptionTexts& typed, const WorkloadChoice& chosen,
                               const GivenOptions& of_the_file) {
    GivenOptions beneath = of_the_file;
    for (const OptionTexts* options : {&typed, &chosen.options}) {
        if (const auto named = options->find("deployment"); named != options->end()) {
            lend_deployment(named->second, beneath);
            break;
        }
    }
    return beneath;
}

SuiteRun plan_run(const WorkloadChoice& chosen, const Choice& setting, const Choice& protocol,
                  const GivenOptions& of_the_file) {
    SuiteRun run;
    RunArguments& arguments = run.arguments;
    arguments.workload = chosen.workload;
    for (const Choice* more : {&setting, &protocol}) {
        for (const auto& [name, value] : more->values) arguments.options[name] = value;
    }
    const GivenOptions beneath = beneath_the_suite(arguments.options, chosen, of_the_file);
    GivenOptions lent;
    for (const auto& [name, value] : chosen.options)
        lent.emplace(name, GivenOption{.text = value, .place = ""});
    lent.insert(beneath.begin(), beneath.end());
    const GivenOptions given = read_options(arguments.options, lent).given;
    for (const auto& [name, value] : chosen.options) {
        const std::string_view field = find_option(name).field;
        if (const auto found = given.find(name); found != given.end()) {
            arguments.options.emplace(name, found->second.text);  // Of faults, perhaps some.
        } else if (!field.empty()) {  // All protocols face the same workload.
            arguments.sets.push_back(fmt::format("{}={}", field, value));
        }
    }
    // They replace those of the workload's file, also where the protocol does not read them.
    for (const char* const name : {"fault", "shield", "guard"}) {
        if (chosen.options.contains(name) && !arguments.options.contains(name) &&
            read_options(arguments.options, beneath).has(name)) {
            arguments.options.emplace(name, "none");
        }
    }
    const Experiment experiment = resolve(read_arguments(arguments));
    run.is_virtual = experiment.is_virtual();
    run.seed = experiment.system.seed;
    run.data = data_digest(experiment.workload, experiment.store.compression);
    run.label = file_name(experiment.workload.name + chosen.suffix + setting.name + "." +
                          protocol.name);
    return run;
}

// Where the suite has the option: "" if it was typed; the protocol's place, if nothing else is
// known.
std::string place_of(std::string_view option, const WorkloadChoice& chosen,
                     const Choice& setting, const Choice& protocol) {
    if (protocol.values.contains(option)) return protocol.place;
    if (setting.values.contains(option)) return setting.place;
    if (!chosen.options.contains(option)) return protocol.place;
    const auto found = chosen.places.find(option);
    return found == chosen.places.end() ? "" : found->second;
}

std::string with_place(const std::string& place, const std::string& complaint) {
    return place.empty() ? complaint : fmt::format("{}: {}", place, complaint);
}

GivenOptions lent_options_of(const WorkloadChoice& chosen) {
    try {
        return lent_options(read_workload_file(chosen.workload, {}));
    } catch (const InputError& error) {
        throw InputError(with_place(chosen.place, error.what()));
    }
}

Round plan_round(const WorkloadChoice& chosen, const Choice& setting,
                 std::vector<SenseCheck>& checks, std::vector<std::string>& left) {
    Round round{.name = chosen.workload + chosen.suffix + setting.name, .runs = {}};
    std::string misfit;
    const GivenOptions of_the_file = lent_options_of(chosen);
    for (const Choice& protocol : chosen.protocols) {
        SenseCheck* const check = protocol.product ? &checks[*protocol.product] : nullptr;
        try {
            round.runs.push_back(plan_run(chosen, setting, protocol, of_the_file));
            if (check != nullptr) check->note_sense(protocol.values);
        } catch (const InputError& error) {
            const std::string place = place_of(error.option, chosen, setting, protocol);
            const bool is_elsewhere = place != protocol.place;
            if (chosen.is_lenient && (check == nullptr || !check->is_lenient())) {
                const std::string why = with_place(is_elsewhere ? place : "", error.what());
                left.push_back(fmt::format("{} is left out: {}", protocol.name, why));
                if (misfit.empty()) misfit = why;
                continue;
            }
            if (check == nullptr || (is_elsewhere && !check->is_lenient()))
                throw InputError(with_place(place, error.what()));
            check->note_senseless(protocol.values, is_elsewhere
                                                       ? with_place(place, error.what())
                                                       : std::string(error.what()));
        }
    }
    if (round.runs.empty() && !misfit.empty()) throw InputError(misfit);
    return round;
}

std::vector<Round> plan_rounds(const SuiteGrid& grid, SuitePlan& plan) {
    std::vector<SenseCheck> checks(grid.products.begin(), grid.products.end());
    std::vector<Round> rounds;
    for (const WorkloadChoice& chosen : grid.workloads) {
        for (const Choice& setting : grid.settings)
            rounds.push_back(plan_round(chosen, setting, checks, plan.left));
    }
    for (const SenseCheck& check : checks) check.finish(plan.left);
    return rounds;
}

// A simulated run with the seed of the one before it would write the same bytes.
void set_seed(SuiteRun& run) {
    if (!run.is_virtual || run.repetition == 1) return;
    const std::string seed = std::to_string(run.seed + run.repetition - 1);
    RunOptions read;
    read_option("seed", seed, read);
    run.seed = read.system.seed;
    run.arguments.options["seed"] = seed;
}

// One repetition of a round, shuffled.
void add_round(const Round& round, std::uint64_t repetition, SuitePlan& plan) {
    std::vector<std::size_t> order(round.runs.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    shuffle(order, Random::named(hash_of(round.name), "order", repetition));
    for (std::size_t position = 0; position < order.size(); ++position) {
        SuiteRun run = round.runs[order[position]];
        run.repetition = repetition;
        run.position = position + 1;
        set_seed(run);
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

// A wrong value is no matter of a protocol. Throws InputError.
void check_typed(const OptionTexts& typed, const std::string& workload) {
    RunArguments fields{.workload = workload};
    for (const auto& [name, value] : typed) {
        RunOptions read;
        GivenOptions lent;
        if (name == "deployment") {
            lend_deployment(value, lent);
        } else if (!find_option(name).field.empty()) {
            fields.options[name] = value;
        } else if (!find_option(name).is_repeatable) {
            read_option(name, value, read);
        }
    }
    read_workload(fields);
}

// Whether it is a workload's name or path, and no suite's.
bool names_workload(const std::string& name_or_path) {
    if (is_path(name_or_path)) return !is_suite_file(name_or_path);
    std::vector<std::string> names = names_in(suites_folder());
    const auto suites = static_cast<std::ptrdiff_t>(names.size());
    std::ranges::copy(names_in(workloads_folder()), std::back_inserter(names));
    const auto found = std::ranges::find(names, name_or_path);
    if (found == names.end()) {
        const std::vector<std::string_view> known(names.begin(), names.end());
        throw InputError(unknown_word("suite or workload", name_or_path, known));
    }
    return found - names.begin() >= suites;
}

}  // namespace

SuitePlan load_suite(const std::string& name_or_path, const OptionTexts& changes,
                     bool is_full) {
    const bool is_workload = names_workload(name_or_path);
    const fs::path path =
        find_json("suite", is_workload ? default_suite : name_or_path, suites_folder());
    SuiteGrid grid = read_suite_file(path, is_full, is_workload ? name_or_path : "");
    check_typed(changes, grid.workloads.front().workload);
    for (WorkloadChoice& chosen : grid.workloads) {
        for (const auto& [name, value] : changes) {
            if (name == "repeat") continue;
            chosen.options[name] = value;
            chosen.places.erase(name);
        }
    }
    if (const auto repeat = changes.find("repeat"); repeat != changes.end()) {
        RunOptions read;
        read_option("repeat", repeat->second, read);
        grid.repetitions = read.repeat;
    }

    const fs::path named = is_workload ? fs::path(name_or_path) : path;
    SuitePlan plan{.name = named.stem().string(), .runs = {}, .left = {}};
    const std::vector<Round> rounds = plan_rounds(grid, plan);
    for (std::uint64_t repetition = 1; repetition <= grid.repetitions; ++repetition) {
        for (const Round& round : rounds) add_round(round, repetition, plan);
    }
    check_labels(plan, path.string());
    return plan;
}

fs::path suites_folder() { return workloads_folder() / "suites"; }

std::vector<SuiteEntry> all_suites() {
    std::vector<SuiteEntry> all;
    for (const std::string& name : names_in(suites_folder())) {
        const JsonDocument document = JsonDocument::read(suites_folder() / (name + ".json"));
        all.push_back({.name = name, .caption = Fields(document).text("caption").value_or("")});
    }
    return all;
}

}  // namespace stalemark
