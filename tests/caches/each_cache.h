// SPDX-License-Identifier: Apache-2.0
// The caches of the catalogue under a clock that a test sets.

#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string_view>

#include "caches/catalog.h"
#include "caches/manual_clock.h"

namespace stalemark {

constexpr Duration for_ever = Duration::max();

inline Row row_of(std::string_view text, Version version = 1) {
    return {.bytes = Bytes(text), .version = version};
}

class EachCache : public testing::TestWithParam<CacheEntry> {
protected:
    std::unique_ptr<LocalCache> make(std::uint64_t capacity_bytes) {
        return GetParam().make({.capacity_bytes = capacity_bytes, .value_bytes = 100}, clock_);
    }

    ManualClock clock_;
    std::unique_ptr<LocalCache> cache_ = make(1 << 20);
};

}  // namespace stalemark
