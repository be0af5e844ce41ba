#include "guards/informed_cache.h"

namespace stalemark {

InformedCache::Heard InformedCache::hear(Key key, Version version) {
    if (version != 0) guard_.hear(key, version);
    const auto cached = cache_.peek(key, runtime_.now());
    if (!cached) return Heard::nothing;
    if (version != 0 && cached->value && guard_.keeps(cached->value->version, version))
        return Heard::newer;
    cache_.erase(key);
    return Heard::dropped;
}

Result<std::uint64_t> InformedCache::put(Key key, const std::optional<Value>& value,
                                         const Life& life) {
    const Guard::Admission fill = guard_.admit(key, value);
    if (!fill.is_refused) return cache_.put(key, value, life);
    ++fills_refused_;
    return no_entry;
}

Result<bool> InformedCache::replace(Key key, std::uint64_t token,
                                    const std::optional<Value>& value, const Life& life) {
    const Guard::Admission fill = guard_.admit(key, value);
    if (!fill.is_refused) return cache_.replace(key, token, value, life);
    ++fills_refused_;
    return false;
}

}  // namespace stalemark
