#include "options/fleet_options.h"

#include "options/option_reader.h"
#include "options/resolve.h"
#include "options/tier_options.h"

namespace stalemark {
namespace {

constexpr std::uint64_t nodes_max = 10'000;

Duration read_duration(const RunOptions& options, std::string_view name, Duration otherwise) {
    return read_option(options, name, format_duration(otherwise), [](std::string_view text) {
        const Duration duration = parse_duration(text);
        if (duration > std::chrono::hours(24)) throw InputError("expected at most 24h");
        return duration;
    });
}

void read_layers(const RunOptions& options, const WorkloadSpec& workload, bool is_virtual,
                 FleetSettings& fleet) {
    const std::string_view size = options.get_or("shared-cache", "none");
    if (size == "none") return;
    fleet.shared_bytes = read_option(options, "shared-cache", "", [&](std::string_view text) {
        const std::uint64_t bytes = bytes_of(parse_cache_size(text), workload);
        check_holds_entries(bytes, workload);
        return bytes;
    });
    fleet.shared_wire.latency =
        read_option(options, "shared-latency", is_virtual ? "redis" : "0", parse_latency);
    fleet.restarts_ttl = read_word(options, "layer-ttl", "carry") == 1;
    if (options.has("near-ttl")) {
        fleet.near_ttl_max = read_option(options, "near-ttl", "", [](std::string_view text) {
            const Duration ttl = parse_duration(text);
            if (ttl == Duration{0}) throw InputError("expected more than 0");
            return ttl;
        });
    }
}

void read_bus(const RunOptions& options, bool is_virtual, BusSettings& bus) {
    bus.delay = read_option(options, "event-delay", is_virtual ? "lognormal(500us,0.5)" : "0",
                            parse_latency);
    bus.hold_back = read_option(options, "event-hold-back", "10ms", parse_latency);
    bus.batch_max = read_count(options, "event-batch", "1");
    bus.batch_delay = read_duration(options, "event-batch-delay", Duration{0});
    if ((bus.batch_max > 1) != (bus.batch_delay > Duration{0})) {
        throw InputError(
            "--event-batch N and --event-batch-delay D: one says when to send what the other "
            "lets wait; give both",
            "event-batch");
    }
}

EventSettings read_events(const RunOptions& options, const FleetSettings& fleet,
                          bool is_virtual, std::uint64_t seed) {
    EventSettings events;
    events.source = static_cast<EventSource>(read_word(options, "event-source", "application"));
    if (events.source == EventSource::application && fleet.nodes == 1) {
        throw wrong_option(
            "invalidate", "event",
            "there is one node and nobody to tell; give more than one node by --nodes, or "
            "--event-source log, or --invalidate erase");
    }
    events.bus.nodes = fleet.nodes;
    events.bus.seed = seed;
    read_bus(options, is_virtual, events.bus);
    const bool by_version = read_word(options, "event-check", "none") == 1;
    events.guard = by_version ? &find_guard("newer") : &no_guard();
    events.first = read_word(options, "event-order", "cache-first") == 1;
    events.receiver.on_gap = static_cast<OnGap>(read_word(options, "on-gap", "none"));
    const bool watches = events.receiver.on_gap != OnGap::none;
    events.receiver.grace = read_duration(options, "gap-grace", events.receiver.grace);
    events.bus.heartbeat =
        watches ? read_duration(options, "heartbeat", std::chrono::seconds(1)) : Duration{0};
    if (events.receiver.on_gap == OnGap::reconcile) events.bus.kept_events = 10'000;
    events.log_poll = read_duration(options, "log-poll", events.log_poll);
    if (events.source == EventSource::log && events.log_poll == Duration{0}) {
        throw wrong_option("log-poll", "expected more than 0");
    }
    return events;
}

}  // namespace

FleetSettings read_fleet(const RunOptions& options, const WorkloadSpec& workload,
                         bool is_virtual, bool tells, std::uint64_t seed) {
    FleetSettings fleet;
    fleet.nodes = static_cast<std::uint32_t>(
        read_option(options, "nodes", "1",
                    [](std::string_view text) { return parse_count(text, 1, nodes_max); }));
    read_layers(options, workload, is_virtual, fleet);
    if (tells) fleet.events = read_events(options, fleet, is_virtual, seed);
    return fleet;
}

}  // namespace stalemark
