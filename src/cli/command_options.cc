// SPDX-License-Identifier: Apache-2.0
#include "cli/command_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace stalemark {

void add_options(CLI::App& command, OptionTexts& options,
                 const std::function<bool(const OptionRow&)>& meant) {
    for (const OptionRow& row : run_options()) {
        if (!meant(row)) continue;
        const std::string flag = "--" + std::string(row.name);
        const std::string name(row.name);
        CLI::Option* option = nullptr;
        if (row.value.empty()) {
            option = command.add_flag_callback(
                flag, [&options, name] { options[name] = ""; }, std::string(row.help));
        } else if (row.is_repeatable) {
            option = command.add_option_function<std::vector<std::string>>(
                flag,
                [&options, name](const std::vector<std::string>& values) {
                    options[name] = fmt::format("{}", fmt::join(values, " "));
                },
                std::string(row.help));
            option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        } else {
            option = command.add_option_function<std::string>(
                flag, [&options, name](const std::string& value) { options[name] = value; },
                std::string(row.help));
        }
        if (!row.value.empty()) option->type_name(std::string(row.value));
        option->group(std::string(row.group));
    }
}

}  // namespace stalemark
