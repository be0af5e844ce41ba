// The path from a strategy to a tier: each call over it takes time and may have to queue.
//
// Half of the delay lies before the call and half after, as on a network, so that a reader can
// hold an answer that a writer has already made stale. The tier at its far end serves so many
// calls at once; the others queue, first come, first served, for the whole of the delay.
// Without a limit, herds and melt-downs would be artefacts.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "core/distribution.h"
#include "core/random.h"
#include "runtime/runtime.h"
#include "runtime/semaphore.h"

namespace stalemark {

struct WireSettings {
    Distribution latency;  // Round trip in ns; constant 0: the tier takes its own.
    std::optional<std::uint64_t> servers;  // Calls served at once; nothing: no limit.

    bool is_bare() const { return latency.most() == 0 && !servers; }
};

class Wire {
public:
    // `name` names the random stream that the delays come from. `on_queue`, if any, is told how
    // long each call waited for a server; calls may tell it at once.
    Wire(Runtime& runtime, WireSettings settings, std::string_view name, std::uint64_t seed,
         std::function<void(Duration)> on_queue = nullptr)
        : runtime_(runtime),
          settings_(std::move(settings)),
          delays_(Random::family(seed, name)),
          on_queue_(std::move(on_queue)) {
        if (settings_.servers) servers_.emplace(runtime_, *settings_.servers);
    }

    // Carries one call there and its answer back. Any number of tasks may call at once.
    template <typename Call>
    auto carry(Call call) {
        if (settings_.is_bare()) return call();
        const Instant asked = runtime_.now();
        if (servers_) servers_->acquire("a server of the store");
        const Instant sent = runtime_.now();
        if (servers_ && on_queue_) on_queue_(sent - asked);

        const Duration delay = draw();
        runtime_.sleep_until(sent + delay / 2);
        auto answer = call();
        runtime_.sleep_until(runtime_.now() + (delay - delay / 2));
        if (servers_) servers_->release();
        return answer;
    }

    Instant now() const { return runtime_.now(); }

private:
    Duration draw() {
        const auto number = calls_.fetch_add(1, std::memory_order_relaxed);
        Random random = delays_.member(number);
        return Duration(static_cast<Duration::rep>(settings_.latency.sample(random)));
    }

    Runtime& runtime_;
    const WireSettings settings_;
    const Random::Family delays_;
    std::atomic<std::uint64_t> calls_ = 0;
    std::optional<Semaphore> servers_;
    const std::function<void(Duration)> on_queue_;
};

}  // namespace stalemark
