// SPDX-License-Identifier: Apache-2.0
#include "driver/driver.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "driver/crew.h"
#include "driver/warmup.h"

namespace stalemark {
namespace {

// Clients share recorders, so that their memory does not grow with the number of clients.
constexpr std::size_t recorders_max = 8;

class Driver {
public:
    Driver(Runtime& runtime, std::span<Strategy* const> nodes, Judges& judges,
           const WorkloadSpec& spec, const DriveSettings& settings, const DriveHooks& hooks,
           const std::atomic<bool>& stop)
        : runtime_(runtime),
          spec_(spec),
          settings_(settings),
          hooks_(hooks),
          stop_(stop),
          crew_(runtime, nodes, judges, spec, settings),
          left_(settings.operations.value_or(std::numeric_limits<std::uint64_t>::max())),
          interval_(settings.interval) {}

    DriveResult run() {
        const Warmup warmup = warm_up(runtime_, crew_, spec_, settings_, hooks_, stop_);
        for (Client& client : crew_.clients()) client.witness().reset_counts();
        if (hooks_.on_measure) hooks_.on_measure();

        const Instant began = runtime_.now();
        DriveResult result{.recorder = new_recorder(began), .warmup = warmup};
        const std::size_t recorders =
            settings_.is_virtual ? 1 : std::min<std::size_t>(settings_.clients, recorders_max);
        for (std::size_t i = 0; i < recorders; ++i)
            recorders_.emplace_back(new_recorder(began));
        sent_before_ = crew_.counts().sent;
        next_mark_ = began + interval_;
        Instant ended = began;
        for (std::uint32_t phase = 0; phase < spec_.phases.size() && !stop_; ++phase) {
            ended = measure(phase, began, result);
        }
        collect(began, ended, result);
        return result;
    }

private:
    Recorder new_recorder(Instant began) const {
        return Recorder(operation_kinds, outcomes, began, settings_.interval);
    }

    // Goes through one phase. When it ended.
    Instant measure(std::uint32_t number, Instant run_began, DriveResult& result) {
        const Phase& phase = spec_.phases[number];
        Stretch stretch{.began = runtime_.now(), .stop = stop_};
        if (phase.duration) stretch.ends = stretch.began + *phase.duration;
        if (settings_.duration) {
            stretch.ends = std::min(stretch.ends, run_began + *settings_.duration);
        }
        const std::function<std::uint64_t()> sent = [&] {
            return crew_.counts().sent - sent_before_;
        };
        const auto look = [&](Instant now) {
            if (hooks_.on_mark) hooks_.on_mark(now - run_began);
            if (hooks_.on_progress) hooks_.on_progress(now - run_began, sent);
            pass_marks(now, run_began);
        };
        Crew::Passage passage =
            crew_.go_through({.phase = number,
                              .seed = settings_.seed,
                              .operations_max = left_,
                              .recorders = &recorders_},
                             stretch, {.next_look = [&] { return next_mark_; }, .look = look});
        // One at the very end of the phase: the last client may have left before it was looked.
        if (next_mark_ <= passage.ended) look(passage.ended);
        if (settings_.operations) left_ -= passage.sent;
        if (passage.arrivals) {
            result.is_open_loop = true;
            result.clients_busy_max =
                std::max(result.clients_busy_max, passage.arrivals->busy_max());
            open_phases_.push_back({std::move(passage.arrivals), stretch.ends, passage.ended});
            // What this phase dropped is no longer to be sent in the next. Else the counting,
            // which takes its time, waits until the run is over.
            const bool is_last = number + 1 == spec_.phases.size();
            if (settings_.operations && !is_last && !stop_)
                left_ -= take_account(open_phases_.back(), result);
        }
        return passage.ended;
    }

    // Of a phase that was an open loop.
    struct OpenPhase {
        std::unique_ptr<ArrivalQueue> arrivals;  // nullptr: it has been taken account of.
        Instant ends;                            // As planned.
        Instant ended;
    };

    // How many operations of the phase were dropped.
    std::uint64_t take_account(OpenPhase& phase, DriveResult& result) {
        const auto arrivals = std::move(phase.arrivals);
        const std::uint64_t dropped = arrivals->count_dropped(phase.ends, stop_);
        result.recorder.add_dropped(dropped);
        result.is_saturated |= arrivals->is_saturated(std::min(phase.ended, phase.ends));
        return dropped;
    }

    // The intervals of a long run double as those of its recorders do.
    void pass_marks(Instant now, Instant run_began) {
        while (next_mark_ <= now) {
            if ((next_mark_ - run_began) / interval_ == intervals_most) interval_ *= 2;
            next_mark_ += interval_;
        }
    }

    void collect(Instant began, Instant ended, DriveResult& result) {
        result.elapsed = ended - began;
        result.is_complete = !stop_;
        for (OpenPhase& phase : open_phases_) {
            // Of an interrupted run it is not known.
            if (phase.arrivals && !stop_) take_account(phase, result);
        }
        result.memory_bytes = crew_.memory_bytes();
        for (SharedRecorder& shared : recorders_) {
            shared.recorder().finish(ended);
            result.recorder.merge(shared.recorder());
            result.memory_bytes += shared.recorder().memory_bytes();
        }
        for (Client& client : crew_.clients()) {
            result.consistency.merge(client.witness().counts());
        }
    }

    Runtime& runtime_;
    const WorkloadSpec& spec_;
    const DriveSettings& settings_;
    const DriveHooks& hooks_;
    const std::atomic<bool>& stop_;
    Crew crew_;
    std::deque<SharedRecorder> recorders_;
    std::vector<OpenPhase> open_phases_;
    std::uint64_t left_;             // Operations that may still be sent.
    std::uint64_t sent_before_ = 0;  // In the warm-up.
    Duration interval_;              // Of the timeline, as it is now.
    Instant next_mark_ = never;      // When its interval ends.
};

}  // namespace

DriveResult drive(Runtime& runtime, std::span<Strategy* const> nodes, Judges& judges,
                  const WorkloadSpec& spec, const DriveSettings& settings,
                  const DriveHooks& hooks, const std::atomic<bool>& stop) {
    return Driver(runtime, nodes, judges, spec, settings, hooks, stop).run();
}

DriveResult drive(Runtime& runtime, Strategy& strategy, Judges& judges,
                  const WorkloadSpec& spec, const DriveSettings& settings,
                  const DriveHooks& hooks, const std::atomic<bool>& stop) {
    Strategy* const only = &strategy;
    return drive(runtime, {&only, 1}, judges, spec, settings, hooks, stop);
}

}  // namespace stalemark
