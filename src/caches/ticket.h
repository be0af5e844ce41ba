// SPDX-License-Identifier: Apache-2.0
// What a read that may not be answered by the cache knows, from its miss to its fill.

#pragma once

#include <cstdint>
#include <memory>

#include "caches/cache.h"

namespace stalemark {

struct Ticket {
    Missed missed = Miss::absent;
    Stamp passed_over = no_stamp;  // There was one that the shield did not let answer.
    Condition permit = Condition::always();  // When the fill may be made.
    std::shared_ptr<const void> held;        // By the guard, until the fill.
};

}  // namespace stalemark
