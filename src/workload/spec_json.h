// SPDX-License-Identifier: Apache-2.0
// A workload as JSON: its words, and the reader. The writer is to_json() of files.h.

#pragma once

#include <array>
#include <filesystem>
#include <string_view>

#include "workload/json_document.h"
#include "workload/spec.h"

namespace stalemark {

// In the order of Popularity::Kind.
constexpr auto popularity_names = std::to_array<std::string_view>(
    {"uniform", "zipfian", "scrambled", "latest", "hot_set", "drifting_hot_set", "sequential"});

// In the order of Arrival.
constexpr auto arrival_names = std::to_array<std::string_view>({"poisson", "constant"});

// What a kind of popularity takes.
constexpr bool takes_theta(Popularity::Kind kind) {
    return kind == Popularity::Kind::zipfian || kind == Popularity::Kind::scrambled ||
           kind == Popularity::Kind::latest;
}
constexpr bool takes_drift(Popularity::Kind kind) {
    return kind == Popularity::Kind::drifting_hot_set;
}
constexpr bool takes_hot_set(Popularity::Kind kind) {
    return kind == Popularity::Kind::hot_set || takes_drift(kind);
}

// Throws InputError for whatever is wrong. `name`: of a workload that does not say its own.
// `folder`: where a relative path of a trace starts, unless an option gave it.
WorkloadFile read_spec(const JsonDocument& document, std::string_view name,
                       const std::filesystem::path& folder);

}  // namespace stalemark
