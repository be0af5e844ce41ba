// What a key maps to.

#pragma once

#include "core/bytes.h"
#include "core/types.h"

namespace stalemark {

struct Value {
    Bytes bytes;          // Begins with a Header (core/header.h) in every run.
    Version version = 0;  // The row's version in the store that it was read from; else 0.

    bool operator==(const Value&) const = default;
};

}  // namespace stalemark
