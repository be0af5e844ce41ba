// SPDX-License-Identifier: Apache-2.0
#include "options/choices.h"

#include <algorithm>
#include <array>

#include "assembly/fleet_settings.h"
#include "caches/catalog.h"
#include "events/receiver.h"
#include "guards/catalog.h"
#include "options/deployment.h"
#include "shields/catalog.h"
#include "stores/catalog.h"
#include "strategies/catalog.h"
#include "wire/faults.h"
#include "wire/latencies.h"
#include "workload/files.h"

namespace stalemark {
namespace {

using Words = std::vector<std::string>;

template <typename Names>
Words words(const Names& names) {
    return {std::begin(names), std::end(names)};
}

template <typename Entries>
Words names_of(const Entries& entries) {
    Words names;
    for (const auto& entry : entries) names.emplace_back(entry.name);
    return names;
}

// What of their forms is the same for all times and sizes: "store-slow@".
Words fault_beginnings() {
    Words beginnings = {"none"};
    for (const FaultEntry& fault : all_faults()) {
        const std::string form = form_of(fault);
        beginnings.push_back(form.substr(0, form.find_first_of("@=") + 1));
    }
    return beginnings;
}

Words latencies() { return names_of(all_latencies()); }
Words none() { return {"none"}; }

struct Choice {
    std::string_view name;
    Words (*words)();
};

constexpr Choice choices[] = {
    {"strategy", [] { return names_of(all_strategies()); }},
    {"shield", [] { return names_of(all_shields()); }},
    {"guard", [] { return names_of(all_guards()); }},
    {"ttl", none},
    {"invalidate", [] { return words(invalidate_names); }},
    {"order", [] { return words(order_names); }},
    {"delete-ack", [] { return Words{"before", "after"}; }},
    {"lease-losers", [] { return words(lease_losers_names); }},
    {"lease-refused", [] { return words(lease_refused_names); }},
    {"flights", [] { return Words{"detach", "join"}; }},
    {"quarantine-reads", [] { return words(quarantine_reads_names); }},
    {"when-full", [] { return words(when_full_names); }},

    {"cache", [] { return names_of(all_caches()); }},
    {"store", [] { return names_of(all_stores()); }},
    {"compression", [] { return words(compression_names); }},
    {"cache-latency", latencies},
    {"store-latency", latencies},
    {"store-servers", none},
    {"store-timeout", none},

    {"deployment", deployment_names},
    {"near-cache", none},
    {"shared-cache", none},
    {"shared-latency", latencies},
    {"layer-ttl", [] { return Words{"carry", "restart"}; }},
    {"event-source", [] { return words(event_source_names); }},
    {"event-delay", latencies},
    {"event-hold-back", latencies},
    {"event-check", [] { return names_of(all_event_checks()); }},
    {"event-order", [] { return Words{"cache-first", "event-first"}; }},
    {"on-gap", [] { return words(on_gap_names); }},

    {"arrival", [] { return Words{"poisson", "constant"}; }},
    {"warmup", [] { return Words{"stable"}; }},
    {"runtime", [] { return Words{"threads", "virtual"}; }},
    {"fault", fault_beginnings},
    {"verify", [] { return Words{"checksum", "off"}; }},
    {"history-keys", [] { return Words{"all"}; }},

    {"WORKLOAD", [] { return names_in(workloads_folder()); }},
};

}  // namespace

std::vector<std::string> choices_of(std::string_view name) {
    const auto* const found = std::ranges::find(choices, name, &Choice::name);
    return found == std::end(choices) ? Words{} : found->words();
}

}  // namespace stalemark
