// SPDX-License-Identifier: Apache-2.0
#include "driver/crew.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <mutex>

#include "runtime/task_group.h"

namespace stalemark {
namespace {

// How often the driver looks whether the run is to be stopped, where time passes by itself.
constexpr Duration tick = std::chrono::milliseconds(50);

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

}  // namespace

Crew::Crew(Runtime& runtime, std::span<Strategy* const> nodes, Judges& judges,
           const WorkloadSpec& spec, const DriveSettings& settings)
    : runtime_(runtime),
      spec_(spec),
      settings_(settings),
      nodes_(static_cast<std::uint32_t>(nodes.size())),
      payload_(spec.compressibility, settings.seed) {
    if (settings.processors) {
        const std::size_t clients_a_node = (settings.clients + nodes.size() - 1) / nodes.size();
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            processors_.emplace_back(runtime, *settings.processors, clients_a_node);
        }
    }
    for (std::uint32_t i = 0; i < settings.clients; ++i) {
        const std::uint32_t node = i % nodes_;
        clients_.emplace_back(runtime, *nodes[node], judges, payload_,
                              settings.processors ? &processors_[node] : nullptr, i, node,
                              settings.history);
    }
}

Crew::Passage Crew::go_through(const Part& part, Stretch& stretch, const Watch& watch) {
    return is_open_loop(spec_, spec_.phases[part.phase])
               ? go_through_open(part, stretch, watch)
               : go_through_closed(part, stretch, watch);
}

Crew::Passage Crew::go_through_closed(const Part& part, Stretch& stretch, const Watch& watch) {
    auto sources = open_sources(spec_, part.seed, part.phase, settings_.clients);
    const auto share_of = [&](std::size_t client) {
        // Of a trace the sources together give the first so many, whichever client sends them.
        if (spec_.trace) return part.operations_max;
        return part.operations_max / settings_.clients +
               (client < part.operations_max % settings_.clients ? 1 : 0);
    };
    Passage passage;
    passage.sent = let_go(stretch, watch, [&](std::size_t client) {
        return clients_[client].run(*sources[client], stretch, recorder_of(part, client),
                                    share_of(client));
    });
    passage.ended = runtime_.now();
    return passage;
}

Crew::Passage Crew::go_through_open(const Part& part, Stretch& stretch, const Watch& watch) {
    Passage passage;
    passage.arrivals = std::make_unique<ArrivalQueue>(
        open_arrivals(spec_, part.seed, part.phase, settings_.sessions),
        ArrivalQueue::Settings{.nodes = nodes_,
                               .operations_max = part.operations_max,
                               .began = stretch.began,
                               .keeps_order_of_keys = spec_.trace.has_value()});
    passage.sent = let_go(stretch, watch, [&](std::size_t client) {
        return clients_[client].run(*passage.arrivals, stretch, recorder_of(part, client));
    });
    passage.ended = runtime_.now();
    return passage;
}

std::uint64_t Crew::let_go(Stretch& stretch, const Watch& watch,
                           const std::function<std::uint64_t(std::size_t)>& work) {
    std::atomic<std::uint64_t> sent = 0;
    Attendance attendance(runtime_, clients_.size());
    TaskGroup tasks(runtime_);
    struct Over {  // Even by an exception: clients that never wait must hear of it.
        Stretch& stretch;
        ~Over() { stretch.is_over = true; }
    } const over{stretch};
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        tasks.spawn(fmt::format("client {} of {}", i + 1, clients_.size()), [&, i] {
            struct Leaving {  // Even by an exception: the driver waits for every client.
                Attendance& attendance;
                Stretch& stretch;
                ~Leaving() {
                    if (std::uncaught_exceptions() > 0) stretch.is_over = true;
                    attendance.leave();
                }
            } const leaving{attendance, stretch};
            sent += work(i);
        });
    }
    while (!attendance.is_empty()) {
        Instant until = watch.next_look();
        if (until <= runtime_.now()) until = never;  // It does not want to look any more.
        if (!settings_.is_virtual) until = std::min(until, runtime_.now() + tick);
        runtime_.park_until(until, "clients");
        if (!attendance.is_empty()) watch.look(runtime_.now());
        if (!stretch.is_cut_short()) continue;
        for (Client& client : clients_) client.wake();
    }
    tasks.join();
    return sent;
}

std::size_t Crew::memory_bytes() const {
    std::size_t bytes = 0;
    for (const Client& client : clients_)
        bytes += sizeof client + client.witness().memory_bytes();
    return bytes;
}

Crew::Counts Crew::counts() const {
    Counts sum;
    for (const Client& client : clients_) {
        sum.sent += client.sent();
        sum.reads += client.reads();
        sum.hits += client.hits();
    }
    return sum;
}

}  // namespace stalemark
