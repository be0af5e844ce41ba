// SPDX-License-Identifier: Apache-2.0
// Linearizability of one key by its definition: an order of its operations, in which none comes
// before one that had ended before it began, and every read sees the latest change.
//
// All deletes, and an initial absence, leave the same state. A change without an end, and one
// that came back with trouble, may take effect at any time after its begin, or never; one that
// has not begun did not happen. A read without an end, or with trouble, asks for nothing.
//
// A search over sets of operations that have taken effect, each set and state once. Reads take
// effect as soon as they can. Just before a change that a read left has seen come all changes
// that can and that no read left has seen: it hides them. Neither hinders another operation.
// Changes that are left when no read is cannot contradict anything.

#pragma once

#include <cstdint>

#include "explore/outcome.h"

namespace stalemark {

// Whether an order explains what these reads saw, as bits of operations.
bool is_explained(const ExploredOutcome& outcome, Key key, std::uint32_t reads = ~0U);

// A few reads of the key, as bits, that no order explains together and any fewer of which some
// order does: one, if one alone is not explained, or two, before more. 0: all are explained.
std::uint32_t unexplained_reads(const ExploredOutcome& outcome, Key key);

}  // namespace stalemark
