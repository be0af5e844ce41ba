// SPDX-License-Identifier: Apache-2.0
#include "options/fleet_options.h"

#include "core/errors.h"
#include "options/cache_bytes.h"
#include "options/wrong_option.h"

namespace stalemark {
namespace {

std::uint64_t shared_cache_bytes(const CacheSize& size, const WorkloadSpec& workload) {
    const std::uint64_t bytes = bytes_of(size, workload);
    try {
        check_holds_entries(bytes, workload);
    } catch (const InputError& error) {
        throw wrong_option("shared-cache", size.text(), error.what());
    }
    return bytes;
}

void check_sense(const EventSettings& events, const FleetSettings& fleet) {
    if (events.source == EventSource::application && !fleet.has_near) {
        throw wrong_option("invalidate", "event",
                           "with --near-cache none no node keeps what another's write makes "
                           "old; give --event-source log, or --invalidate erase");
    }
    if (events.source == EventSource::application && fleet.nodes == 1) {
        throw wrong_option(
            "invalidate", "event",
            "there is one node and nobody to tell; give more than one node by --nodes, or "
            "--event-source log, or --invalidate erase");
    }
    if ((events.bus.batch_max > 1) != (events.bus.batch_delay > Duration{0})) {
        throw InputError(
            "--event-batch N and --event-batch-delay D: one says when to send what the other "
            "lets wait; give both",
            "event-batch");
    }
}

EventSettings event_settings(const RunOptions& options) {
    EventSettings events = options.events;
    check_sense(events, options.system.fleet);
    events.bus.nodes = options.system.fleet.nodes;
    events.bus.seed = options.system.seed;
    const OnGap on_gap = events.receiver.on_gap;
    if (on_gap == OnGap::none) events.bus.heartbeat = Duration{0};
    if (on_gap == OnGap::reconcile) events.bus.kept_events = 10'000;
    return events;
}

}  // namespace

FleetSettings fleet_settings(const RunOptions& options, const WorkloadSpec& workload,
                             bool tells) {
    FleetSettings fleet = options.system.fleet;
    if (options.shared_cache) {
        fleet.shared_bytes = shared_cache_bytes(*options.shared_cache, workload);
    }
    if (tells) fleet.events = event_settings(options);
    return fleet;
}

}  // namespace stalemark
