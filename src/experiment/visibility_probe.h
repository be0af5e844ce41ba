// SPDX-License-Identifier: Apache-2.0
// Looks, some time after some writes were acknowledged, whether any cache still holds something
// older (measure/visibility.h).

#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include "caches/cache.h"
#include "events/agenda.h"
#include "measure/oracle.h"
#include "measure/visibility.h"
#include "runtime/semaphore.h"
#include "runtime/task_group.h"

namespace stalemark {

class VisibilityProbe {
public:
    // Shows what every cache holds of a key at an instant.
    using Peek = std::function<void(Key, Instant, const std::function<void(const Cached&)>&)>;

    // Starts the task that looks. Takes one write of `one_of`.
    VisibilityProbe(Runtime& runtime, const Oracle& oracle, Peek peek, std::uint64_t one_of);

    // A write was acknowledged at `when`, after the oracle was told.
    void note(Key key, const Header& header, Instant when);

    // The counts begin anew: with the writes that are noted from now on.
    void forget();

    // Ends the task; what is not due yet is not looked at. Called once, from a task.
    void end();

    VisibilityCounts counts() const;

private:
    struct Look {
        Key key;
        std::uint32_t invocation;
        std::size_t delay;  // Which of visibility_delays.
        std::uint64_t epoch;
    };

    void work();
    bool is_visible(const Look& look) const;

    Runtime& runtime_;
    const Oracle& oracle_;
    const Peek peek_;
    const std::uint64_t one_of_;
    std::atomic<std::uint64_t> noted_ = 0;
    Agenda<Look> looks_;
    std::atomic<std::uint64_t> epoch_ = 0;  // How often forget() was called.
    mutable std::mutex guard_;              // Of counts_.
    VisibilityCounts counts_;
    Semaphore ended_;
    TaskGroup looking_;  // The last member: the first to go.
};

}  // namespace stalemark
