// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "cli/explore_options.h"
#include "cli/list.h"
#include "options/choices.h"
#include "suite/suite.h"
#include "workload/files.h"

namespace stalemark {
namespace {

using Rest = Completion::Rest;

// In the order of Rest.
constexpr std::array<std::string_view, 4> rest_names = {"words", "beginnings", "files",
                                                        "folders"};

std::string flag_of(const CLI::Option& option) { return "--" + option.get_lnames().front(); }

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

// How far the words before the last one have come.
struct Place {
    const CLI::App* command = nullptr;
    const CLI::Option* waiting = nullptr;  // The option whose value comes next.
    std::size_t arguments = 0;             // That have been given.
    std::set<std::string> given;           // Options, with their dashes.
    bool is_nowhere = false;               // There is no such command.
};

void read_word(const std::string& word, const CLI::App& app, Place& place) {
    if (place.waiting != nullptr) {
        place.waiting = nullptr;
    } else if (word.starts_with("-")) {
        const std::string name = word.substr(0, word.find('='));
        place.given.insert(name);
        const CLI::Option* const option = place.command->get_option_no_throw(name);
        if (option != nullptr && takes_value(*option) && name == word) place.waiting = option;
    } else if (place.command != &app) {
        ++place.arguments;
    } else {
        const auto commands = app.get_subcommands({});
        const auto found = std::ranges::find(
            commands, word, [](const CLI::App* command) { return command->get_name(); });
        place.is_nowhere = found == commands.end();
        if (!place.is_nowhere) place.command = *found;
    }
}

void add_matching(Completion& completion, std::string_view typed, std::string word,
                  std::string caption = "") {
    if (word.starts_with(typed)) {
        completion.candidates.push_back({std::move(word), std::move(caption)});
    }
}

void add_options(const Place& place, std::string_view typed, Completion& completion) {
    for (const CLI::Option* const option : place.command->get_options()) {
        if (option->get_lnames().empty()) continue;
        const bool may_repeat =
            option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
        if (place.given.contains(flag_of(*option)) && !may_repeat) continue;
        add_matching(completion, typed, flag_of(*option), option->get_description());
    }
}

// To choose from, for an option or an argument of the command.
std::vector<std::string> words_of(const CLI::App& command, std::string_view name) {
    if (command.get_name() == "explore") {
        std::vector<std::string> states = explored_states(name);
        if (!states.empty()) return states;
    }
    if (name == "SUITE") {
        const std::vector<std::string> suites = names_in(suites_folder());
        const std::vector<std::string> workloads = names_in(workloads_folder());
        std::vector<std::string> both;
        std::ranges::set_union(suites, workloads, std::back_inserter(both));
        return both;
    }
    if (name == "KIND") {
        const std::vector<std::string_view> kinds = list_kinds();
        return {kinds.begin(), kinds.end()};
    }
    if (name == "SHELL") return {completion_shells.begin(), completion_shells.end()};
    return choices_of(name);
}

// Of an option or an argument of the command; `before` it stands in the same word: "--store=".
void add_values(const CLI::App& command, const CLI::Option& option, const std::string& before,
                std::string_view typed, Completion& completion) {
    const bool is_argument = option.get_lnames().empty();
    const std::string name = is_argument ? option.get_name() : option.get_lnames().front();
    const std::string kind = option.get_type_name();
    for (const std::string& word : words_of(command, name)) {
        add_matching(completion, typed, before + word);
        if (word.ends_with('@') || word.ends_with('=')) completion.rest = Rest::word_goes_on;
    }
    if (kind == "FILE" || name == "RESULT" || name == "HISTORY") completion.rest = Rest::files;
    if (kind == "DIR") completion.rest = Rest::folders;
    // A path does as well as a name.
    const bool is_name_or_path = name == "WORKLOAD" || name == "SUITE";
    if (is_name_or_path && completion.candidates.empty()) completion.rest = Rest::files;
}

// The argument after `count` others: none, or the last one where it may come several times.
const CLI::Option* next_argument(const CLI::App& command, std::size_t count) {
    std::vector<const CLI::Option*> arguments;
    for (const CLI::Option* const option : command.get_options()) {
        if (option->get_positional()) arguments.push_back(option);
    }
    if (count < arguments.size()) return arguments[count];
    if (arguments.empty() || arguments.back()->get_expected_max() == 1) return nullptr;
    return arguments.back();
}

}  // namespace

Completion complete(const CLI::App& app, std::span<const std::string> words) {
    Completion completion;
    if (words.empty()) return completion;
    Place place{.command = &app};
    for (const std::string& word : words.first(words.size() - 1)) read_word(word, app, place);
    if (place.is_nowhere) return completion;

    const std::string& typed = words.back();
    const std::size_t equals = typed.find('=');
    if (place.waiting != nullptr) {
        add_values(*place.command, *place.waiting, "", typed, completion);
    } else if (typed.starts_with("--") && equals != std::string::npos) {
        const auto* const option = place.command->get_option_no_throw(typed.substr(0, equals));
        if (option != nullptr && takes_value(*option)) {
            add_values(*place.command, *option, typed.substr(0, equals + 1), typed, completion);
        }
    } else if (typed.starts_with("-")) {
        add_options(place, typed, completion);
    } else if (place.command == &app) {
        for (const CLI::App* const command : app.get_subcommands({})) {
            add_matching(completion, typed, command->get_name(), command->get_description());
        }
    } else if (const auto* const next = next_argument(*place.command, place.arguments)) {
        add_values(*place.command, *next, "", typed, completion);
    } else {
        add_options(place, typed, completion);
    }
    return completion;
}

std::string to_text(const Completion& completion) {
    std::string text =
        fmt::format("{}\n", rest_names.at(static_cast<std::size_t>(completion.rest)));
    for (const Candidate& candidate : completion.candidates) {
        text += fmt::format("{}\t{}\n", candidate.word, candidate.caption);
    }
    return text;
}

}  // namespace stalemark
