// SPDX-License-Identifier: Apache-2.0
// What is wrong with an option, said with its name.

#pragma once

#include <fmt/format.h>

#include <string_view>

#include "core/errors.h"

namespace stalemark {

// "--option value: message"; without a value "--option: message".
inline InputError wrong_option(std::string_view option, std::string_view message) {
    return {fmt::format("--{}: {}", option, message), option};
}
inline InputError wrong_option(std::string_view option, std::string_view value,
                               std::string_view message) {
    return {fmt::format("--{} {}: {}", option, value, message), option};
}

}  // namespace stalemark
