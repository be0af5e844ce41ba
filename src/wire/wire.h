// SPDX-License-Identifier: Apache-2.0
// The path from a strategy to a tier: each call over it takes time and may have to queue.
//
// Half of the delay lies before the call and half after, as on a network, so that a reader can
// hold an answer that a writer has already made stale. The tier at its far end serves so many
// calls at once; the others queue, first come, first served, for the whole of the delay.
// Without a limit, herds and melt-downs would be artefacts.
//
// A call that fails on purpose (wire/faults.h) is not made: it comes back after the first half
// of its delay.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "core/distribution.h"
#include "core/random.h"
#include "runtime/runtime.h"
#include "runtime/semaphore.h"
#include "runtime/task_group.h"
#include "wire/disturbance.h"

namespace stalemark {

struct WireSettings {
    Distribution latency;  // Round trip in ns; constant 0: the tier takes its own.
    std::optional<std::uint64_t> servers;  // Calls served at once; nothing: no limit.

    // Who has waited so long, the time in the queue included, gives up. The tier does the work
    // all the same. Only in virtual time, where a task costs little: each call is one.
    std::optional<Duration> timeout;

    bool is_bare() const { return latency.most() == 0 && !servers && !timeout; }
};

class Wire {
    struct NoNote {
        void operator()(const auto& /*answer*/) const {}
    };

public:
    // `name` names the random stream that the delays come from. `on_queue`, if any, is told how
    // long each call waited for a server; calls may tell it at once. `disturbance`, if any, is
    // what goes wrong on purpose.
    Wire(Runtime& runtime, WireSettings settings, std::string_view name, std::uint64_t seed,
         std::function<void(Duration)> on_queue = nullptr, Disturbance* disturbance = nullptr)
        : runtime_(runtime),
          settings_(std::move(settings)),
          delays_(Random::family(seed, name)),
          disturbance_(disturbance != nullptr && !disturbance->is_empty() ? disturbance
                                                                          : nullptr),
          is_bare_(settings_.is_bare() && disturbance_ == nullptr),
          on_queue_(std::move(on_queue)) {
        if (settings_.servers) {
            // A server is the tier's: it is free when its caller is gone.
            servers_.emplace(runtime_, *settings_.servers, Semaphore::OfTheKilled::released);
        }
    }

    // Carries one call there and its answer back. Any number of tasks may call at once. `note`
    // is shown the answer at the far end, while it is on its way back: it takes none of the
    // caller's time, unless the wire is bare.
    template <typename Call, typename Note = NoNote>
    auto carry(const Call& call, const Note& note = {}) -> decltype(call()) {
        if (!runtime_.may_call()) [[unlikely]] {
            if constexpr (Fallible<decltype(call())>) return refused<decltype(call())>();
        }
        if (is_bare_) {
            auto answer = call();
            note(answer);
            return answer;
        }
        const Instant asked = runtime_.now();
        const Place place(servers_);
        const Instant sent = runtime_.now();
        if (servers_ && on_queue_) on_queue_(sent - asked);

        const Duration drawn = draw();
        const Duration delay = disturbance_ ? disturbance_->slowed(drawn) : drawn;
        runtime_.sleep_until(sent + delay / 2);
        if constexpr (Fallible<decltype(call())>) {
            if (disturbance_ && disturbance_->fails()) {
                return refused<decltype(call())>();
            }
        }
        auto answer = call();
        const Instant back = runtime_.now() + (delay - delay / 2);
        note(answer);
        runtime_.sleep_until(back);
        return answer;
    }

    // As carry(), but the caller leaves at the timeout, with nothing. The call goes on without
    // it, in its place in the queue and at its server, as a task of `calls`: neither it nor
    // `note` may hold anything of the caller's. Requires: has_timeout().
    template <typename Call, typename Note = NoNote>
    auto carry_in_time(TaskGroup& calls, Call call, Note note = {})
        -> std::optional<decltype(call())> {
        struct Errand {
            std::mutex guard;
            std::optional<decltype(call())> answer;
            Task* waiting;  // nullptr: it has left.
        };
        if (!runtime_.may_call()) [[unlikely]]
            return std::nullopt;
        const auto errand = std::make_shared<Errand>();
        errand->waiting = runtime_.self();
        struct Leaving {
            Errand& errand;
            ~Leaving() {
                const std::lock_guard lock(errand.guard);
                errand.waiting = nullptr;
            }
        } const leaving{*errand};
        const Instant deadline = runtime_.now() + *settings_.timeout;
        errands_.fetch_add(1, std::memory_order_relaxed);
        calls.spawn("call of the store",
                    [this, errand, call = std::move(call), note = std::move(note)] {
                        struct Answered {
                            std::atomic<std::uint64_t>& errands;
                            ~Answered() { errands.fetch_sub(1, std::memory_order_relaxed); }
                        } const answered{errands_};
                        auto answer = carry(call, note);
                        const std::lock_guard lock(errand->guard);
                        errand->answer.emplace(std::move(answer));
                        if (errand->waiting != nullptr) runtime_.unpark(errand->waiting);
                    });
        while (true) {
            const bool is_woken = runtime_.park_until(deadline, "an answer of the store");
            const std::lock_guard lock(errand->guard);
            if (errand->answer || !is_woken) return std::move(errand->answer);
        }
    }

    // Waits for the calls whose callers have left.
    void settle() {
        while (errands_.load(std::memory_order_relaxed) > 0) {
            runtime_.sleep_for(std::chrono::milliseconds(1));
        }
    }

    // Whether a call over it takes no time and cannot fail.
    bool is_bare() const { return is_bare_; }

    // How often its tier has lost all that it had so far.
    std::uint64_t flushes() const { return disturbance_ ? disturbance_->flushes() : 0; }

    Instant now() const { return runtime_.now(); }
    Runtime& runtime() { return runtime_; }

    bool has_timeout() const { return settings_.timeout.has_value(); }

private:
    // A call's server, if they are limited.
    class Place {
    public:
        explicit Place(std::optional<Semaphore>& servers) : servers_(servers) {
            if (servers_) servers_->acquire("a server of the store");
        }
        ~Place() {
            if (servers_) servers_->release();
        }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

    private:
        std::optional<Semaphore>& servers_;
    };

    template <Fallible Answer>
    static Answer refused() {
        return std::unexpected(failure_of<typename Answer::error_type>());
    }

    Duration draw() {
        const auto number = calls_.fetch_add(1, std::memory_order_relaxed);
        Random random = delays_.member(number);
        return Duration(static_cast<Duration::rep>(settings_.latency.sample(random)));
    }

    Runtime& runtime_;
    const WireSettings settings_;
    const Random::Family delays_;
    Disturbance* const disturbance_;  // nullptr: nothing ever goes wrong.
    const bool is_bare_;
    std::atomic<std::uint64_t> calls_ = 0;
    std::atomic<std::uint64_t> errands_ = 0;  // Calls under way that may outstay their callers.
    std::optional<Semaphore> servers_;
    const std::function<void(Duration)> on_queue_;
};

}  // namespace stalemark
