// SPDX-License-Identifier: Apache-2.0
#include "experiment/run.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <optional>

#include "core/errors.h"
#include "core/huge_pages.h"
#include "core/wall_clock.h"
#include "experiment/recording.h"
#include "experiment/rig.h"
#include "runtime/task_group.h"

namespace stalemark {
namespace {

Usage usage_now() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ns = [](const timeval& time) {
        return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
               static_cast<std::uint64_t>(time.tv_usec) * 1'000;
    };
    return {.user_ns = ns(usage.ru_utime),
            .system_ns = ns(usage.ru_stime),
            .resident_bytes_max = static_cast<std::uint64_t>(usage.ru_maxrss) * 1'024};
}

Counts counts_now(Rig& rig) {
    return {.cache = rig.fleet().cache_counts(),
            .shared_cache = rig.fleet().shared_counts(),
            .reloads = rig.fleet().reloads(),
            .store = rig.system().store().counts(),
            .store_queue = rig.system().queue(),
            .store_facts = rig.store().facts(),
            .usage = usage_now(),
            .machine = machine_time()};
}

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

// As far as it is known beforehand.
std::optional<Duration> expected_length(const WorkloadSpec& workload) {
    if (workload.duration) return workload.duration;
    const bool is_steady = workload.phases.size() == 1 && !workload.trace;
    if (!is_steady || !workload.operations || !workload.phases[0].rate) return std::nullopt;
    const double length_s =
        static_cast<double>(*workload.operations) / *workload.phases[0].rate;
    constexpr double most_s = 1e9;  // Of what a Duration can hold.
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(std::min(length_s, most_s)));
}

// Whatever ends the run first; nothing: it lasts as long as its trace does, or a phase.
std::optional<double> share_done(const WorkloadSpec& workload, Duration elapsed,
                                 std::uint64_t sent) {
    std::optional<double> share;
    const auto note = [&](double done, double all) {
        share = std::max(share.value_or(0), std::min(1.0, done / all));
    };
    if (workload.duration) note(seconds(elapsed), seconds(*workload.duration));
    if (workload.operations)
        note(static_cast<double>(sent), static_cast<double>(*workload.operations));
    if (std::ranges::all_of(workload.phases,
                            [](const Phase& one) { return one.duration.has_value(); })) {
        double all = 0;
        for (const Phase& phase : workload.phases) all += seconds(*phase.duration);
        note(seconds(elapsed), all);
    }
    return share;
}

// Some sixty intervals, none shorter than 50 ms nor, in real time, longer than a second.
Duration timeline_interval(const Experiment& experiment) {
    const Duration longest =
        experiment.is_virtual() ? Duration::max() : Duration(std::chrono::seconds(1));
    return std::clamp<Duration>(
        expected_length(experiment.workload).value_or(std::chrono::seconds(15)) / 60,
        std::chrono::milliseconds(50), longest);
}

// Takes the most concurrent reads since the last mark, and keeps the most of all.
StoreMark store_mark(Rig& rig, std::uint64_t reads, Observations& seen) {
    const std::uint64_t most = rig.system().store().take_concurrent_reads_max();
    seen.concurrent_reads_max = std::max(seen.concurrent_reads_max, most);
    return {.reads = reads, .concurrent_reads_max = most};
}

void tell_warmup(Progress& progress, const WorkloadSpec& workload, Duration elapsed) {
    progress.show("warming up",
                  seconds(elapsed) / seconds(workload.warmup.value_or(warmup_max)),
                  workload.warmup ? "" : "at most");
}

DriveHooks hooks(Rig& rig, const WorkloadSpec& workload, Progress& progress,
                 Observations& seen) {
    return {.on_measure =
                [&] {
                    seen.before = counts_now(rig);
                    rig.system().store().take_concurrent_reads_max();
                    rig.judges().exposure.forget_peaks();
                    rig.fleet().forget_peaks();
                    seen.shield_before = rig.fleet().shield_counts();
                    seen.queue_before = rig.fleet().queue_counts().value_or(QueueCounts{});
                    seen.events_before = rig.fleet().event_counts();
                    if (rig.visibility()) rig.visibility()->forget();
                    rig.system().start_faults();
                    progress.show("measuring", share_done(workload, Duration{0}, 0), "0.0 s");
                },
            .on_mark =
                [&](Duration elapsed) {
                    seen.store_marks.note(elapsed, [&] {
                        const std::uint64_t reads = rig.system().store().counts().reads;
                        return store_mark(rig, reads - seen.before.store.reads, seen);
                    });
                },
            .on_warmup =
                [&](Duration elapsed) {
                    if (progress.is_due()) tell_warmup(progress, workload, elapsed);
                },
            .on_progress =
                [&](Duration elapsed, const std::function<std::uint64_t()>& sent) {
                    if (!progress.is_due()) return;
                    progress.show("measuring", share_done(workload, elapsed, sent()),
                                  fmt::format("{:.1f} s", seconds(elapsed)));
                }};
}

Divergence take_divergence(Rig& rig, std::uint64_t keys, Instant at) {
    const auto seen_of = [](Key key, const Row& row) {
        return row.bytes ? unseal(key, row.bytes->view()) : Seen();
    };
    return audit(
        rig.judges().oracle, keys,
        [&](const std::function<void(Key, const Seen&)>& see) {
            rig.fleet().visit(
                at, [&](Key key, const Cached& cached) { see(key, seen_of(key, cached.row)); });
        },
        [&](Key key) {
            const auto stored = rig.store().get(key);
            if (!stored) throw RunError("the store cannot be read for the audit");
            return seen_of(key, *stored);
        });
}

// When the last entry that ends by itself has done so; nothing: none ever does. Near copies may
// end where the entries of the shared cache do not.
std::optional<Instant> end_of_lives(const Experiment& experiment, Instant now) {
    Duration longest{0};
    const SystemSettings& system = experiment.system;
    for (const Duration ttl : {system.longest_ttl, system.fleet.near_ttl_max}) {
        if (ttl != Duration::max()) longest = std::max(longest, ttl + system.settings.grace);
    }
    if (system.settings.negative_ttl != Duration::max())
        longest = std::max(longest, system.settings.negative_ttl);
    return longest > Duration{0} ? std::optional(now + longest) : std::nullopt;
}

// Drives and audits; to be called in a task.
void observe(Rig& rig, const Experiment& experiment, Progress& progress, Observations& seen,
             Duration interval, const std::atomic<bool>& stop) {
    const WorkloadSpec& workload = experiment.workload;
    std::optional<Recording> recording;
    if (experiment.history.is_recorded()) recording.emplace(experiment);
    const DriveSettings settings = {.seed = experiment.system.seed,
                                    .clients = experiment.clients,
                                    .sessions = experiment.sessions,
                                    .duration = workload.duration,
                                    .operations = workload.operations,
                                    .warmup = workload.warmup,
                                    .interval = interval,
                                    .processors = experiment.processors,
                                    .is_virtual = experiment.is_virtual(),
                                    .history = recording ? &recording->recorder() : nullptr};
    seen.driven = drive(rig.runtime(), rig.fleet().strategies(), rig.judges(), workload,
                        settings, hooks(rig, workload, progress, seen), stop);
    const Instant stopped = rig.runtime().now();
    seen.harness_bytes = seen.driven->memory_bytes + rig.judges().memory_bytes();
    if (recording) {
        seen.harness_bytes += recording->memory_bytes();
        seen.history = recording->finish();
    }
    seen.after = counts_now(rig);
    seen.calls_hit = rig.system().calls_hit();
    seen.store_marks.finish(
        seen.driven->recorder,
        store_mark(rig, seen.after.store.reads - seen.before.store.reads, seen));
    seen.cache_use = rig.fleet().cache_use();
    seen.shared_use = rig.fleet().shared_use();
    const Exposure& exposure = rig.judges().exposure;
    seen.exposure_writes_at_stop = exposure.writes_now();
    seen.exposure_writes_max = exposure.writes_max();
    seen.exposure_age_max = exposure.age_max(stopped);

    if (rig.visibility()) {
        rig.visibility()->end();
        seen.visibility = rig.visibility()->counts();
    }

    progress.show("draining and auditing");
    if (!stop) seen.at_stop = take_divergence(rig, workload.keys, stopped);
    rig.fleet().drain();
    rig.system().store().wait_for_given_up();
    seen.shield = rig.fleet().shield_counts();
    seen.events = rig.fleet().event_counts();
    if (const auto queue = rig.fleet().queue_counts()) seen.queue = *queue - seen.queue_before;
    if (stop) return;
    // As though the drain had taken no time: what it waits for must not be mended by expiry.
    seen.after_drain = take_divergence(rig, workload.keys, stopped);
    // Nothing but expiry changes the cache from here on: what it would serve then is known now.
    if (const auto end = end_of_lives(experiment, rig.runtime().now()))
        seen.after_ttl = take_divergence(rig, workload.keys, *end);
}

std::uint64_t writes_of(const Recorder& recorder) {
    std::uint64_t writes = 0;
    for (const auto kind :
         {OperationKind::write, OperationKind::erase, OperationKind::read_modify_write}) {
        const OperationRecord& record = recorder.kinds()[static_cast<std::size_t>(kind)];
        writes += record.done();
    }
    return writes;
}

std::optional<Verdict> verdict_on(const Experiment& experiment, const Observations& seen) {
    if (!seen.after_drain) return std::nullopt;
    return judge(promise_of(experiment.system),
                 {.consistency = seen.driven->consistency,
                  .writes = writes_of(seen.driven->recorder),
                  .exposure_writes_max = seen.exposure_writes_max,
                  .after_drain = *seen.after_drain,
                  .at_the_end = seen.after_ttl.value_or(*seen.after_drain)});
}

}  // namespace

Observations carry_out(const Experiment& experiment, Progress& progress,
                       const std::atomic<bool>& stop) {
    const Duration interval = timeline_interval(experiment);
    Observations seen{.started_at = utc_now(), .store_marks = StoreMarks(interval)};
    {
        if (experiment.is_virtual()) prefer_huge_pages();
        Rig rig(experiment, progress, stop);
        if (experiment.session) seen.canary = run_canary();
        TaskGroup tasks(rig.runtime());
        tasks.spawn("run", [&] { observe(rig, experiment, progress, seen, interval, stop); });
        rig.runtime().run();
        seen.virtual_facts = rig.virtual_facts();
    }
    if (!stop && !experiment.is_virtual())
        seen.overhead = measure_overhead(experiment.workload);
    seen.verdict = verdict_on(experiment, seen);
    return seen;
}

}  // namespace stalemark
