// SPDX-License-Identifier: Apache-2.0
#include "measure/session_memory.h"

#include <algorithm>
#include <bit>
#include <new>

namespace stalemark {
namespace {

constexpr std::size_t places_in_all = std::size_t{1} << 21;
constexpr std::uint64_t places_of_a_session = 4'096;

}  // namespace

SessionMemory::SessionMemory(std::uint32_t sessions, std::uint64_t keys, bool are_shared)
    : tables_(std::min<std::size_t>(sessions, tables_max)) {
    const std::uint64_t each = (sessions + tables_ - 1) / tables_;  // Sessions of a table.
    const std::uint64_t wanted = std::min(std::bit_ceil(keys), places_of_a_session) * each;
    places_ =
        std::min<std::size_t>(std::bit_ceil(wanted), std::bit_floor(places_in_all / tables_));
    all_.reset(static_cast<Place*>(std::calloc(tables_ * places_, sizeof(Place))));
    if (!all_) throw std::bad_alloc();
    if (are_shared) guards_ = std::make_unique<std::mutex[]>(tables_);
}

}  // namespace stalemark
