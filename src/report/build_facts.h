// SPDX-License-Identifier: Apache-2.0
// What the build knows of itself; CMake writes the values at each build.

#pragma once

#include <string_view>

namespace stalemark::build_facts {

extern const std::string_view version;
extern const std::string_view commit;  // "unknown" outside a checkout.
extern const bool is_dirty;  // Whether the checkout had changes that are not committed.
extern const std::string_view compiler;
extern const std::string_view flags;
extern const std::string_view build_type;

}  // namespace stalemark::build_facts
