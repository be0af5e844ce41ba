// SPDX-License-Identifier: Apache-2.0
// Reloads entries of a node in the background, each key once at a time, whoever asks for it.

#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <utility>

#include "core/types.h"
#include "runtime/executor.h"
#include "shields/settings.h"

namespace stalemark {

class BackgroundReloads {
public:
    BackgroundReloads(Runtime& runtime, const ShieldSettings& settings)
        : runtime_(runtime), settings_(settings) {}

    // Starts the tasks that reload: as many at once, and as many that wait, as the settings
    // say. Called by everybody who is going to start reloads, before the first; again: nothing.
    void open() {
        if (!executor_) {
            executor_.emplace(runtime_, "reload", settings_.reloads,
                              settings_.reload_queue_max);
        }
    }

    // Answers whether this call has started `reload`: false if the key is being reloaded
    // already or too many wait. Requires: it is open.
    bool start(Key key, std::function<void()> reload) {
        if (!begin(key)) return false;
        const bool is_taken = executor_->submit([this, key, reload = std::move(reload)] {
            struct Leaving {
                BackgroundReloads& reloads;
                Key key;
                ~Leaving() { reloads.end(key); }
            } const leaving{*this, key};
            reload();
        });
        if (!is_taken) end(key);
        return is_taken;
    }

    // Waits for those that were started. Called once, from a task.
    void close() {
        if (executor_) executor_->close();
    }

private:
    bool begin(Key key) {
        runtime_.point({"reloads", "begin", key});
        const std::lock_guard lock(guard_);
        return under_way_.insert(key).second;
    }
    void end(Key key) {
        runtime_.point({"reloads", "end", key});
        const std::lock_guard lock(guard_);
        under_way_.erase(key);
    }

    Runtime& runtime_;
    const ShieldSettings& settings_;
    std::mutex guard_;
    std::unordered_set<Key> under_way_;
    std::optional<Executor> executor_;
};

}  // namespace stalemark
