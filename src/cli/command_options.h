// SPDX-License-Identifier: Apache-2.0
// The options of a run's table, as options of a command.

#pragma once

#include <functional>

#include "options/options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace stalemark {

// Adds those that are `meant`; what is typed goes into `options`.
void add_options(
    CLI::App& command, OptionTexts& options,
    const std::function<bool(const OptionRow&)>& meant = [](const OptionRow&) { return true; });

}  // namespace stalemark
