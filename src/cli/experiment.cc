#include "cli/experiment.h"

#include <algorithm>
#include <cmath>

#include "caches/catalog.h"
#include "cli/option_reader.h"
#include "cli/protocol_options.h"
#include "cli/workload_options.h"
#include "stores/catalog.h"

namespace stalemark {
namespace {

Distribution parse_latency(std::string_view text) {
    return Distribution::parse(
        text,
        [](std::string_view part) {
            const Duration duration = parse_duration(part);
            if (duration == Duration::max())
                throw InputError("expected a duration, got 'none'");
            return static_cast<std::uint64_t>(duration.count());
        },
        [](std::uint64_t ns) {
            return format_duration(Duration(static_cast<Duration::rep>(ns)));
        });
}

std::uint64_t read_cache_bytes(const WorkloadSpec& workload) {
    const std::string& text = workload.cache_size;
    if (!text.ends_with('%')) return parse_bytes(text);
    const double percent = parse_real(text.substr(0, text.size() - 1), 0, 1e6);
    return static_cast<std::uint64_t>(
        std::llround(percent / 100 * static_cast<double>(data_set_bytes(workload))));
}

void read_tiers(const RunOptions& options, Experiment& experiment) {
    experiment.cache = find_cache(options.get_or("cache", "lru")).name;
    experiment.store = find_store(options.get_or("store", "rocksdb")).name;
    experiment.sync = options.has("sync");
    experiment.block_cache_bytes = read_option(options, "block-cache", "8MiB", parse_bytes);
    if (const auto db = options.get("db")) experiment.db = *db;
    if (experiment.store != "rocksdb") {
        for (const auto* name : {"db", "sync", "block-cache"}) {
            if (!options.has(name)) continue;
            throw InputError(fmt::format("--{}: store '{}' has no such thing; rocksdb has",
                                         name, experiment.store));
        }
    }
    experiment.cache_wire.latency = read_option(options, "cache-latency", "0", parse_latency);
    experiment.store_wire.latency = read_option(options, "store-latency", "0", parse_latency);
    if (options.has("store-servers")) {
        experiment.store_wire.servers = read_count(options, "store-servers", "");
    }
}

// Over real threads a client is a thread.
constexpr std::uint32_t clients_max = 4'096;

void check_sense(const Experiment& experiment) {
    if (experiment.workload.clients > clients_max) {
        throw InputError(fmt::format("--clients {}: each is a thread; expected at most {}",
                                     experiment.workload.clients, clients_max));
    }
    if (experiment.strategy->name == "refresh_ahead" &&
        experiment.longest_ttl == Duration::max()) {
        throw InputError(
            "refresh_ahead: without a TTL no entry is ever due for a refresh; give a --ttl");
    }
    if (experiment.strategy->name != "no_cache" && experiment.cache_bytes == 0) {
        throw InputError("--cache-size: a cache of 0 bytes holds nothing; that is no_cache");
    }
}

}  // namespace

std::uint64_t data_set_bytes(const WorkloadSpec& workload) {
    const double rows = std::ceil(static_cast<double>(workload.keys) * workload.preload);
    const double row = sizeof(Key) + workload.value_size.mean();
    return static_cast<std::uint64_t>(std::max(rows, 1.0) * row);
}

Experiment resolve(const RunOptions& options) {
    Experiment experiment;
    experiment.strategy = &find_strategy(options.get_or("strategy", "cache_aside"));
    experiment.workload = read_workload(options);
    if (options.get("warmup") == "stable") experiment.workload.warmup.reset();
    experiment.seed = read_count(options, "seed", "1", 0);
    experiment.longest_ttl = longest_ttl_of(experiment.workload);
    experiment.settings =
        read_settings(options, *experiment.strategy, experiment.workload, experiment.seed);
    experiment.cache_bytes = read_cache_bytes(experiment.workload);
    experiment.expect_promise = options.has("expect-promise");
    read_tiers(options, experiment);
    check_sense(experiment);
    return experiment;
}

std::uint64_t repetitions_of(const RunOptions& options) {
    return read_option(options, "repeat", "1",
                       [](std::string_view text) { return parse_count(text, 1, 1'000'000); });
}

}  // namespace stalemark
