// SPDX-License-Identifier: Apache-2.0
// The options of `stalemark run`: one table for the command line, --help and suite files.

#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stalemark {

struct OptionRow {
    std::string_view name;  // Without dashes.
    std::string_view
        value;  // What follows it, for --help; empty: nothing does, it is a switch.
    std::string_view help;
    std::string_view
        field;  // Of the workload that it sets; empty: it is no part of the workload.
    std::string_view group;
    bool is_repeatable = false;  // Its values are gathered, with blanks between them.
};

std::span<const OptionRow> run_options();

// Throws InputError with the nearest right name if there is no such option.
const OptionRow& find_option(std::string_view name);

// Whether a workload's file may bring it along: it says what the run is like, and is neither a
// part of the workload itself, nor the strategy, nor about one run and its result.
bool may_come_with_a_workload(const OptionRow& row);

// Likewise a deployment: it says where cache and store are.
bool may_come_with_a_deployment(const OptionRow& row);

using OptionTexts = std::map<std::string, std::string, std::less<>>;  // By name.

// A run as it is asked for, not read yet. The text of a switch that is on is "".
struct RunArguments {
    std::string workload;
    OptionTexts options;
    std::vector<std::string> sets;  // PATH=VALUE of each --set.
};

}  // namespace stalemark
