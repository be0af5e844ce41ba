// SPDX-License-Identifier: Apache-2.0
// How large a cache is, as people say it: in bytes, or by the data set that it stands before.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stalemark {

// More than nothing.
struct CacheSize {
    std::uint64_t bytes = 0;  // 0: it is a share.
    double percent = 0;       // Of what a cache is charged for the whole data set.

    std::string text() const;  // Parses to an equal size.

    bool operator==(const CacheSize&) const = default;
};

// "64MiB" or "10%". Throws InputError of one line that says what was expected.
CacheSize parse_cache_size(std::string_view text);

}  // namespace stalemark
