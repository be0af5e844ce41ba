#include "cli/experiment.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "caches/catalog.h"
#include "core/errors.h"
#include "core/header.h"
#include "core/units.h"
#include "core/words.h"
#include "stores/catalog.h"
#include "workload/files.h"
#include "workload/trace.h"

namespace stalemark {
namespace {

constexpr std::uint64_t many = std::uint64_t{1} << 62;

// Reads the value of an option; whatever is wrong with it is told with the option's name.
template <typename Parse>
auto read_option(const RunOptions& options, std::string_view name, std::string_view otherwise,
                 Parse parse) {
    const std::string_view text = options.get_or(name, otherwise);
    try {
        return parse(text);
    } catch (const InputError& error) {
        throw InputError(fmt::format("--{} {}: {}", name, text, error.what()));
    }
}

std::uint64_t read_count(const RunOptions& options, std::string_view name,
                         std::string_view otherwise, std::uint64_t least = 1) {
    return read_option(options, name, otherwise,
                       [&](std::string_view text) { return parse_count(text, least, many); });
}

// The place of a word among `names`.
template <std::size_t n>
std::size_t read_word(const RunOptions& options, std::string_view name, std::string_view otherwise,
                      const std::array<std::string_view, n>& names) {
    const std::string_view text = options.get_or(name, otherwise);
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) throw InputError(unknown_word("--" + std::string(name), text, names));
    return static_cast<std::size_t>(found - names.begin());
}

Distribution parse_latency(std::string_view text) {
    return Distribution::parse(
        text,
        [](std::string_view part) {
            const Duration duration = parse_duration(part);
            if (duration == Duration::max()) throw InputError("expected a duration, got 'none'");
            return static_cast<std::uint64_t>(duration.count());
        },
        [](std::uint64_t ns) { return format_duration(Duration(static_cast<Duration::rep>(ns))); });
}

// Fields of the workload that options set as they are.
std::vector<Override> overrides_of(const RunOptions& options) {
    std::vector<Override> overrides;
    for (const auto& [name, value] : options.values) {
        const OptionRow& row = find_option(name);
        if (row.field.empty()) continue;
        overrides.push_back({std::string(row.field), value, fmt::format("--{} {}", name, value)});
    }
    for (const std::string& set : options.sets) {
        const auto equals = set.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw InputError(fmt::format("--set {}: expected PATH=VALUE, as in mix.read=0.5", set));
        }
        overrides.push_back({set.substr(0, equals), set.substr(equals + 1), "--set " + set});
    }
    return overrides;
}

void set_reads(Mix& mix, double reads) {
    const double others = mix.write + mix.erase + mix.read_modify_write;
    if (others == 0) {
        mix = {.read = reads, .write = 1 - reads};
        return;
    }
    const double scale = (1 - reads) / others;
    mix = {.read = reads,
           .write = mix.write * scale,
           .erase = mix.erase * scale,
           .read_modify_write = mix.read_modify_write * scale};
}

void set_skew(Popularity& popularity, double theta) {
    const bool has_theta = popularity.kind == Popularity::Kind::zipfian ||
                           popularity.kind == Popularity::Kind::scrambled ||
                           popularity.kind == Popularity::Kind::latest;
    if (!has_theta) popularity.kind = Popularity::Kind::zipfian;
    popularity.theta = theta;
}

