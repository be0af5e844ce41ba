// SPDX-License-Identifier: Apache-2.0
#include "workload/cache_size.h"

#include <fmt/format.h>

#include "core/errors.h"
#include "core/units.h"
#include "core/words.h"

namespace stalemark {
namespace {

constexpr double percent_most = 1'000;

}  // namespace

std::string CacheSize::text() const {
    return bytes > 0 ? format_bytes(bytes) : fmt::format("{}%", percent);
}

CacheSize parse_cache_size(std::string_view text) {
    CacheSize size;
    if (text.ends_with('%')) {
        size.percent = parse_real(text.substr(0, text.size() - 1), 0, percent_most);
    } else {
        size.bytes = parse_bytes(text);
    }
    if (size != CacheSize{}) return size;
    throw InputError(fmt::format("expected more than 0, got {}", in_quotes(text)));
}

}  // namespace stalemark
