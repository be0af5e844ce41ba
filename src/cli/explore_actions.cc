// SPDX-License-Identifier: Apache-2.0
#include "cli/explore_actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "cli/explore_options.h"
#include "cli/explore_text.h"
#include "cli/guarantees.h"
#include "core/errors.h"
#include "core/units.h"
#include "core/words.h"
#include "explore/exploration_json.h"
#include "report/output.h"

namespace stalemark {
namespace {

constexpr OutputKind exploration_output = {"--json", "{\n  \"schema\":", "exploration"};
constexpr int status_promise_broken = 1;

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw InputError("expected a file that can be read");
    return text.str();
}

ExploredCaches caches_of(const std::string& name) {
    const auto found = std::ranges::find(explored_caches_names, name);
    if (found == explored_caches_names.end())
        throw InputError(unknown_word("--caches", name, explored_caches_names));
    return static_cast<ExploredCaches>(found - explored_caches_names.begin());
}

// Throws InputError if there is no such state.
void check_state(const std::string& option, const std::string& state) {
    const std::vector<std::string> known = explored_states(option);
    if (std::ranges::find(known, state) != known.end()) return;
    const std::vector<std::string_view> names(known.begin(), known.end());
    throw InputError(unknown_word("--" + option, state, names));
}

// A writer that dies has a node of its own.
ExploredSetup setup_of(const ExploreTyped& typed, bool is_warm) {
    ExploredSetup setup;
    setup.program = read_program(typed.program);
    std::uint32_t nodes = typed.nodes;
    if (nodes == 0) nodes = typed.faults.crashes > 0 ? setup.program.clients : 1;
    if (nodes > setup.program.clients) {
        throw InputError(
            fmt::format("--nodes {}: expected at most one for each client of the "
                        "program, {}",
                        nodes, setup.program.clients));
    }
    setup.system = explored_system(typed.options, nodes, caches_of(typed.caches));
    setup.faults = typed.faults;
    setup.is_warm = is_warm;
    check_state("rows", typed.rows);
    setup.are_rows_absent = typed.rows == "absent";
    prepare(setup);
    return setup;
}

// With the layout of nodes and caches, if it is not the usual one.
ProtocolTexts options_of(const ExploreTyped& typed, const ExploredSetup& setup) {
    ProtocolTexts options = typed.options;
    if (setup.system.fleet.nodes > 1)
        options["nodes"] = std::to_string(setup.system.fleet.nodes);
    if (caches_of(typed.caches) != ExploredCaches::shared) options["caches"] = typed.caches;
    return options;
}

ExplorationSettings settings_of(const ExploreTyped& typed, const Program& program) {
    ExplorationSettings settings;
    settings.schedules_most = typed.schedules_most.value_or(settings.schedules_most);
    check_state("schedules", typed.schedules);
    if (typed.schedules != "all") {
        const auto kind = std::ranges::find(sampling_names, typed.schedules);
        settings.sampling = {.kind = static_cast<Sampling>(kind - sampling_names.begin()),
                             .seeds = typed.seeds};
    } else if (!typed.schedules_most &&
               program.orders() > static_cast<double>(settings.schedules_most)) {
        throw InputError(
            fmt::format("--program {}: more than {:.2g} schedules, which cannot all be "
                        "explored; draw some of "
                        "them with --schedules pos",
                        in_quotes(program.text()), program.orders()));
    }
    return settings;
}

int explore_one(const ExploreTyped& typed, bool is_warm,
                std::vector<nlohmann::ordered_json>& all) {
    const ExploredSetup setup = setup_of(typed, is_warm);
    const Exploration exploration = explore(setup, settings_of(typed, setup.program));
    if (typed.json) {
        all.push_back(json_of(setup, exploration, options_of(typed, setup)));
    } else {
        fmt::print("{}", exploration_text(setup, exploration));
    }
    if (!exploration.counts.is_exhaustive && !exploration.is_sampled && typed.json) {
        fmt::print(stderr, "stalemark: note: not exhaustive: cut off after {} schedules\n",
                   exploration.counts.schedules);
    }
    return typed.expect_promise && breaks(exploration, promise_of(setup.system))
               ? status_promise_broken
               : 0;
}

}  // namespace

int explore_all(const ExploreTyped& typed) {
    std::optional<Output> output;
    if (typed.json) output.emplace(*typed.json, exploration_output);
    std::vector<nlohmann::ordered_json> all;
    int status = 0;
    check_state("cache", typed.cache);
    if (typed.cache == "both") {
        status = explore_one(typed, false, all);
        if (!typed.json) fmt::print("\n");
        status = std::max(status, explore_one(typed, true, all));
    } else {
        status = explore_one(typed, typed.cache == "warm", all);
    }
    if (output && all.size() == 1) output->write(all.front().dump(2));
    if (output && all.size() > 1)
        output->write(nlohmann::ordered_json{{"schema", 1}, {"explorations", all}}.dump(2));
    return status;
}

int replay(const ExploreTyped& typed) {
    const std::string& path = *typed.replay;
    try {
        const ReplayFile file = read_replay(read_file(path));
        ExploreTyped like = typed;
        for (const auto& [name, text] : file.options) like.options.try_emplace(name, text);
        like.program = file.program;
        like.rows = file.are_rows_absent ? "absent" : "present";
        like.faults = file.faults;
        if (const auto nodes = file.options.find("nodes"); nodes != file.options.end()) {
            like.nodes = static_cast<std::uint32_t>(parse_count(nodes->second, 1, 8));
            like.options.erase("nodes");
        }
        if (const auto caches = file.options.find("caches"); caches != file.options.end()) {
            like.caches = caches->second;
            like.options.erase("caches");
        }
        const ExploredSetup setup = setup_of(like, file.is_warm);
        const ScheduleWitness witness =
            record_witness(setup, file.choices, file.of, file.texts);
        fmt::print("{}", witness_text(witness));
        if (!witness.sentence.empty()) return 0;
        fmt::print("  The schedule is possible, and it is no longer {}.\n",
                   anomaly_class_names[static_cast<std::size_t>(file.of)]);
        return 1;
    } catch (const InputError& error) {
        throw InputError(fmt::format("--replay {}: {}", path, error.what()));
    }
}

int show_matrix(const ExploreTyped& typed) {
    if (!typed.options.empty())
        throw InputError("--matrix: it has its own protocols and faults; give no others");
    std::optional<Output> output;
    if (typed.json) output.emplace(*typed.json, exploration_output);
    const nlohmann::ordered_json guarantees =
        guarantees_json(typed.only, typed.program,
                        typed.schedules_most.value_or(ExplorationSettings().schedules_most));
    if (output) {
        output->write(guarantees.dump(2));
    } else {
        fmt::print("{}", guarantees_text(guarantees));
    }
    return 0;
}

}  // namespace stalemark