// What options change in every phase.
void change_phases(const RunOptions& options, WorkloadSpec& workload) {
    for (Phase& phase : workload.phases) {
        if (options.has("reads")) {
            set_reads(phase.mix, read_option(options, "reads", "", [](std::string_view text) {
                          return parse_real(text, 0, 1);
                      }));
        }
        if (options.has("key-skew")) {
            set_skew(phase.popularity, read_option(options, "key-skew", "", [](std::string_view text) {
                         return parse_real(text, 0, 100);
                     }));
        }
        if (options.has("rate")) {
            phase.rate = read_option(options, "rate", "", [](std::string_view text) {
                return parse_real(text, 1e-3, 1e9);
            });
        }
        if (options.has("arrival")) {
            constexpr std::array<std::string_view, 2> names = {"poisson", "constant"};
            phase.arrival = static_cast<Arrival>(read_word(options, "arrival", "", names));
        }
    }
    if (options.has("arrival") && !workload.phases.front().rate) {
        throw InputError("--arrival: a closed loop has no arrivals; give a --rate");
    }
    if (workload.trace) {
        for (const auto* name : {"reads", "key-skew", "rate", "value-size"}) {
            if (options.has(name)) {
                throw InputError(fmt::format("--{}: workload '{}' replays a trace, which decides that",
                                             name, workload.name));
            }
        }
    }
}

// Refuses what the strategy does not read: it would look as if it had an effect.
void check_knobs(const RunOptions& options, const StrategyEntry& strategy) {
    for (const OptionRow& row : run_options()) {
        if (!options.has(row.name) || !is_foreign_knob(strategy, row.name)) continue;
        std::string owners;
        for (const StrategyEntry& other : all_strategies()) {
            if (has_word(other.knobs, row.name)) owners += " " + std::string(other.name);
        }
        throw InputError(fmt::format("--{}: {} does not read it; these do:{}", row.name,
                                     strategy.name, owners));
    }
}

Invalidate read_invalidate(const RunOptions& options, const StrategyEntry& strategy) {
    if (strategy.invalidate.empty()) return Invalidate::none;
    const std::string_view fallback = strategy.invalidate.substr(0, strategy.invalidate.find(' '));
    const auto mode =
        static_cast<Invalidate>(read_word(options, "invalidate", fallback, invalidate_names));
    const std::string_view name = invalidate_names[static_cast<std::size_t>(mode)];
    if (!has_word(strategy.invalidate, name)) {
        throw InputError(fmt::format("--invalidate {}: {} takes only: {}", name, strategy.name,
                                     strategy.invalidate));
    }
    return mode;
}

// The TTL of each key: a trace's own, the same for all, or drawn once for each key.
std::function<Duration(Key)> ttl_of_keys(const WorkloadSpec& workload) {
    if (workload.trace) {
        return [trace = read_trace(workload.trace->path)](Key key) {
            return trace->ttl_of_keys[index_of(key)];
        };
    }
    if (workload.ttl.is_constant()) {
        const Duration ttl(static_cast<Duration::rep>(workload.ttl.most()));
        if (ttl == Duration::max()) return nullptr;
        return [ttl](Key) { return ttl; };
    }
    return [ttl = workload.ttl](Key key) {
        Random random = Random::named(0, "ttl", index_of(key));
        return Duration(static_cast<Duration::rep>(ttl.sample(random)));
    };
}

Duration longest_ttl_of(const WorkloadSpec& workload) {
    if (workload.trace) {
        return std::ranges::max(read_trace(workload.trace->path)->ttl_of_keys);
    }
    return Duration(static_cast<Duration::rep>(workload.ttl.most()));
}

