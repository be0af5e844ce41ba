// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "core/errors.h"
#include "core/header.h"
#include "core/units.h"
#include "core/words.h"
#include "workload/fields.h"
#include "workload/limits.h"
#include "workload/spec_json.h"
#include "workload/trace.h"

namespace stalemark {
namespace {

constexpr std::uint64_t count_most = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t clients_max = 1'000'000;  // Each is a task.
constexpr std::uint64_t sessions_max = 100'000'000;
constexpr double theta_most = 100;
constexpr double rate_least = 0.001;
constexpr double rate_most = 1e9;
constexpr double store_reads_most = 1e6;

// The number of the word among `words`.
template <typename Enum>
Enum read_word(Fields& fields, std::string_view name, std::string_view what,
               std::span<const std::string_view> words, Enum otherwise) {
    const auto written = fields.text(name);
    if (!written) return otherwise;
    const auto found = std::ranges::find(words, std::string_view(*written));
    if (found == words.end()) fields.fail(name, unknown_word(what, *written, words));
    return static_cast<Enum>(found - words.begin());
}

std::optional<Duration> read_positive(Fields& fields, std::string_view name) {
    const auto duration = fields.duration(name);
    if (duration == Duration(0)) fields.fail(name, "expected a duration above 0");
    return duration;
}

Mix read_mix(Fields fields) {
    const auto share = [&](std::string_view name) {
        return fields.real(name, 0, 1).value_or(0);
    };
    Mix mix;
    mix.read = share("read");
    mix.write = share("write");
    mix.erase = share("delete");
    mix.read_modify_write = share("read_modify_write");
    fields.finish();
    const double sum = mix.read + mix.write + mix.erase + mix.read_modify_write;
    if (std::abs(sum - 1) > 1e-9) {
        fields.fail("",
                    fmt::format("expected shares that sum to 1, got a sum of {:.12g}", sum));
    }
    return mix;
}

Popularity read_popularity(Fields fields) {
    Popularity popularity;
    popularity.kind =
        read_word(fields, "kind", "popularity", popularity_names, popularity.kind);
    // Whether to read a field; one that would change nothing is refused.
    const auto reads = [&](std::string_view name, bool taken) {
        if (fields.has(name) && !taken) {
            fields.fail(name,
                        fmt::format("has no meaning for popularity '{}'",
                                    popularity_names[std::to_underlying(popularity.kind)]));
        }
        return taken;
    };
    const auto real = [&](std::string_view name, bool taken, double most, double& value) {
        if (reads(name, taken)) value = fields.real(name, 0, most).value_or(value);
    };
    real("theta", takes_theta(popularity.kind), theta_most, popularity.theta);
    real("hot_keys", takes_hot_set(popularity.kind), 1, popularity.hot_keys);
    real("hot_operations", takes_hot_set(popularity.kind), 1, popularity.hot_operations);
    real("drift_by", takes_drift(popularity.kind), 1, popularity.drift_by);
    if (reads("drift_every", takes_drift(popularity.kind))) {
        popularity.drift_every =
            fields.count("drift_every", 1, count_most).value_or(popularity.drift_every);
    }
    fields.finish();
    return popularity;
}

// The fields that a workload and each of its phases may have.
void read_demand(Fields& fields, Phase& phase) {
    if (auto mix = fields.object("mix")) phase.mix = read_mix(*mix);
    if (auto popularity = fields.object("popularity")) {
        phase.popularity = read_popularity(*popularity);
    }
    const auto rate = fields.parsed("rate", [](std::string_view text) -> std::optional<double> {
        if (text == "none") return std::nullopt;
        return parse_real(text, rate_least, rate_most);
    });
    if (rate) phase.rate = *rate;
    phase.arrival = read_word(fields, "arrival", "arrival", arrival_names, phase.arrival);
}

std::vector<Phase> read_phases(Fields& fields) {
    Phase usual{.name = "all"};
    read_demand(fields, usual);
    std::vector<Fields> listed = fields.objects("phases");
    if (listed.empty()) return {usual};
    std::vector<Phase> phases;
    for (Fields& entry : listed) {
        Phase phase = usual;
        phase.name = entry.text("name").value_or(std::to_string(phases.size() + 1));
        phase.duration = read_positive(entry, "duration");
        phase.operations = entry.count("operations", 1, count_most);
        read_demand(entry, phase);
        entry.finish();
        const bool is_last = phases.size() + 1 == listed.size();
        if (!is_last && !phase.duration && !phase.operations) {
            entry.fail("", "expected a duration or operations: only the last phase may go on");
        }
        phases.push_back(std::move(phase));
    }
    return phases;
}

Requirements read_requirements(Fields fields) {
    Requirements needed;
    needed.stale_age_max = fields.duration("stale_age_max");
    needed.stale_fraction_max = fields.real("stale_fraction_max", 0, 1);
    needed.read_your_writes = fields.flag("read_your_writes").value_or(false);
    needed.own_writes_missed_max = fields.real("own_writes_missed_max", 0, 1);
    needed.monotonic_reads = fields.flag("monotonic_reads").value_or(false);
    needed.writes_lost_max = fields.count("writes_lost_max", 0, count_most);
    needed.read_p99_max = read_positive(fields, "read_p99_max");
    needed.write_p99_max = read_positive(fields, "write_p99_max");
    needed.store_reads_max = fields.real("store_reads_max", 0, store_reads_most);
    needed.why = fields.text("why").value_or("");
    fields.finish();
    return needed;
}

std::optional<std::uint32_t> read_number(Fields& fields, std::string_view name,
                                         std::uint64_t most) {
    const auto number = fields.count(name, 1, most);
    if (!number) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

// Nothing: until the hit ratio is stable.
std::optional<Duration> read_warmup(std::string_view text) {
    if (text == "stable") return std::nullopt;
    const auto wrong = InputError(
        "expected stable, or a duration such as 250ms, 1.5s or 0, got " + in_quotes(text));
    try {
        const Duration warmup = parse_duration(text);
        if (warmup == Duration::max()) throw wrong;
        return warmup;
    } catch (const InputError&) {
        throw wrong;
    }
}

Distribution read_ttl(std::string_view text) {
    auto ttl = Distribution::parse(
        text,
        [](std::string_view number) {
            return static_cast<std::uint64_t>(parse_duration(number).count());
        },
        [](std::uint64_t number) {
            return format_duration(Duration(static_cast<std::int64_t>(number)));
        });
    ttl.cut_lognormal_below(1);
    if (ttl.least() == 0) {
        throw InputError(
            fmt::format("expected durations above 0 (none: entries do not expire), got {}",
                        in_quotes(text)));
    }
    return ttl;
}

Distribution read_value_size(std::string_view text) {
    auto size = Distribution::parse(text, parse_bytes, format_bytes);
    size.cut_lognormal_below(Header::size_bytes);
    if (size.least() < Header::size_bytes || size.most() > value_bytes_most) {
        throw InputError(
            fmt::format("expected values from {} bytes, a header's size, to {}, got {}",
                        Header::size_bytes, format_bytes(value_bytes_most), in_quotes(text)));
    }
    return size;
}

void read_data_set(Fields& fields, WorkloadSpec& spec) {
    spec.keys = fields.count("keys", 1, keys_most).value_or(spec.keys);
    spec.preload = fields.real("preload", 0, 1).value_or(spec.preload);
    spec.value_size = fields.parsed("value_size", read_value_size).value_or(spec.value_size);
    spec.compressibility = fields.real("compressibility", 0, 1).value_or(spec.compressibility);
    spec.ttl = fields.parsed("ttl", read_ttl).value_or(read_ttl("none"));
    spec.ttl_jitter = fields.real("ttl_jitter", 0, 1).value_or(spec.ttl_jitter);
    spec.negative_ttl = fields.duration("negative_ttl").value_or(spec.negative_ttl);
    spec.cache_size = fields.parsed("cache_size", parse_cache_size).value_or(spec.cache_size);
}

void read_trace_fields(Fields& fields, const JsonDocument& document,
                       const std::filesystem::path& folder, WorkloadSpec& spec) {
    auto written = fields.object("trace");
    if (!written) return;
    for (const std::string_view name : {"mix", "popularity", "rate", "arrival", "phases"}) {
        if (fields.has(name)) fields.fail(name, "has no meaning beside a trace");
    }
    written->require("path");
    TraceFile trace;
    const auto recorded = *written->parsed("path", [&](std::string_view text) {
        const auto from = document.is_set("trace.path") ? std::filesystem::path() : folder;
        trace.path = std::filesystem::absolute(from / text).lexically_normal().string();
        return read_trace(trace.path);
    });
    trace.speed = written->real("speed", 0, 1e6).value_or(trace.speed);
    written->finish();
    if (trace.speed != 0 && trace.speed < 1e-6) {
        written->fail("speed", "expected 0 or a number from 1e-06");
    }

    if (fields.has("keys") && spec.keys != recorded->keys()) {
        fields.fail("keys", fmt::format("expected the {} keys of the trace", recorded->keys()));
    }
    spec.keys = recorded->keys();
    spec.trace = std::move(trace);
    // Replayed beforehand it would leave its writes and deletes behind.
    if (!fields.has("warmup")) spec.warmup = Duration(0);
}

std::vector<FileOption> read_options(Fields fields) {
    std::vector<FileOption> options;
    for (const std::string_view name : fields.names()) {
        options.push_back({.name = std::string(name),
                           .values = fields.scalars(name),
                           .place = fields.place_of(name)});
    }
    return options;
}

}  // namespace

WorkloadFile read_spec(const JsonDocument& document, std::string_view name,
                       const std::filesystem::path& folder) {
    Fields fields(document);
    WorkloadFile file;
    WorkloadSpec& spec = file.spec;
    spec.name = fields.text("name").value_or(std::string(name));
    fields.require("caption");
    spec.caption = *fields.text("caption");
    if (spec.caption.empty() || spec.caption.find('\n') != std::string::npos) {
        fields.fail("caption", "expected one line of text");
    }
    read_data_set(fields, spec);
    spec.clients = read_number(fields, "clients", clients_max);
    spec.sessions = read_number(fields, "sessions", sessions_max);
    spec.duration = read_positive(fields, "duration");
    spec.operations = fields.count("operations", 1, count_most);
    spec.warmup = fields.parsed("warmup", read_warmup).value_or(std::nullopt);
    spec.phases = read_phases(fields);
    read_trace_fields(fields, document, folder, spec);
    if (auto needed = fields.object("requirements")) {
        spec.requirements = read_requirements(*needed);
    }
    if (auto options = fields.object("options")) file.options = read_options(*options);
    fields.finish();
    return file;
}

}  // namespace stalemark
