// SPDX-License-Identifier: Apache-2.0
// What there is: every catalogue, for `stalemark list`.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stalemark {

// Of one kind - "strategies", "caches", "stores" ... - or of all if it is empty. Throws
// InputError for another word.
std::string list_text(std::string_view kind);
std::string list_json(std::string_view kind);

// All kinds.
std::vector<std::string_view> list_kinds();

}  // namespace stalemark
