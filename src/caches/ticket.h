// What a read that may not be answered by the cache knows, from its miss to its fill.

#pragma once

#include <cstdint>

#include "caches/cache.h"

namespace stalemark {

struct Ticket {
    Miss why = Miss::absent;
    std::uint64_t passed_over = no_entry;  // There was one that the shield did not let answer.
};

}  // namespace stalemark
