// SPDX-License-Identifier: Apache-2.0
#include "measure/divergence.h"

namespace stalemark {
namespace {

// Whether `seen` is definitely older than the write behind `other`.
bool is_older_than(const Oracle& oracle, Key key, const Seen& seen, const Seen& other) {
    return other && oracle.is_older(key, seen, other->invocation);
}

}  // namespace

Divergence audit(
    const Oracle& oracle, std::uint64_t keys,
    const std::function<void(const std::function<void(Key, const Seen&)>&)>& see_cache,
    const std::function<Seen(Key)>& look_up) {
    Divergence found;
    see_cache([&](Key key, const Seen& cached) {
        ++found.resident;
        const Seen stored = look_up(key);
        if (stored == cached) return;
        if (oracle.is_older(key, cached, oracle.entitlement(key))) {
            ++found.cache_stale;
        } else if (is_older_than(oracle, key, stored, cached)) {
            ++found.cache_ahead;
        } else {
            ++found.cache_other;
        }
    });
    for (std::uint64_t number = 0; number < keys; ++number) {
        const Key key{number};
        const Oracle::Stamp acknowledged = oracle.entitlement(key);
        if (acknowledged == 0) continue;  // Never written.
        const Seen stored = look_up(key);
        // Gone, though nothing ever made it absent: no delete tells how old that is.
        const bool is_gone = !stored && !oracle.can_be_absent(key);
        if (is_gone || oracle.is_older(key, stored, acknowledged)) ++found.store_lost;
    }
    return found;
}

}  // namespace stalemark
