// SPDX-License-Identifier: Apache-2.0
// What a result says of how it was made.

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace stalemark {

// The command line that repeats the run: as typed, but for where the result goes and how often
// it was made; `seed` stands for the one that was typed.
std::string command_text(const std::vector<std::string>& words,
                         const std::optional<std::string>& seed);

}  // namespace stalemark
