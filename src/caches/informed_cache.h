// A near cache that is told of changes made elsewhere.
//
// Told of a change, it drops its entry: whatever it holds, or, if it goes by versions, only
// what is older than the change. Then it also remembers for a while which version each row has
// come to and refuses to be filled with anything older: a reader who fetched the old row before
// the change must not bring it back after it. (An entry without version is older than none. The
// absence of a row has none either: a negative entry is dropped by every event and refused by
// none.)

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "caches/cache.h"
#include "runtime/runtime.h"

namespace stalemark {

class InformedCache final : public Cache {
public:
    // The versions are remembered for at least so long: longer than any load and any event
    // takes.
    static constexpr Duration memory = std::chrono::seconds(60);

    InformedCache(LocalCache& cache, const Runtime& runtime, bool goes_by_version)
        : cache_(cache), runtime_(runtime), goes_by_version_(goes_by_version) {}

    // What there was when a change was heard of.
    enum class Heard : std::uint8_t {
        dropped,  // An entry, which is gone.
        nothing,  // No entry.
        newer,    // An entry that is not older than the change, and stays.
    };

    // The row has come to `version`; 0: it is not known to which.
    Heard hear(Key key, Version version);

    using Cache::get;
    std::expected<Cached, Miss> get(Key key, Look look) override {
        return cache_.get(key, look);
    }
    using Cache::put;
    Result<std::uint64_t> put(Key key, const std::optional<Value>& value,
                              const Life& life) override;
    using Cache::replace;
    Result<bool> replace(Key key, std::uint64_t token, const std::optional<Value>& value,
                         const Life& life) override;
    Result<void> erase(Key key) override { return cache_.erase(key); }

    // Whether a newer version has been heard of, so that a fill with this would be refused.
    bool is_outdated(Key key, const std::optional<Value>& value);

    // Fills that were older than what was known.
    std::uint64_t fills_refused() const { return fills_refused_; }

private:
    struct Known {
        Instant heard;
        Key key;
        Version version;
    };

    bool has_version(const std::optional<Value>& value) const {
        return goes_by_version_ && value && value->version != 0;
    }
    bool is_older_than_known(Key key, const Value& value) const;
    bool refuses(Key key, const Value& value);
    void remember(Key key, Version version);

    LocalCache& cache_;
    const Runtime& runtime_;
    const bool goes_by_version_;

    // Of the two below; held over a fill, too, so that no event comes between the look at what
    // is known and the fill.
    std::mutex guard_;
    std::unordered_map<Key, Version> newest_;
    std::deque<Known> heard_;  // Oldest first.
    std::atomic<std::uint64_t> fills_refused_ = 0;
};

}  // namespace stalemark
