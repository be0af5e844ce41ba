// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "core/words.h"

namespace stalemark {
namespace {

// The first option with more values than it takes; nullptr: there is none.
const CLI::Option* given_too_often(const CLI::App& command) {
    for (const CLI::Option* const option : command.get_options()) {
        const int most = option->get_items_expected_max();
        const auto count = static_cast<int>(option->count());
        const bool is_single =
            option->get_multi_option_policy() == CLI::MultiOptionPolicy::Throw;
        if (most > 0 && count > most && is_single) return option;
    }
    return nullptr;
}

}  // namespace

std::string explain(const CLI::App& app, const CLI::ParseError& error) {
    const auto used = app.get_subcommands();
    const CLI::App& where = used.empty() ? app : *used.front();
    const std::vector<std::string> extra = app.remaining(true);
    if (!extra.empty()) {
        std::vector<std::string> names;
        const bool is_option = extra.front().starts_with("-");
        if (is_option) {
            for (const CLI::Option* option : where.get_options())
                names.push_back(option->get_name());
        } else if (used.empty()) {
            for (const CLI::App* command : app.get_subcommands({}))
                names.push_back(command->get_name());
        }
        const std::vector<std::string_view> known(names.begin(), names.end());
        const auto name = std::string_view(extra.front()).substr(0, extra.front().find('='));
        if (!known.empty()) return unknown_word(is_option ? "option" : "command", name, known);
        return fmt::format("unexpected word '{}'", extra.front());
    }
    if (const CLI::Option* const option = given_too_often(where)) {
        return option->get_name() + ": expected once, got it several times";
    }
    std::string message = error.what();
    if (const auto line_end = message.find('\n'); line_end != std::string::npos) {
        message.resize(line_end);
    }
    return message + fmt::format("; see `stalemark {}--help`",
                                 used.empty() ? "" : where.get_name() + " ");
}

}  // namespace stalemark
