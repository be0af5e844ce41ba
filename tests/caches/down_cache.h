// SPDX-License-Identifier: Apache-2.0
// A cache out of reach.

#pragma once

#include "caches/cache.h"

namespace stalemark {

// It does not answer.
class DownCache final : public Cache {
public:
    std::expected<Cached, Missed> get(Key /*key*/, const Look& /*look*/) override {
        return std::unexpected(Miss::unavailable);
    }
    Result<Stamp> put(Key /*key*/, const Row& /*row*/, const Life& /*life*/,
                      const Condition& /*condition*/) override {
        return std::unexpected(Trouble::failed);
    }
    Result<bool> erase(Key /*key*/, const Condition& /*condition*/,
                       const Remains& /*remains*/) override {
        return std::unexpected(Trouble::failed);
    }
};

}  // namespace stalemark
