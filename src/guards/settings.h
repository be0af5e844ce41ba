// SPDX-License-Identifier: Apache-2.0
// Every knob that a guard may read, with its default.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/types.h"

namespace stalemark {

// What a miss does that another task's lease keeps from filling.
enum class LeaseLosers : std::uint8_t {
    wait,    // It looks again until there is an entry or a lease, for up to a lease's time.
    bypass,  // It reads the store and caches nothing.
};
constexpr std::array<std::string_view, 2> lease_losers_names = {"wait", "bypass"};

// What a read does whose lease was void when it came to fill.
enum class LeaseRefused : std::uint8_t {
    answer,  // It answers what it has read.
    retry,   // It starts again.
};
constexpr std::array<std::string_view, 2> lease_refused_names = {"answer", "retry"};

// What a reader finds of an entry that a writer has in quarantine.
enum class QuarantineReads : std::uint8_t {
    old,   // The entry as it was before the change.
    none,  // Nothing.
};
constexpr std::array<std::string_view, 2> quarantine_reads_names = {"old", "none"};

struct GuardSettings {
    // newer_remembered: of how many keys a cache remembers the version, and for how long.
    std::uint64_t remembered_keys = 10'000;
    Duration remembered_for = std::chrono::seconds(60);

    // lease: how long one lasts (memcached at Facebook: 10 s).
    Duration lease_ttl = std::chrono::seconds(10);
    LeaseLosers lease_losers = LeaseLosers::wait;
    LeaseRefused lease_refused = LeaseRefused::answer;

    // quarantine: how long a writer may have a key. It reads the knobs of lease, too.
    Duration quarantine_ttl = std::chrono::seconds(10);
    QuarantineReads quarantine_reads = QuarantineReads::old;

    // The locks: how long one lasts whose holder does not give it back, and whether the cache
    // refuses what is older than what it has, or had before an erase.
    Duration lock_ttl = std::chrono::seconds(10);
    bool fencing = false;

    // tombstone, and the locks with fencing: how long an erase leaves its version behind. It
    // must be longer than any load takes.
    Duration tombstone_ttl = std::chrono::seconds(60);
};

}  // namespace stalemark
