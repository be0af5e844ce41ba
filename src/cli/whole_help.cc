// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "cli/commands.h"

namespace stalemark {
namespace {

constexpr std::string_view usage = "Usage: ";

}  // namespace

std::string whole_help(const CLI::App& app) {
    std::string ways;
    std::string sections;
    for (const CLI::App* const command : app.get_subcommands({})) {
        sections += fmt::format("\n{}: ", command->get_name());
        std::istringstream help(command->help(app.get_name()));
        for (std::string line; std::getline(help, line);) {
            const bool is_heading = line.ends_with(':') && !line.starts_with(' ');
            if (line.starts_with(usage)) {
                ways += fmt::format("  or:  {}\n", line.substr(usage.size()));
            } else if (is_heading) {
                sections += fmt::format("{}: {}\n", command->get_name(), line);
            } else {
                sections += line + "\n";
            }
        }
    }
    std::string text = app.help();
    const std::size_t after_usage = text.find('\n', text.find(usage)) + 1;
    return text.insert(after_usage, ways) + sections;
}

}  // namespace stalemark
