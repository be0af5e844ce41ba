// SPDX-License-Identifier: Apache-2.0
#include "options/run_options.h"

#include <fmt/format.h>

#include "caches/catalog.h"
#include "stores/catalog.h"
#include "wire/latencies.h"

namespace stalemark {

InputError at_place_of(const GivenOption& option, const InputError& error) {
    if (option.place.empty()) return error;
    return {fmt::format("{}: {}", option.place, error.what()), error.option};
}

RunOptions default_options() {
    RunOptions options;
    SystemSettings& system = options.system;
    system.strategy = &find_strategy("cache_aside");
    system.shield = &no_shield();
    system.cache = find_cache("lru").name;
    system.cache_wire.latency = parse_latency("0");
    system.store_wire.latency = parse_latency("0");
    system.fleet.shared_wire.latency = parse_latency("0");
    options.store.name = find_store("rocksdb").name;
    options.store.block_cache_bytes = std::uint64_t{8} << 20;
    options.events.bus.delay = parse_latency("0");
    options.events.bus.hold_back = parse_latency("10ms");
    options.events.bus.heartbeat = std::chrono::seconds(1);
    return options;
}

void put_into_virtual_time(RunOptions& options) {
    options.is_virtual = true;
    options.system.cache_wire.latency = parse_latency("in_process");
    options.system.store_wire.latency = parse_latency("sql");
    options.system.store_wire.servers = 64;
    options.system.fleet.shared_wire.latency = parse_latency("redis");
    options.store.name = find_store("memory").name;
    options.events.bus.delay = parse_latency("lognormal(500us,0.5)");
}

}  // namespace stalemark
