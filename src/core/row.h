// SPDX-License-Identifier: Apache-2.0
// What a store has for a key.

#pragma once

#include <optional>

#include "core/bytes.h"
#include "core/types.h"

namespace stalemark {

struct Row {
    // Nothing: the row is absent. In every run they begin with a Header (core/header.h).
    std::optional<Bytes> bytes;

    // Of the change that made the row so, a delete as well as a put; 0: there was none, or it
    // is not known which.
    Version version = 0;

    bool operator==(const Row&) const = default;
};

}  // namespace stalemark
