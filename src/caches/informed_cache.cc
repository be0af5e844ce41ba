#include "caches/informed_cache.h"

namespace stalemark {

InformedCache::Heard InformedCache::hear(Key key, Version version) {
    const bool by_version = goes_by_version_ && version != 0;
    // First: a fill that comes after the look below must know of it.
    if (by_version) remember(key, version);
    const auto cached = cache_.peek(key, runtime_.now());
    if (!cached) return Heard::nothing;
    if (by_version && cached->value && cached->value->version >= version) return Heard::newer;
    cache_.erase(key);
    return Heard::dropped;
}

Result<std::uint64_t> InformedCache::put(Key key, const std::optional<Value>& value,
                                         const Life& life) {
    if (!has_version(value)) return cache_.put(key, value, life);
    const std::lock_guard lock(guard_);
    if (refuses(key, *value)) return no_entry;
    return cache_.put(key, value, life);
}

Result<bool> InformedCache::replace(Key key, std::uint64_t token,
                                    const std::optional<Value>& value, const Life& life) {
    if (!has_version(value)) return cache_.replace(key, token, value, life);
    const std::lock_guard lock(guard_);
    if (refuses(key, *value)) return false;
    return cache_.replace(key, token, value, life);
}

bool InformedCache::is_outdated(Key key, const std::optional<Value>& value) {
    if (!has_version(value)) return false;
    const std::lock_guard lock(guard_);
    return is_older_than_known(key, *value);
}

// Requires the guard.
bool InformedCache::is_older_than_known(Key key, const Value& value) const {
    const auto known = newest_.find(key);
    return known != newest_.end() && value.version < known->second;
}

// Requires the guard.
bool InformedCache::refuses(Key key, const Value& value) {
    if (!is_older_than_known(key, value)) return false;
    ++fills_refused_;
    return true;
}

void InformedCache::remember(Key key, Version version) {
    const Instant now = runtime_.now();
    const std::lock_guard lock(guard_);
    const auto is_due = [&] {
        return runtime_.is_over(heard_.front().heard + memory + Duration{1});
    };
    while (!heard_.empty() && is_due()) {
        const Known& old = heard_.front();
        const auto known = newest_.find(old.key);
        if (known != newest_.end() && known->second == old.version) newest_.erase(known);
        heard_.pop_front();
    }
    Version& newest = newest_[key];
    if (version <= newest) return;
    newest = version;
    heard_.push_back({now, key, version});
}

}  // namespace stalemark
