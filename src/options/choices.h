// SPDX-License-Identifier: Apache-2.0
// The words to choose from, where the value of a run's option is a word: one table for those
// who read them and for completion.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stalemark {

// `name`: of an option, without dashes, or "WORKLOAD", the argument. Empty if nothing is to be
// chosen from. An option of many values has those that are words: of --ttl it
// is "none". "store-down@" is the beginning of a value. Throws InputError if the folder that
// has them cannot be read.
std::vector<std::string> choices_of(std::string_view name);

}  // namespace stalemark
