// SPDX-License-Identifier: Apache-2.0
// The keys whose operations are recorded.

#pragma once

#include <cstdint>
#include <vector>

#include "core/types.h"

namespace stalemark {

class KeySample {
public:
    // Of keys 0 .. keys-1; none at first.
    explicit KeySample(std::uint64_t keys) : chosen_(keys, false) {}

    // Answers whether it was not chosen yet.
    bool choose(Key key) {
        if (chosen_[index_of(key)]) return false;
        chosen_[index_of(key)] = true;
        ++size_;
        return true;
    }

    bool contains(Key key) const { return chosen_[index_of(key)]; }
    std::uint64_t size() const { return size_; }
    std::uint64_t keys() const { return chosen_.size(); }

private:
    std::vector<bool> chosen_;
    std::uint64_t size_ = 0;
};

}  // namespace stalemark
