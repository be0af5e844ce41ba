#include "driver/driver.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <deque>
#include <limits>
#include <mutex>

#include "driver/client.h"

namespace stalemark {
namespace {

constexpr Duration tick = std::chrono::milliseconds(50);  // How often the driver looks around.

// The hit ratio is stable when it has moved by less than this in each of so many windows in a
// row.
constexpr Duration window = std::chrono::milliseconds(250);
constexpr double stable_within = 0.005;
constexpr int stable_windows = 3;

// The session tables of all clients together stay within this.
constexpr std::size_t session_places_in_all = std::size_t{1} << 25;

// Of each client, and no more than there are keys.
std::size_t session_places(std::uint32_t clients, std::uint64_t keys) {
    const std::size_t fair = session_places_in_all / clients;
    const auto most = std::clamp<std::size_t>(std::bit_floor(fair), 64, 4'096);
    return std::min<std::size_t>(most, std::bit_ceil(keys));
}

// Counts clients down to none and wakes the driver then.
class Attendance {
public:
    Attendance(Runtime& runtime, std::size_t clients)
        : runtime_(runtime), driver_(runtime.self()), present_(clients) {}

    // Under the guard, so that the driver cannot be gone before it is woken.
    void leave() {
        const std::lock_guard lock(guard_);
        if (--present_ == 0) runtime_.unpark(driver_);
    }

    bool is_empty() {
        const std::lock_guard lock(guard_);
        return present_ == 0;
    }

private:
    Runtime& runtime_;
    Task* driver_;
    std::mutex guard_;
    std::size_t present_;
};

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
          payload_(spec.compressibility, settings.seed) {
        if (settings.processors) {
            // Of those who may queue; clients go round the nodes.
            const std::size_t clients_a_node =
                (settings.clients + nodes.size() - 1) / nodes.size();
            for (std::size_t i = 0; i < nodes.size(); ++i) {
                processors_.emplace_back(runtime, *settings.processors, clients_a_node);
            }
        }
        for (std::uint32_t i = 0; i < settings.clients; ++i) {
            const auto node = static_cast<std::uint32_t>(i % nodes.size());
            clients_.emplace_back(runtime, *nodes[node], judges, payload_,
                                  settings.processors ? &processors_[node] : nullptr, i,
                                  session_places(settings.clients, spec.keys), node);
            const std::uint64_t all =
                settings.operations.value_or(std::numeric_limits<std::uint64_t>::max());
            // Of a trace the source itself gives the first so many, whoever sends them.
            left_.push_back(settings.operations && !spec.trace
                                ? all / settings.clients + (i < all % settings.clients ? 1 : 0)
                                : all);
        }
    }

    DriveResult run() {
        const Duration warmup = warm_up();
        for (Client& client : clients_) client.witness().reset_counts();
        if (hooks_.on_measure) hooks_.on_measure();

        const Instant began = runtime_.now();
        std::vector<Recorder> recorders(
            settings_.is_one_thread ? 1 : clients_.size(),
            Recorder(operation_kinds, outcomes, began, settings_.interval));
        next_mark_ = began + settings_.interval;
        bool is_open_loop = false;
        for (std::uint32_t phase = 0; phase < spec_.phases.size() && !stop_; ++phase) {
            is_open_loop |= measure(phase, began, recorders);
            // What this phase dropped is no longer to be sent in the next.
            if (settings_.operations && phase + 1 < spec_.phases.size()) count_dropped();
        }
        return collect(began, warmup, is_open_loop, recorders);
    }

private:
    bool is_open_loop(const Phase& phase) const {
        return spec_.trace ? spec_.trace->speed > 0 : phase.rate.has_value();
    }

    // The first phase over, from a stream of its own so that what is measured is the same
    // however long it takes. How long it took.
    Duration warm_up() {
        if (settings_.warmup == Duration{0} || stop_) return Duration{0};
        Stretch stretch{.began = runtime_.now(), .is_open_loop = is_open_loop(spec_.phases[0])};
        stretch.ends = stretch.began + settings_.warmup.value_or(warmup_max);
        auto sources =
            open_sources(spec_, mix(settings_.seed ^ hash_of("warm-up")), 0, settings_.clients);
        int calm = 0;
        double ratio_before = -1;
        Instant window_ends = stretch.began + window;
        go_through(stretch, sources, nullptr, [&](Instant now) {
            if (hooks_.on_warmup) hooks_.on_warmup(now - stretch.began);
            if (settings_.warmup || now < window_ends) return;
            window_ends = now + window;
            const double ratio = take_hit_ratio();
            calm = std::abs(ratio - ratio_before) < stable_within ? calm + 1 : 0;
            ratio_before = ratio;
            if (calm >= stable_windows) stretch.is_over = true;
        });
        return runtime_.now() - stretch.began;
    }

    // Of the time since the last call.
    double take_hit_ratio() {
        std::uint64_t reads = 0;
        std::uint64_t hits = 0;
        for (const Client& client : clients_) {
            reads += client.reads();
            hits += client.hits();
        }
        const std::uint64_t reads_before = std::exchange(reads_seen_, reads);
        const std::uint64_t hits_before = std::exchange(hits_seen_, hits);
        if (reads == reads_before) return 0;
        return static_cast<double>(hits - hits_before) /
               static_cast<double>(reads - reads_before);
    }

    // Goes through one phase. Answers whether it was an open loop.
    bool measure(std::uint32_t number, Instant run_began, std::vector<Recorder>& recorders) {
        const Phase& phase = spec_.phases[number];
        Stretch stretch{.began = runtime_.now(), .is_open_loop = is_open_loop(phase)};
        if (phase.duration) stretch.ends = stretch.began + *phase.duration;
        if (settings_.duration) {
            stretch.ends = std::min(stretch.ends, run_began + *settings_.duration);
        }
        auto sources = open_sources(spec_, settings_.seed, number, settings_.clients);
        const std::function<std::uint64_t()> sent = [&] {
            std::uint64_t all = 0;
            for (const Client& client : clients_) all += client.sent();
            return all;
        };
        const auto look = [&](Instant now) {
            while (next_mark_ <= now) next_mark_ += settings_.interval;
            if (hooks_.on_mark) hooks_.on_mark(now - run_began);
            if (hooks_.on_progress) hooks_.on_progress(now - run_began, sent);
        };
        go_through(stretch, sources, &recorders, look);
        // One at the very end of the phase: the last client may have left before it was looked.
        if (next_mark_ <= runtime_.now()) look(runtime_.now());
        return stretch.is_open_loop;
    }

    // Lets all clients go and waits until the last is back; calls `look` every tick and at
    // every mark.
    template <typename Look>
    void go_through(Stretch& stretch, std::vector<std::unique_ptr<Source>>& sources,
                    std::vector<Recorder>* recorders, Look look) {
        Attendance attendance(runtime_, clients_.size());
        for (std::size_t i = 0; i < clients_.size(); ++i) {
            runtime_.spawn("client", [&, i] {
                struct Leaving {  // Even by an exception: the driver waits for every client.
                    Attendance& attendance;
                    ~Leaving() { attendance.leave(); }
                } const leaving{attendance};
                Recorder* const recorder =
                    recorders ? &(*recorders)[i % recorders->size()] : nullptr;
                const std::uint64_t most =
                    recorders ? left_[i] : std::numeric_limits<std::uint64_t>::max();
                const Client::Stint stint =
                    clients_[i].run(*sources[i], stretch, recorder, most);
                if (!recorders) return;
                left_[i] -= stint.sent;
                if (stint.unsent_due) {
                    const std::lock_guard lock(overdue_guard_);
                    overdue_.push_back({std::move(sources[i]), *stint.unsent_due,
                                        stretch.ends - stretch.began, i});
                }
            });
        }
        while (!attendance.is_empty()) {
            runtime_.park_until(std::min(runtime_.now() + tick, next_mark_), "clients");
            if (stop_) stretch.is_over = true;
            if (!attendance.is_empty()) look(runtime_.now());
        }
    }

    // Counts what came due and was never sent, since the last call. Whoever stops the run does
    // not wait for it: then it is not known.
    void count_dropped() {
        constexpr std::uint64_t look_every = 1 << 16;
        for (Overdue& overdue : overdue_) {
            std::optional<Duration> due = overdue.first_due;
            for (std::uint64_t& left = left_[overdue.client];
                 left > 0 && due && *due < overdue.until; --left) {
                if (dropped_ % look_every == 0 && stop_) return;
                ++dropped_;
                const auto next = overdue.source->next();
                due = next ? std::optional(next->due) : std::nullopt;
            }
        }
        overdue_.clear();
    }

    DriveResult collect(Instant began, Duration warmup, bool is_open_loop,
                        std::vector<Recorder>& recorders) {
        const Instant ended = runtime_.now();
        if (!stop_) count_dropped();  // Takes its time: after the end is noted.
        DriveResult result{
            .recorder = Recorder(operation_kinds, outcomes, began, settings_.interval),
            .elapsed = ended - began,
            .warmup = warmup,
            .is_complete = !stop_,
            .is_open_loop = is_open_loop};
        for (Recorder& recorder : recorders) {
            recorder.finish(ended);
            result.recorder.merge(recorder);
        }
        result.recorder.add_dropped(dropped_);
        Instant first_write = ended;
        for (Client& client : clients_) {
            result.consistency.merge(client.witness().counts());
            result.longest_miss = std::max(result.longest_miss, client.longest_miss());
            result.longest_write = std::max(result.longest_write, client.longest_write());
            first_write = std::min(first_write, client.witness().first_write());
        }
        result.longest_age_possible = ended - first_write;
        return result;
    }

    Runtime& runtime_;
    const WorkloadSpec& spec_;
    const DriveSettings& settings_;
    const DriveHooks& hooks_;
    const std::atomic<bool>& stop_;
    const Payload payload_;
    std::deque<Processors> processors_;  // Of each node, where they are simulated.
    std::deque<Client> clients_;
    // The rest of a client's operations in a phase of an open loop that ended before them.
    struct Overdue {
        std::unique_ptr<Source> source;
        Duration first_due;
        Duration until;  // The end of the phase; both from its start on.
        std::size_t client;
    };
    std::vector<Overdue> overdue_;
    std::mutex overdue_guard_;
    std::uint64_t dropped_ = 0;
    std::vector<std::uint64_t> left_;  // Operations that each client may still send.
    Instant next_mark_ = never;        // When the interval of the timeline ends.
    std::uint64_t reads_seen_ = 0;
    std::uint64_t hits_seen_ = 0;
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
