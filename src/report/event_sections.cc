// SPDX-License-Identifier: Apache-2.0
#include "report/event_sections.h"

namespace stalemark {
namespace {

Json bus_counts(const BusCounts& counts) {
    return {{"published", counts.published},   {"offered", counts.offered},
            {"delivered", counts.delivered},   {"lost", counts.lost},
            {"duplicated", counts.duplicated}, {"reordered", counts.reordered},
            {"abandoned", counts.abandoned},   {"heartbeats", counts.heartbeats}};
}

void add_receivers(const ReceiverCounts& counts, Json& section) {
    section["duplicates_dropped"] = counts.duplicates;
    section["gaps"] = counts.gaps;
    section["missed"] = counts.missed;
    section["false_alarms"] = counts.false_alarms;
    section["clears"] = counts.clears;
    section["recovered"] = counts.recovered;
    section["unrecoverable"] = counts.unrecoverable;
}

Json harm_section(const LossCounts& counts) {
    Json section = {{"lost", counts.lost},
                    {"held_no_copy", counts.held_no_copy},
                    {"harmed", counts.harmed},
                    {"stale_reads", counts.stale_reads}};
    return section;
}

}  // namespace

Json events_section(const EventCounts& after, const EventCounts& before) {
    Json section = {{"under_way_at_start", before.bus.under_way()}};
    section.update(bus_counts(after.bus - before.bus));
    const Histogram delay = after.delay.since(before.delay);
    if (delay.count() > 0) section["delay_ns"] = quantiles(delay);
    add_receivers(after.received - before.received, section);
    section["useless"] = after.invalidations.useless - before.invalidations.useless;
    section["fills_refused"] =
        after.invalidations.fills_refused - before.invalidations.fills_refused;
    section["harm"] = harm_section(after.losses - before.losses);
    return section;
}

void add_visibility(const VisibilityCounts& counts, Json& consistency) {
    if (counts.at.front().checked == 0) return;
    Json looked_for = Json::object();
    Json visible = Json::object();
    for (std::size_t i = 0; i < counts.at.size(); ++i) {
        const auto& [checked, seen] = counts.at[i];
        if (checked == 0) continue;
        const char* const name = visibility_delays[i].name;
        looked_for[name] = checked;
        visible[name] = static_cast<double>(seen) / static_cast<double>(checked);
    }
    consistency["writes_looked_for"] = std::move(looked_for);
    consistency["visible_within"] = std::move(visible);
}

void add_fleet(const FleetSettings& fleet, Json& configuration) {
    if (!fleet.has_near) configuration["near_cache"] = "none";
    if (fleet.shared_bytes) {
        Json shared = {{"capacity_bytes", *fleet.shared_bytes},
                       {"latency", fleet.shared_wire.latency.text()},
                       {"layer_ttl", fleet.restarts_ttl ? "restart" : "carry"}};
        if (fleet.near_ttl_max != Duration::max()) {
            shared["near_ttl_ns"] = fleet.near_ttl_max.count();
        }
        configuration["shared_cache"] = std::move(shared);
    }
    if (!fleet.events) return;
    const EventSettings& events = *fleet.events;
    Json section = {{"source", event_source_names[static_cast<std::size_t>(events.source)]},
                    {"delay", events.bus.delay.text()},
                    {"order", events.first ? "event-first" : "cache-first"},
                    {"check", events.check->name},
                    {"on_gap", on_gap_names[static_cast<std::size_t>(events.receiver.on_gap)]}};
    if (events.bus.batch_max > 1) {
        section["batch"] = events.bus.batch_max;
        section["batch_delay_ns"] = events.bus.batch_delay.count();
    }
    if (events.receiver.on_gap != OnGap::none) {
        section["gap_grace_ns"] = events.receiver.grace.count();
        section["heartbeat_ns"] = events.bus.heartbeat.count();
    }
    if (events.source == EventSource::log) section["log_poll_ns"] = events.log_poll.count();
    if (events.bus.reordering > 0) section["hold_back"] = events.bus.hold_back.text();
    configuration["events"] = std::move(section);
}

}  // namespace stalemark
