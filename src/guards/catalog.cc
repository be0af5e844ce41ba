// SPDX-License-Identifier: Apache-2.0
#include "guards/catalog.h"

#include <concepts>

#include "core/catalog.h"
#include "core/words.h"
#include "guards/add.h"
#include "guards/lease.h"
#include "guards/lock.h"
#include "guards/lock_all.h"
#include "guards/lock_writers.h"
#include "guards/newer.h"
#include "guards/newer_remembered.h"
#include "guards/none.h"
#include "guards/quarantine.h"
#include "guards/tombstone.h"

namespace stalemark {
namespace {

template <std::derived_from<Guard> G>
std::unique_ptr<Guard> make(const GuardParts& parts) {
    return std::make_unique<G>(parts);
}

// One row adds a guard: name, caption, maker, knobs, promise, and its traits.
constexpr GuardEntry guards[] = {
    {"none", "every fill is made", make<NoGuard>, ""},
    {"add",
     "a fill is made only where there is no entry",
     make<AddIfAbsent>,
     "",
     {.fill_over_set = "none expiry"}},
    {"newer",
     "nothing replaces a newer version",
     make<SetIfNewer>,
     "",
     {.fill_over_set = "none expiry", .set_over_set = "none expiry"},
     {.compares_versions = true}},
    {"newer_remembered",
     "as newer, also than entries that are gone",
     make<RememberedNewer>,
     "remember remember-for",
     {.fill_over_erase = "none eviction expiry",
      .fill_over_set = "none eviction expiry",
      .set_over_set = "none eviction expiry"},
     {.remembers = true, .compares_versions = true}},
    {"tombstone",
     "as newer, and an erase leaves its version",
     make<Tombstone>,
     "tombstone-ttl",
     {.fill_over_erase = "none expiry",
      .fill_over_set = "none expiry",
      .set_over_set = "none expiry"},
     {.compares_versions = true}},
    {"lease",
     "only the holder of a token fills, and a change voids it",
     make<LeasedFills>,
     "lease-ttl lease-losers lease-refused",
     {.fill_over_erase = "none eviction expiry", .fill_over_set = "none eviction expiry"}},
    {"quarantine",
     "as lease, and none is handed out during a change",
     make<QuarantinedChanges>,
     "quarantine-ttl quarantine-reads lease-ttl lease-losers lease-refused",
     {.fill_over_erase = "none eviction expiry",
      .fill_over_set = "none eviction expiry",
      .set_over_set = "none eviction expiry",
      .unfinished_change = "crash"},
     {.needs_erase = true}},
    {"lock_writers",
     "a change holds a lock of its key",
     make<LockedWrites>,
     "lock-ttl fencing tombstone-ttl",
     {.set_over_set = "none eviction"},
     {.locks = true}},
    {"lock",
     "changes and misses hold a lock of their key",
     make<LockedMisses>,
     "lock-ttl fencing tombstone-ttl",
     {.fill_over_erase = "none eviction",
      .fill_over_set = "none eviction",
      .set_over_set = "none eviction"},
     {.locks = true}},
    {"lock_all",
     "changes and reads hold a lock of their key",
     make<LockedReads>,
     "lock-ttl fencing tombstone-ttl",
     {.fill_over_erase = "none eviction",
      .fill_over_set = "none eviction",
      .set_over_set = "none eviction"},
     {.locks = true}},
};

// With versions that are compared besides: a lock that has expired does no harm, and what no
// lock orders is refused as long as there is a version to compare with.
std::string_view fenced(std::string_view by_locks) {
    return has_word(by_locks, "none") ? "none eviction expiry" : "none expiry";
}

}  // namespace

GuardPromise promise_of(const GuardEntry& guard, const GuardSettings& settings) {
    if (!guard.traits.locks || !settings.fencing) return guard.promise;
    return {.fill_over_erase = fenced(guard.promise.fill_over_erase),
            .fill_over_set = fenced(guard.promise.fill_over_set),
            .set_over_set = fenced(guard.promise.set_over_set),
            .unfinished_change = guard.promise.unfinished_change};
}

std::span<const GuardEntry> all_guards() { return guards; }

const GuardEntry& no_guard() { return guards[0]; }

const GuardEntry& find_guard(std::string_view name) {
    return find_row("guard", name, all_guards());
}

}  // namespace stalemark
