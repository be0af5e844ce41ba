// SPDX-License-Identifier: Apache-2.0
#include "guards/informed_cache.h"

namespace stalemark {

InformedCache::Heard InformedCache::hear(Key key, Version version) {
    if (version != 0) check_.hear(key, version);
    const auto cached = cache_.peek(key, runtime_.now());
    if (version != 0 && cached && cached->row.bytes &&
        check_.keeps(cached->row.version, version))
        return Heard::newer;
    const Remains remains = guard_.of_erase(version).remains;
    if (cached || remains.is_something()) cache_.erase(key, Condition::always(), remains);
    return cached ? Heard::dropped : Heard::nothing;
}

Result<Stamp> InformedCache::put(Key key, const Row& row, const Life& life,
                                 const Condition& condition) {
    const EventCheck::Admission fill = check_.admit(key, row);
    if (!fill.is_refused) return cache_.put(key, row, life, condition);
    ++fills_refused_;
    return no_stamp;
}

}  // namespace stalemark
