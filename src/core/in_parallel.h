// SPDX-License-Identifier: Apache-2.0
// Independent pieces of work, on every processor.

#pragma once

#include <cstddef>
#include <functional>

namespace stalemark {

// Does work(0) ... work(count - 1), each once and in any order, on as many threads as there are
// processors. Returns when all are done. An exception of a piece is thrown again then, and its
// thread does no further piece.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace stalemark
