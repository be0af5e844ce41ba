// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/command_options.h"
#include "cli/commands.h"
#include "cli/explore_actions.h"
#include "cli/explore_options.h"
#include "core/errors.h"
#include "core/units.h"

namespace stalemark {
namespace {

constexpr const char* own_group = "What is explored";

void refuse_given(const CLI::App& command, const std::string& option, std::string_view beside) {
    if (command.get_option(option)->count() > 0)
        throw InputError(fmt::format("{}: {} does not read it", option, beside));
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

int carry_out(const ExploreTyped& typed, const CLI::App& command) {
    if (!typed.has_matrix && !typed.only.empty())
        throw InputError("--only: it chooses rows of the table; give --matrix");
    if (typed.replay) {
        refuse_unread(command, "--replay", {});
        return replay(typed);
    }
    if (typed.has_matrix)
        refuse_unread(command, "--matrix",
                      {"--only", "--program", "--max-schedules", "--json"});
    if (typed.schedules == "all") refuse_given(command, "--seeds", "--schedules all");
    if (typed.schedules != "all")
        refuse_given(command, "--max-schedules", "--schedules " + typed.schedules);
    return typed.has_matrix ? show_matrix(typed) : explore_all(typed);
}

}  // namespace

void add_explore_command(CLI::App& app, int& status) {
    auto* const command = app.add_subcommand(
        "explore", "Every schedule of a small program: what can go wrong, step by step");
    const auto typed = std::make_shared<ExploreTyped>();
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
    add_count("--lose", typed->faults.losses, 0,
              "so many events are lost on their way to a node");
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
    add("--schedules", typed->schedules, "WHICH",
        "all (default), or some by chance: pos, random, pct");
    command
        ->add_option_function<std::string>(
            "--seeds",
            [typed](const std::string& text) {
                try {
                    typed->seeds = parse_count(text, 1, 1'000'000'000'000);
                } catch (const InputError& error) {
                    throw InputError(fmt::format("--seeds {}: {}", text, error.what()));
                }
            },
            "by chance: so many schedules (default 10000)")
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
