#include "caches/informed_cache.h"

namespace stalemark {

bool InformedCache::hear(Key key, Version version) {
    const auto cached = cache_.peek(key, runtime_.now());
    const bool by_version = goes_by_version_ && version != 0;
    if (by_version) remember(key, version);
    if (!cached) return false;
    const bool is_newer = by_version && cached->value && cached->value->version >= version;
    if (is_newer) return false;
    cache_.erase(key);
    return true;
}

Result<void> InformedCache::put(Key key, const std::optional<Value>& value, const Life& life) {
    if (knows_newer(key, value)) {
        ++fills_refused_;
        return {};
    }
    auto done = cache_.put(key, value, life);
    if (knows_newer(key, value)) cache_.erase(key);  // Heard of meanwhile.
    return done;
}

Result<bool> InformedCache::replace(Key key, std::uint64_t token,
                                    const std::optional<Value>& value, const Life& life) {
    if (knows_newer(key, value)) {
        ++fills_refused_;
        return false;
    }
    auto done = cache_.replace(key, token, value, life);
    if (knows_newer(key, value)) cache_.erase(key);
    return done;
}

bool InformedCache::knows_newer(Key key, const std::optional<Value>& value) {
    if (!goes_by_version_ || !value || value->version == 0) return false;
    const std::lock_guard lock(guard_);
    const auto known = newest_.find(key);
    return known != newest_.end() && value->version < known->second;
}

void InformedCache::remember(Key key, Version version) {
    const Instant now = runtime_.now();
    const std::lock_guard lock(guard_);
    while (!heard_.empty() && heard_.front().first + memory < now) {
        const auto& [old_key, old_version] = heard_.front().second;
        const auto known = newest_.find(old_key);
        if (known != newest_.end() && known->second == old_version) newest_.erase(known);
        heard_.pop_front();
    }
    Version& newest = newest_[key];
    if (version <= newest) return;
    newest = version;
    heard_.emplace_back(now, std::pair(key, version));
}

}  // namespace stalemark
