// SPDX-License-Identifier: Apache-2.0
#include "options/client_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.h"
#include "options/wrong_option.h"
#include "workload/source.h"
#include "workload/trace.h"

namespace stalemark {
namespace {

constexpr std::uint32_t closed_clients = 4;
constexpr std::uint32_t open_sessions = 1'000;
constexpr double spare_clients_of_a_node = 16;
constexpr double times_the_average = 4;

constexpr std::uint32_t thread_clients_max = 4'096;  // Over real threads a client is a thread.
constexpr double chosen_clients_max = 100'000;

// Operations per second of all clients, where most come.
double highest_rate(const WorkloadSpec& workload) {
    if (workload.trace) {
        const auto trace = read_trace(workload.trace->path);
        const double seconds = std::chrono::duration<double>(trace->records.back().at).count();
        const auto records = static_cast<double>(trace->records.size());
        return seconds > 0 ? records / seconds * workload.trace->speed : records;
    }
    double highest = 0;
    for (const Phase& phase : workload.phases)
        highest = std::max(highest, phase.rate.value_or(0));
    return highest;
}

// Of a read that misses, as far as it is stated: look, load, fill.
double seconds_of_a_miss(const Experiment& experiment) {
    double ns = experiment.system.store_wire.latency.mean() +
                2 * experiment.system.cache_wire.latency.mean();
    if (experiment.system.fleet.shared_bytes)
        ns += 2 * experiment.system.fleet.shared_wire.latency.mean();
    if (experiment.processors) ns += static_cast<double>(experiment.processors->cost.count());
    return 1e-9 * ns;
}

std::uint32_t clients_for_rate(const Experiment& experiment) {
    const double nodes = experiment.system.fleet.nodes;
    const double busy = highest_rate(experiment.workload) * seconds_of_a_miss(experiment);
    const double clients =
        nodes * (spare_clients_of_a_node + std::ceil(times_the_average * busy / nodes));
    const double most = experiment.is_virtual() ? chosen_clients_max : thread_clients_max;
    return static_cast<std::uint32_t>(std::min(clients, most));
}

void check_clients(const Experiment& experiment) {
    if (!experiment.is_virtual() && experiment.clients > thread_clients_max) {
        throw wrong_option(
            "clients", std::to_string(experiment.clients),
            fmt::format("each is a thread; expected at most {}; --runtime virtual takes more",
                        thread_clients_max));
    }
    if (experiment.system.fleet.nodes > experiment.clients) {
        throw wrong_option(
            "nodes", std::to_string(experiment.system.fleet.nodes),
            fmt::format("some of them would have no client; expected at most the {} clients",
                        experiment.clients));
    }
}

}  // namespace

void settle_clients(const RunOptions& options, Experiment& experiment) {
    const WorkloadSpec& workload = experiment.workload;
    const bool is_open = has_open_loop(workload);
    experiment.clients =
        workload.clients.value_or(is_open ? clients_for_rate(experiment) : closed_clients);
    check_clients(experiment);
    if (!is_open && options.has("sessions")) {
        throw wrong_option(
            "sessions",
            "in a closed loop each client is a session; give --clients, or a --rate");
    }
    experiment.sessions =
        is_open ? workload.sessions.value_or(open_sessions) : experiment.clients;
    if (experiment.system.fleet.nodes > experiment.sessions) {
        throw wrong_option(
            "sessions", std::to_string(experiment.sessions),
            fmt::format(
                "some of the {} nodes would have none; expected as many as nodes or more",
                experiment.system.fleet.nodes));
    }
}

}  // namespace stalemark
