// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

#include "cli/command_options.h"
#include "cli/commands.h"
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
constexpr std::string_view default_program = "w r | w | r r";

constexpr const char* own_group = "What is explored";

constexpr int status_promise_broken = 1;

struct Typed {
    OptionTexts options;  // Of the protocol.
    std::string program{default_program};
    std::string cache = "cold";
    std::string caches = "shared";
    std::string rows = "present";
    std::uint32_t nodes = 0;  // 0: not given.
    ExploredFaults faults;
    std::uint64_t schedules_most = ExplorationSettings().schedules_most;
    std::optional<std::string> replay;
    std::optional<std::string> json;
    bool expect_promise = false;
    bool has_matrix = false;
    std::string only;  // Of the matrix.
};

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
ExploredSetup setup_of(const Typed& typed, bool is_warm) {
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
ProtocolTexts options_of(const Typed& typed, const ExploredSetup& setup) {
    ProtocolTexts options = typed.options;
    if (setup.system.fleet.nodes > 1)
        options["nodes"] = std::to_string(setup.system.fleet.nodes);
    if (caches_of(typed.caches) != ExploredCaches::shared) options["caches"] = typed.caches;
    return options;
}

int explore_one(const Typed& typed, bool is_warm, std::vector<nlohmann::ordered_json>& all) {
    const ExploredSetup setup = setup_of(typed, is_warm);
    const Exploration exploration = explore(setup, {.schedules_most = typed.schedules_most});
    if (typed.json) {
        all.push_back(json_of(setup, exploration, options_of(typed, setup)));
    } else {
        fmt::print("{}", exploration_text(setup, exploration));
    }
    if (!exploration.counts.is_exhaustive && typed.json) {
        fmt::print(stderr, "stalemark: note: not exhaustive: cut off after {} schedules\n",
                   exploration.counts.schedules);
    }
    return typed.expect_promise && breaks(exploration, promise_of(setup.system))
               ? status_promise_broken
               : 0;
}

int explore_all(const Typed& typed) {
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

int replay(const Typed& typed) {
    const std::string& path = *typed.replay;
    try {
        const ReplayFile file = read_replay(read_file(path));
        Typed like = typed;
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

int show_matrix(const Typed& typed) {
    if (!typed.options.empty())
        throw InputError("--matrix: it has its own protocols and faults; give no others");
    std::optional<Output> output;
    if (typed.json) output.emplace(*typed.json, exploration_output);
    const nlohmann::ordered_json guarantees =
        guarantees_json(typed.only, typed.program, typed.schedules_most);
    if (output) {
        output->write(guarantees.dump(2));
    } else {
        fmt::print("{}", guarantees_text(guarantees));
    }
    return 0;
}

// Throws InputError if an option of this command's own is given that would not be read.
void refuse_unread(const CLI::App& command, std::string_view beside,
                   std::initializer_list<std::string_view> read) {
    for (const CLI::Option* const option : command.get_options()) {
        const std::string name = option->get_name();
        if (option->get_group() != own_group || option->count() == 0 || name == beside ||
            std::ranges::find(read, name) != read.end())
            continue;
        throw InputError(fmt::format("{}: {} does not read it", name, beside));
    }
}

int carry_out(const Typed& typed, const CLI::App& command) {
    if (!typed.has_matrix && !typed.only.empty())
        throw InputError("--only: it chooses rows of the table; give --matrix");
    if (typed.replay) {
        refuse_unread(command, "--replay", {});
        return replay(typed);
    }
    if (typed.has_matrix)
        refuse_unread(command, "--matrix",
                      {"--only", "--program", "--max-schedules", "--json"});
    return typed.has_matrix ? show_matrix(typed) : explore_all(typed);
}

}  // namespace

void add_explore_command(CLI::App& app, int& status) {
    auto* const command = app.add_subcommand(
        "explore", "Every schedule of a small program: what can go wrong, step by step");
    const auto typed = std::make_shared<Typed>();
    add_options(*command, typed->options,
                [](const OptionRow& row) { return explored_options().contains(row.name); });
    const auto add = [&](const char* name, std::string& place, const char* type,
                         const char* help) {
        command->add_option(name, place, help)->type_name(type)->group(own_group);
    };
    add("--program", typed->program, "TEXT",
        "clients between bars; r read, w write, d delete, m both (default \"w r | w | r r\")");
    add("--cache", typed->cache, "STATE", "before the program: cold (default), warm, both");
    add("--rows", typed->rows, "STATE", "before the program: present (default), absent");
    add("--caches", typed->caches, "WHICH",
        "shared (default): all nodes have one; near: each its own; both: near before shared");
    const auto add_count = [&](const char* name, std::uint32_t& place, std::uint64_t least,
                               const char* help) {
        command
            ->add_option_function<std::string>(
                name,
                [&place, name, least](const std::string& text) {
                    try {
                        place = static_cast<std::uint32_t>(parse_count(text, least, 8));
                    } catch (const InputError& error) {
                        throw InputError(fmt::format("{} {}: {}", name, text, error.what()));
                    }
                },
                help)
            ->type_name("N")
            ->group(own_group);
    };
    add_count("--nodes", typed->nodes, 1,
              "application nodes; clients ask them in turn (default 1)");
    add_count("--evict", typed->faults.evictions, 0,
              "so many evictions, each wherever it can be");
    add_count("--crash", typed->faults.crashes, 0,
              "so many nodes die; each client then has one of its own");
    add_count("--expire", typed->faults.limits, 0,
              "so many locks, leases, tombstones or entries end before their holders expect");
    command
        ->add_option_function<std::string>(
            "--max-schedules",
            [typed](const std::string& text) {
                try {
                    typed->schedules_most = parse_count(text, 1, 1'000'000'000'000);
                } catch (const InputError& error) {
                    throw InputError(fmt::format("--max-schedules {}: {}", text, error.what()));
                }
            },
            "the search is cut off then (default 20000000)")
        ->type_name("N")
        ->group(own_group);
    command
        ->add_option_function<std::string>(
            "--replay", [typed](const std::string& path) { typed->replay = path; },
            "carry out the schedule of a file that --json wrote, and nothing else")
        ->type_name("FILE")
        ->group(own_group);
    command
        ->add_option_function<std::string>(
            "--json", [typed](const std::string& path) { typed->json = path; },
            "as JSON to FILE, - for standard output")
        ->type_name("FILE")
        ->group(own_group);
    command
        ->add_flag("--expect-promise", typed->expect_promise,
                   "exit status 1 if a schedule breaks what the protocol promises")
        ->group(own_group);
    command
        ->add_flag("--matrix", typed->has_matrix,
                   "the table of guarantees: every protocol, with each kind of fault")
        ->group(own_group);
    add("--only", typed->only, "TEXT", "of the table, the protocols in whose name this occurs");
    command->callback([typed, command, &status] { status = carry_out(*typed, *command); });
}

}  // namespace stalemark
