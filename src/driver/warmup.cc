// SPDX-License-Identifier: Apache-2.0
#include "driver/warmup.h"

#include <algorithm>
#include <limits>

#include "core/random.h"
#include "driver/crew.h"
#include "driver/hit_ratio_trend.h"

namespace stalemark {
namespace {

// A warm-up without a length of its own is first looked at after this time.
constexpr Duration first_look = std::chrono::milliseconds(250);

class WarmingUp {
public:
    WarmingUp(Runtime& runtime, Crew& crew, const WorkloadSpec& spec,
              const DriveSettings& settings, const DriveHooks& hooks,
              const std::atomic<bool>& stop)
        : runtime_(runtime),
          crew_(crew),
          spec_(spec),
          settings_(settings),
          hooks_(hooks),
          stretch_{.began = runtime.now(), .stop = stop},
          // Where its length is given, there are looks before its first quarter is over.
          trend_(settings.warmup ? *settings.warmup / 8 : first_look) {
        if (settings.warmup) stretch_.ends = stretch_.began + *settings.warmup;
    }

    Warmup run() {
        const Crew::Passage passage =
            crew_.go_through({.seed = mix(settings_.seed ^ hash_of("warm-up")),
                              .operations_max = std::numeric_limits<std::uint64_t>::max()},
                             stretch_,
                             {.next_look = [&] { return next_look(); },
                              .look = [&](Instant now) { look(now); }});
        if (passage.ended >= stretch_.ends) {
            note_hits();
            ended_ = WarmupEnd::duration;
        } else if (stretch_.stop) {
            ended_ = WarmupEnd::interrupted;
        }
        return {.duration = passage.ended - stretch_.began,
                .operations = passage.sent,
                .ended = ended_,
                .hit_ratio = trend_.ratio(),
                .is_stable = is_stable()};
    }

private:
    Instant next_look() const {
        const Duration next = trend_.next_look();
        const bool is_before_limit = runtime_.now() - stretch_.began < warmup_max;
        return stretch_.began + (is_before_limit ? std::min(next, warmup_max) : next);
    }

    void look(Instant now) {
        const Duration spent = now - stretch_.began;
        if (hooks_.on_warmup) hooks_.on_warmup(spent);
        const bool is_due = spent >= trend_.next_look() && now < stretch_.ends;
        if (is_due) note_hits();
        if (settings_.warmup) return;
        if (is_due && is_stable()) {
            end(WarmupEnd::stable);
        } else if (is_too_long(spent)) {
            end(WarmupEnd::limit);
        }
    }

    void end(WarmupEnd why) {
        ended_ = why;
        stretch_.is_over = true;
    }

    void note_hits() {
        const Crew::Counts counts = crew_.counts();
        trend_.note(runtime_.now() - stretch_.began, counts.reads, counts.hits);
    }

    // Without reads there is no hit ratio that could change.
    bool is_stable() const {
        const Mix& mix = spec_.phases[0].mix;
        const bool has_reads = spec_.trace || mix.read + mix.read_modify_write > 0;
        return !has_reads || trend_.is_stable();
    }

    bool is_too_long(Duration spent) const {
        return spent >= warmup_max && (!settings_.is_virtual ||
                                       crew_.counts().sent >= simulated_warmup_operations_max);
    }

    Runtime& runtime_;
    Crew& crew_;
    const WorkloadSpec& spec_;
    const DriveSettings& settings_;
    const DriveHooks& hooks_;
    Stretch stretch_;
    HitRatioTrend trend_;
    WarmupEnd ended_ = WarmupEnd::workload;
};

}  // namespace

Warmup warm_up(Runtime& runtime, Crew& crew, const WorkloadSpec& spec,
               const DriveSettings& settings, const DriveHooks& hooks,
               const std::atomic<bool>& stop) {
    if (settings.warmup == Duration{0} || stop) return {};
    return WarmingUp(runtime, crew, spec, settings, hooks, stop).run();
}

}  // namespace stalemark
