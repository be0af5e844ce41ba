// Reloads entries in the background, each key once at a time.

#pragma once

#include <functional>
#include <mutex>
#include <string_view>
#include <unordered_set>

#include "core/types.h"
#include "runtime/executor.h"
#include "shields/settings.h"

namespace stalemark {

class BackgroundReloads {
public:
    using Reload = std::function<void(Key key, std::uint64_t token)>;

    // As many at once, and as many that wait, as the settings say.
    BackgroundReloads(Runtime& runtime, std::string_view name, const ShieldSettings& settings,
                      Reload reload)
        : reload_(std::move(reload)),
          executor_(runtime, name, settings.reloads, settings.reload_queue_max) {}

    // Answers whether this call has started one: false if the key is being reloaded already or
    // too many wait.
    bool start(Key key, std::uint64_t token) {
        if (!begin(key)) return false;
        const bool is_taken = executor_.submit([this, key, token] {
            reload_(key, token);
            end(key);
        });
        if (!is_taken) end(key);
        return is_taken;
    }

    // Waits for those that were started. Called once, from a task.
    void close() { executor_.close(); }

private:
    bool begin(Key key) {
        const std::lock_guard lock(guard_);
        return under_way_.insert(key).second;
    }
    void end(Key key) {
        const std::lock_guard lock(guard_);
        under_way_.erase(key);
    }

    const Reload reload_;
    std::mutex guard_;
    std::unordered_set<Key> under_way_;
    Executor executor_;
};

}  // namespace stalemark
