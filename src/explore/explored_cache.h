// SPDX-License-Identifier: Apache-2.0
// A cache that all nodes share, whose calls are steps of a schedule.

#pragma once

#include "caches/cache.h"
#include "explore/explored_store.h"

namespace stalemark {

class ExploredCache final : public Cache {
public:
    // `store`: names what is seen, for people. `couples_keys`: what is done to one key may push
    // out what is remembered of another.
    ExploredCache(ScheduleRuntime& runtime, LocalCache& cache, Shared kind,
                  const ExploredStore& store, bool couples_keys = false)
        : runtime_(runtime),
          cache_(cache),
          kind_(kind),
          store_(store),
          couples_keys_(couples_keys) {}

    using Cache::get;
    std::expected<Cached, Missed> get(Key key, const Look& look) override {
        const bool is_quarantine = look.quarantine.ttl > Duration{0};
        runtime_.step(object_of(key), is_quarantine ? "quarantine" : "get", is_quarantine);
        if (!runtime_.may_call()) return std::unexpected(Miss::unavailable);
        auto found = cache_.get(key, look);
        if (!found && found.error().lease != no_stamp) {
            runtime_.note_write();
            runtime_.note_changed(object_of(key));
        }
        if (runtime_.is_recording)
            say(found ? store_.name_of(key, found->row) : missed(look, found.error()));
        return found;
    }

    using Cache::put;
    Result<Stamp> put(Key key, const Row& row, const Life& life,
                      const Condition& condition) override {
        runtime_.step(object_of(key), "put", true);
        if (!runtime_.may_call()) return std::unexpected(Trouble::unknown);
        const auto put = cache_.put(key, row, life, condition);
        const bool is_made = put && *put != no_stamp;
        if (is_made) {
            runtime_.note_changed(object_of(key));
            has_[index_of(key)] = true;
        }
        if (runtime_.is_recording) {
            const bool is_entry = kind_ == Shared::cache;
            say(!is_made ? "refused" : is_entry ? store_.name_of(key, row) : "taken");
        }
        return put;
    }

    using Cache::erase;
    Result<bool> erase(Key key, const Condition& condition, const Remains& remains) override {
        runtime_.step(object_of(key), "erase", true);
        if (!runtime_.may_call()) return std::unexpected(Trouble::unknown);
        const auto erased = cache_.erase(key, condition, remains);
        const bool is_made = erased && *erased;
        if (is_made) {
            runtime_.note_changed(object_of(key));
            has_[index_of(key)] = remains.version != 0;
        }
        if (runtime_.is_recording) say(is_made ? "" : "refused");
        return erased;
    }

    // Whether there may be something of the key that can be evicted.
    bool has(Key key) const { return has_[index_of(key)]; }
    void evict(Key key) {
        cache_.evict(key);
        has_[index_of(key)] = false;
        runtime_.note_changed(object_of(key));
    }

    LocalCache& local() const { return cache_; }

private:
    SharedObject object_of(Key key) const {
        if (couples_keys_) return {kind_, 0, SharedObject::all_keys};
        return {kind_, 0, static_cast<std::uint8_t>(index_of(key))};
    }

    static std::string missed(const Look& look, const Missed& miss) {
        if (look.lease == Duration{0}) return "miss";
        return miss.lease == no_stamp ? "miss, no lease" : "miss, lease";
    }

    void say(const std::string& effect) {
        runtime_.effect += (runtime_.effect.empty() || effect.empty() ? "" : ", ") + effect;
    }

    ScheduleRuntime& runtime_;
    LocalCache& cache_;
    const Shared kind_;
    const ExploredStore& store_;
    const bool couples_keys_;
    std::array<bool, Program::keys_most> has_{};
};

}  // namespace stalemark
