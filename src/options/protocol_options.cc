#include "options/protocol_options.h"

#include "options/option_reader.h"
#include "workload/trace.h"

namespace stalemark {
namespace {

void read_shield_settings(const RunOptions& options, ShieldSettings& settings) {
    const auto duration = [&](std::string_view name, Duration& value, Duration least) {
        value = read_option(options, name, format_duration(value), [&](std::string_view text) {
            const Duration read = parse_duration(text);
            if (read < least || read > std::chrono::hours(24 * 365)) {
                throw InputError(fmt::format("expected {} to a year", format_duration(least)));
            }
            return read;
        });
    };
    duration("lock-timeout", settings.lock_timeout, Duration{1});
    duration("grace", settings.grace, Duration{0});
    duration("stale-if-error", settings.stale_if_error, Duration{0});
    duration("error-throttle", settings.error_throttle, Duration{0});
    settings.reloads =
        read_option(options, "reloads", std::to_string(settings.reloads),
                    [](std::string_view text) { return parse_count(text, 1, 1'000); });
    settings.beta =
        read_option(options, "beta", std::to_string(settings.beta),
                    [](std::string_view text) { return parse_real(text, 0, 1'000); });
}

Invalidate read_invalidate(const RunOptions& options, const StrategyEntry& strategy) {
    if (strategy.invalidate.empty()) return Invalidate::none;
    const std::string_view fallback =
        strategy.invalidate.substr(0, strategy.invalidate.find(' '));
    const auto mode = static_cast<Invalidate>(read_word(options, "invalidate", fallback));
    const std::string_view name = invalidate_names[static_cast<std::size_t>(mode)];
    if (mode == Invalidate::event && strategy.traits.stores_later) {
        throw wrong_option(
            "invalidate", name,
            fmt::format("what {} acknowledges is not in the store yet; a node that "
                        "was told of it would fetch the old value again",
                        strategy.name));
    }
    if (!has_word(strategy.invalidate, name)) {
        throw wrong_option(
            "invalidate", name,
            fmt::format("{} takes only: {}", strategy.name, strategy.invalidate));
    }
    return mode;
}

// The workload's TTL of each key: the same for all, or drawn once for each. Empty: for ever.
std::function<Duration(Key)> common_ttl(const WorkloadSpec& workload) {
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

// A trace's own for the keys that it gives one.
std::function<Duration(Key)> ttl_of_keys(const WorkloadSpec& workload) {
    if (!workload.trace) return common_ttl(workload);
    return [trace = read_trace(workload.trace->path), common = common_ttl(workload)](Key key) {
        const Duration own = trace->ttl_of_keys[index_of(key)];
        return own == Duration::max() && common ? common(key) : own;
    };
}

}  // namespace

Duration longest_ttl_of(const WorkloadSpec& workload) {
    const Duration common(static_cast<Duration::rep>(workload.ttl.most()));
    if (!workload.trace) return common;
    Duration longest{0};
    for (const Duration own : read_trace(workload.trace->path)->ttl_of_keys) {
        longest = std::max(longest, own == Duration::max() ? common : own);
    }
    return longest;
}

std::vector<std::string_view> readers_of(std::string_view option) {
    std::vector<std::string_view> readers;
    const auto look = [&](const auto& catalogue) {
        for (const auto& entry : catalogue) {
            if (has_word(entry.knobs, option)) readers.push_back(entry.name);
        }
    };
    look(all_strategies());
    look(all_shields());
    return readers;
}

bool is_foreign_knob(const StrategyEntry& strategy, const ShieldEntry& shield,
                     std::string_view option) {
    if (has_word(strategy.knobs, option) || has_word(shield.knobs, option)) return false;
    return !readers_of(option).empty();
}

Settings read_settings(const RunOptions& options, const StrategyEntry& strategy,
                       const ShieldEntry& shield, const WorkloadSpec& workload,
                       std::uint64_t seed) {
    const Settings defaults;
    Settings settings = {.ttl_of = ttl_of_keys(workload),
                         .ttl_jitter = workload.ttl_jitter,
                         .negative_ttl = workload.negative_ttl,
                         .invalidate = read_invalidate(options, strategy),
                         .seed = seed};
    settings.shield.seed = seed;
    read_shield_settings(options, settings.shield);
    if (shield.traits.serves_stale) {
        settings.grace = std::max(settings.shield.grace, settings.shield.stale_if_error);
    }
    settings.flush_delay =
        read_option(options, "flush-delay", format_duration(defaults.flush_delay),
                    [](std::string_view text) {
                        const Duration delay = parse_duration(text);
                        if (delay > std::chrono::hours(1)) {
                            throw InputError("expected at most 1h");
                        }
                        return delay;
                    });
    settings.flush_batch =
        read_count(options, "flush-batch", std::to_string(defaults.flush_batch));
    settings.queue_max = read_count(options, "queue", std::to_string(defaults.queue_max));
    settings.when_full = static_cast<WhenFull>(read_word(
        options, "when-full", when_full_names[static_cast<std::size_t>(defaults.when_full)]));
    settings.coalescing = !options.has("no-coalescing");
    settings.refresh_at = read_option(
        options, "refresh-at", std::to_string(defaults.refresh_at), [](std::string_view text) {
            const double at = parse_real(text, 0, 1);
            if (at == 1) throw InputError("expected less than 1: the TTL ends there");
            return at;
        });
    return settings;
}

}  // namespace stalemark