Settings read_settings(const RunOptions& options, const Experiment& experiment) {
    const WorkloadSpec& workload = experiment.workload;
    const Settings defaults;
    Settings settings = {.ttl_of = ttl_of_keys(workload),
                         .ttl_jitter = workload.ttl_jitter,
                         .negative_ttl = workload.negative_ttl,
                         .invalidate = read_invalidate(options, *experiment.strategy),
                         .seed = experiment.seed};
    settings.flush_delay = read_option(options, "flush-delay", format_duration(defaults.flush_delay),
                                       [](std::string_view text) {
                                           const Duration delay = parse_duration(text);
                                           if (delay > std::chrono::hours(1)) {
                                               throw InputError("expected at most 1h");
                                           }
                                           return delay;
                                       });
    settings.flush_batch = read_count(options, "flush-batch", std::to_string(defaults.flush_batch));
    settings.queue_max = read_count(options, "queue", std::to_string(defaults.queue_max));
    settings.when_full = static_cast<WhenFull>(read_word(
        options, "when-full", when_full_names[static_cast<std::size_t>(defaults.when_full)],
        when_full_names));
    settings.coalescing = !options.has("no-coalescing");
    settings.refresh_at =
        read_option(options, "refresh-at", std::to_string(defaults.refresh_at),
                    [](std::string_view text) {
                        const double at = parse_real(text, 0, 1);
                        if (at == 1) throw InputError("expected less than 1: the TTL ends there");
                        return at;
                    });
    return settings;
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
            throw InputError(fmt::format("--{}: store '{}' has no such thing; rocksdb has", name,
                                         experiment.store));
        }
    }
    experiment.cache_wire.latency = read_option(options, "cache-latency", "0", parse_latency);
    experiment.store_wire.latency = read_option(options, "store-latency", "0", parse_latency);
    if (options.has("store-servers")) {
        experiment.store_wire.servers = read_count(options, "store-servers", "");
    }
}

void check_sense(const Experiment& experiment) {
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
    experiment.workload = load_workload(options.workload, overrides_of(options));
    change_phases(options, experiment.workload);
    if (!experiment.workload.duration && !experiment.workload.operations &&
        !experiment.workload.trace) {
        experiment.workload.duration = std::chrono::seconds(10);
    }
    check_knobs(options, *experiment.strategy);
    experiment.seed = read_count(options, "seed", "1", 0);
    experiment.longest_ttl = longest_ttl_of(experiment.workload);
    experiment.settings = read_settings(options, experiment);
    experiment.cache_bytes = read_cache_bytes(experiment.workload);
    experiment.expect_promise = options.has("expect-promise");
    read_tiers(options, experiment);
    check_sense(experiment);
    return experiment;
}

Json configuration_section(const Experiment& experiment) {
    const Settings& settings = experiment.settings;
    const StrategyEntry& strategy = *experiment.strategy;
    Json protocol = {{"strategy", strategy.name}, {"guard", "none"}, {"shield", "none"}};
    const auto reads = [&](std::string_view knob) { return has_word(strategy.knobs, knob); };
    if (reads("ttl") && experiment.longest_ttl != Duration::max()) {
        protocol["ttl_ns"] = experiment.longest_ttl.count();
    }
    if (reads("jitter")) protocol["jitter"] = settings.ttl_jitter;
    if (reads("negative-ttl")) protocol["negative_ttl_ns"] = settings.negative_ttl.count();
    if (reads("invalidate")) {
        protocol["invalidate"] = invalidate_names[static_cast<std::size_t>(settings.invalidate)];
    }
    if (reads("flush-delay")) {
        protocol["flush_delay_ns"] = settings.flush_delay.count();
        protocol["flush_batch"] = settings.flush_batch;
        protocol["queue"] = settings.queue_max;
        protocol["when_full"] = when_full_names[static_cast<std::size_t>(settings.when_full)];
        protocol["coalescing"] = settings.coalescing;
    }
    if (reads("refresh-at")) protocol["refresh_at"] = settings.refresh_at;

    Json store = {{"name", experiment.store}};
    if (experiment.store == "rocksdb") {
        store["sync"] = experiment.sync;
        store["block_cache_bytes"] = experiment.block_cache_bytes;
    }
    Json wires = {{"cache_latency", experiment.cache_wire.latency.text()},
                  {"store_latency", experiment.store_wire.latency.text()}};
    if (experiment.store_wire.servers) wires["store_servers"] = *experiment.store_wire.servers;
    return {{"workload", to_json(experiment.workload)},
            {"protocol", std::move(protocol)},
            {"cache", {{"name", experiment.cache}, {"capacity_bytes", experiment.cache_bytes}}},
            {"store", std::move(store)},
            {"wires", std::move(wires)},
            {"runtime", "threads"},
            {"nodes", 1},
            {"clients", experiment.workload.clients},
            {"seed", experiment.seed}};
}

}  // namespace stalemark
