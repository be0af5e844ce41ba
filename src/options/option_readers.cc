// SPDX-License-Identifier: Apache-2.0
// CLI11's converters and validators would serve the command line alone, and their complaints
// name neither the value nor the nearest right word: these are core/units.h's and our own.

#include "options/option_readers.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "caches/catalog.h"
#include "core/errors.h"
#include "core/units.h"
#include "core/words.h"
#include "options/choices.h"
#include "stores/catalog.h"
#include "wire/latencies.h"

namespace stalemark {
namespace {

using std::chrono::hours;

// A whole number of `least` or more.
std::uint64_t count(OptionText given, std::uint64_t least = 1,
                    std::uint64_t most = std::uint64_t{1} << 62) {
    return parse_count(given.text, least, most);
}

double real(OptionText given, double least, double most) {
    return parse_real(given.text, least, most);
}

Duration duration(OptionText given, Duration most) {
    const Duration read = parse_duration(given.text);
    if (read > most)
        throw InputError(fmt::format("expected at most {}", format_duration(most)));
    return read;
}

Duration duration_above_0(OptionText given) {
    const Duration read = parse_duration(given.text);
    if (read == Duration{0}) throw InputError("expected more than 0");
    return read;
}

Duration up_to_a_year(OptionText given, Duration least = Duration{0}) {
    const Duration read = parse_duration(given.text);
    if (read < least || read > hours(24 * 365))
        throw InputError(fmt::format("expected {} to a year", format_duration(least)));
    return read;
}

Distribution latency(OptionText given) { return parse_latency(given.text); }

// The place of a word among the choices of the option.
std::size_t choice(OptionText given) {
    const std::vector<std::string> choices = choices_of(given.option);
    const auto found = std::ranges::find(choices, given.text);
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    const std::vector<std::string_view> known(choices.begin(), choices.end());
    throw InputError(unknown_word(fmt::format("--{}", given.option), given.text, known),
                     given.option);
}

template <typename Enum>
Enum choice_of(OptionText given) {
    return static_cast<Enum>(choice(given));
}

// The row of a catalogue; that there is none is said by the catalogue alone.
template <typename Find>
const auto* entry(OptionText given, Find find) {
    try {
        return &find(given.text);
    } catch (const InputError& error) {
        throw InputError(error.what(), given.option);
    }
}

void read_store_timeout(OptionText given, RunOptions& run) {
    const Duration timeout = parse_duration(given.text);
    if (timeout == Duration{0}) throw InputError("expected more than 0, or none");
    if (timeout != Duration::max()) run.system.store_wire.timeout = timeout;
}

void read_operation_cost(OptionText given, RunOptions& run) {
    run.processors.cost = parse_duration(given.text);
    if (run.processors.cost < Duration{1} || run.processors.cost > hours(1))
        throw InputError("expected 1ns to 1h; without any, time would stand still");
}

// The end of a run waits for the last late delete.
Duration delay_of_delete(OptionText given) { return duration(given, std::chrono::minutes(1)); }

void read_refresh_at(OptionText given, RunOptions& run) {
    run.system.settings.refresh_at = real(given, 0, 1);
    if (run.system.settings.refresh_at == 1)
        throw InputError("expected less than 1: the TTL ends there");
}

void read_fault(OptionText given, RunOptions& run) {
    if (given.text.empty())
        throw InputError("expected a fault, as in store-down@10s+5s; got nothing");
    if (given.text == "none") throw InputError("means no fault at all; give it alone");
    const Fault fault = parse_fault(given.text);
    check_against(fault, run.system.faults);
    run.system.faults.push_back(fault);
}

using Text = OptionText;
using Run = RunOptions;

constexpr OptionReader readers[] = {
    {"runtime",
     [](Text given, Run& run) {
         if (choice(given) == 1) put_into_virtual_time(run);
     }},
    {"processors", [](Text given, Run& run) { run.processors.count = count(given); }},
    {"operation-cost", read_operation_cost},

    {"strategy",
     [](Text given, Run& run) { run.system.strategy = entry(given, find_strategy); }},
    {"nodes",
     [](Text given, Run& run) {
         run.system.fleet.nodes = static_cast<std::uint32_t>(count(given, 1, 10'000));
     }},
    {"deployment", [](Text given, Run& run) { run.deployment = given.text; }},
    {"near-cache",
     [](Text given, Run& run) {
         run.system.fleet.has_near = given.text != "none";
         if (run.system.fleet.has_near) run.near_cache = parse_cache_size(given.text);
     }},
    {"shared-cache",
     [](Text given, Run& run) {
         if (given.text != "none") run.shared_cache = parse_cache_size(given.text);
     }},
    {"shield", [](Text given, Run& run) { run.system.shield = entry(given, find_shield); }},
    {"guard",
     [](Text given, Run& run) { run.system.settings.guard = entry(given, find_guard); }},
    {"invalidate", [](Text given, Run& run) { run.invalidate = choice_of<Invalidate>(given); }},

    {"order",
     [](Text given, Run& run) { run.system.settings.order = choice_of<Order>(given); }},
    {"double-delete", [](Text given, Run& run) { run.double_delete = delay_of_delete(given); }},
    {"delete-delay", [](Text given, Run& run) { run.delete_delay = delay_of_delete(given); }},
    {"delete-ack",
     [](Text given, Run& run) { run.system.settings.acknowledges_late = choice(given) == 1; }},

    {"flush-delay",
     [](Text given, Run& run) { run.system.settings.flush_delay = duration(given, hours(1)); }},
    {"flush-batch",
     [](Text given, Run& run) { run.system.settings.flush_batch = count(given); }},
    {"queue", [](Text given, Run& run) { run.system.settings.queue_max = count(given); }},
    {"when-full",
     [](Text given, Run& run) { run.system.settings.when_full = choice_of<WhenFull>(given); }},
    {"no-coalescing", [](Text, Run& run) { run.system.settings.coalescing = false; }},
    {"no-queue-lookup", [](Text, Run& run) { run.system.settings.looks_into_queue = false; }},
    {"flushers",
     [](Text given, Run& run) { run.system.settings.flushers = count(given, 1, 1'000); }},
    {"refresh-at", read_refresh_at},

    {"lock-timeout",
     [](Text given, Run& run) {
         run.system.settings.shield.lock_timeout = up_to_a_year(given, Duration{1});
     }},
    {"flights",
     [](Text given, Run& run) {
         run.system.settings.shield.joins_overtaken = choice(given) == 1;
     }},
    {"beta",
     [](Text given, Run& run) { run.system.settings.shield.beta = real(given, 0, 1'000); }},
    {"grace",
     [](Text given, Run& run) { run.system.settings.shield.grace = up_to_a_year(given); }},
    {"stale-if-error",
     [](Text given, Run& run) {
         run.system.settings.shield.stale_if_error = up_to_a_year(given);
     }},
    {"error-throttle",
     [](Text given, Run& run) {
         run.system.settings.shield.error_throttle = up_to_a_year(given);
     }},
    {"reloads",
     [](Text given, Run& run) { run.system.settings.shield.reloads = count(given, 1, 1'000); }},

    {"remember",
     [](Text given, Run& run) { run.system.settings.guarding.remembered_keys = count(given); }},
    {"remember-for",
     [](Text given, Run& run) {
         run.system.settings.guarding.remembered_for = up_to_a_year(given, Duration{1});
     }},
    {"lease-ttl",
     [](Text given, Run& run) {
         run.system.settings.guarding.lease_ttl = up_to_a_year(given, Duration{1});
     }},
    {"lease-losers",
     [](Text given, Run& run) {
         run.system.settings.guarding.lease_losers = choice_of<LeaseLosers>(given);
     }},
    {"lease-refused",
     [](Text given, Run& run) {
         run.system.settings.guarding.lease_refused = choice_of<LeaseRefused>(given);
     }},
    {"quarantine-ttl",
     [](Text given, Run& run) {
         run.system.settings.guarding.quarantine_ttl = up_to_a_year(given, Duration{1});
     }},
    {"quarantine-reads",
     [](Text given, Run& run) {
         run.system.settings.guarding.quarantine_reads = choice_of<QuarantineReads>(given);
     }},
    {"lock-ttl",
     [](Text given, Run& run) {
         run.system.settings.guarding.lock_ttl = up_to_a_year(given, Duration{1});
     }},
    {"fencing", [](Text, Run& run) { run.system.settings.guarding.fencing = true; }},
    {"tombstone-ttl",
     [](Text given, Run& run) {
         run.system.settings.guarding.tombstone_ttl = up_to_a_year(given, Duration{1});
     }},

    {"cache", [](Text given, Run& run) { run.system.cache = find_cache(given.text).name; }},
    {"store", [](Text given, Run& run) { run.store.name = find_store(given.text).name; }},
    {"db", [](Text given, Run& run) { run.store.db = given.text; }},
    {"block-cache",
     [](Text given, Run& run) { run.store.block_cache_bytes = parse_bytes(given.text); }},
    {"compression",
     [](Text given, Run& run) { run.store.compression = find_compression(given.text); }},
    {"sync", [](Text, Run& run) { run.store.sync = true; }},
    {"cache-latency",
     [](Text given, Run& run) { run.system.cache_wire.latency = latency(given); }},
    {"store-latency",
     [](Text given, Run& run) { run.system.store_wire.latency = latency(given); }},
    {"store-servers",
     [](Text given, Run& run) {
         run.system.store_wire.servers.reset();
         if (given.text != "none") run.system.store_wire.servers = count(given);
     }},
    {"store-timeout", read_store_timeout},

    {"shared-latency",
     [](Text given, Run& run) { run.system.fleet.shared_wire.latency = latency(given); }},
    {"layer-ttl",
     [](Text given, Run& run) { run.system.fleet.restarts_ttl = choice(given) == 1; }},
    {"near-ttl",
     [](Text given, Run& run) { run.system.fleet.near_ttl_max = duration_above_0(given); }},
    {"event-source",
     [](Text given, Run& run) { run.events.source = choice_of<EventSource>(given); }},
    {"event-delay", [](Text given, Run& run) { run.events.bus.delay = latency(given); }},
    {"event-hold-back",
     [](Text given, Run& run) { run.events.bus.hold_back = latency(given); }},
    {"event-batch", [](Text given, Run& run) { run.events.bus.batch_max = count(given); }},
    {"event-batch-delay",
     [](Text given, Run& run) { run.events.bus.batch_delay = duration(given, hours(24)); }},
    {"event-check",
     [](Text given, Run& run) { run.events.check = entry(given, find_event_check); }},
    {"event-order", [](Text given, Run& run) { run.events.first = choice(given) == 1; }},
    {"on-gap",
     [](Text given, Run& run) { run.events.receiver.on_gap = choice_of<OnGap>(given); }},
    {"gap-grace",
     [](Text given, Run& run) { run.events.receiver.grace = duration(given, hours(24)); }},
    {"heartbeat",
     [](Text given, Run& run) { run.events.bus.heartbeat = duration(given, hours(24)); }},
    {"log-poll",
     [](Text given, Run& run) {
         run.events.log_poll = duration(given, hours(24));
         if (run.events.log_poll == Duration{0}) throw InputError("expected more than 0");
     }},
    {"fault", read_fault},

    {"reads", [](Text given, Run& run) { run.reads = real(given, 0, 1); }},
    {"key-skew", [](Text given, Run& run) { run.key_skew = real(given, 0, 100); }},
    {"rate", [](Text given, Run& run) { run.rate = real(given, 1e-3, 1e9); }},
    {"arrival", [](Text given, Run& run) { run.arrival = choice_of<Arrival>(given); }},

    {"seed", [](Text given, Run& run) { run.system.seed = count(given, 0); }},
    {"verify", [](Text given, Run& run) { run.verifies = choice(given) == 0; }},
    {"history",
     [](Text given, Run& run) {
         if (given.text.empty() || given.text == "-") throw InputError("expected a file name");
         run.history.file = given.text;
     }},
    {"check", [](Text, Run& run) { run.history.is_judged = true; }},
    {"history-keys",
     [](Text given, Run& run) {
         run.history.keys = given.text == "all" ? all_keys : count(given);
     }},
    {"repeat", [](Text given, Run& run) { run.repeat = count(given, 1, 1'000'000); }},
    {"expect-promise", [](Text, Run& run) { run.expect_promise = true; }},
    {"out", [](Text given, Run& run) { run.out = given.text; }},
    {"quiet", [](Text, Run& run) { run.is_quiet = true; }},
};

}  // namespace

std::span<const OptionReader> option_readers() { return readers; }

}  // namespace stalemark
