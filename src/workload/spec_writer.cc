// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core/units.h"
#include "workload/files.h"
#include "workload/spec_json.h"

namespace stalemark {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, std::string_view name, const std::optional<Duration>& duration) {
    if (duration) object[std::string(name)] = format_duration(*duration);
}

template <typename Number>
void put(Json& object, std::string_view name, const std::optional<Number>& number) {
    if (number) object[std::string(name)] = *number;
}

Json written(const Mix& mix) {
    return {{"read", mix.read},
            {"write", mix.write},
            {"delete", mix.erase},
            {"read_modify_write", mix.read_modify_write}};
}

Json written(const Popularity& popularity) {
    Json object = {{"kind", popularity_names[std::to_underlying(popularity.kind)]}};
    if (takes_theta(popularity.kind)) object["theta"] = popularity.theta;
    if (takes_hot_set(popularity.kind)) {
        object["hot_keys"] = popularity.hot_keys;
        object["hot_operations"] = popularity.hot_operations;
    }
    if (takes_drift(popularity.kind)) {
        object["drift_every"] = popularity.drift_every;
        object["drift_by"] = popularity.drift_by;
    }
    return object;
}

Json written(const Phase& phase) {
    Json object = {{"name", phase.name}};
    put(object, "duration", phase.duration);
    put(object, "operations", phase.operations);
    object["mix"] = written(phase.mix);
    object["popularity"] = written(phase.popularity);
    put(object, "rate", phase.rate);
    object["arrival"] = arrival_names[std::to_underlying(phase.arrival)];
    return object;
}

Json written(const Requirements& needed) {
    Json object = Json::object();
    put(object, "stale_age_max", needed.stale_age_max);
    put(object, "stale_fraction_max", needed.stale_fraction_max);
    object["read_your_writes"] = needed.read_your_writes;
    put(object, "own_writes_missed_max", needed.own_writes_missed_max);
    object["monotonic_reads"] = needed.monotonic_reads;
    put(object, "writes_lost_max", needed.writes_lost_max);
    put(object, "read_p99_max", needed.read_p99_max);
    put(object, "write_p99_max", needed.write_p99_max);
    put(object, "store_reads_max", needed.store_reads_max);
    object["why"] = needed.why;
    return object;
}

// A constant that was never text has no unit in its text().
std::string written_ttl(const Distribution& ttl) {
    if (!ttl.is_constant()) return ttl.text();
    return format_duration(Duration(static_cast<std::int64_t>(ttl.least())));
}

}  // namespace

Json to_json(const WorkloadSpec& spec) {
    Json object = {{"name", spec.name},
                   {"caption", spec.caption},
                   {"keys", spec.keys},
                   {"preload", spec.preload},
                   {"value_size", spec.value_size.text()},
                   {"compressibility", spec.compressibility},
                   {"ttl", written_ttl(spec.ttl)},
                   {"ttl_jitter", spec.ttl_jitter},
                   {"negative_ttl", format_duration(spec.negative_ttl)},
                   {"cache_size", spec.cache_size.text()}};
    put(object, "clients", spec.clients);
    put(object, "sessions", spec.sessions);
    put(object, "duration", spec.duration);
    put(object, "operations", spec.operations);
    put(object, "warmup", spec.warmup);
    if (spec.trace) {
        object["trace"] = {{"path", spec.trace->path}, {"speed", spec.trace->speed}};
    } else {
        for (const Phase& phase : spec.phases) object["phases"].push_back(written(phase));
    }
    object["requirements"] = written(spec.requirements);
    return object;
}

}  // namespace stalemark
