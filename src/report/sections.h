// SPDX-License-Identifier: Apache-2.0
// The sections of a result that say what was experienced, as JSON. docs/results.md explains
// each field; a figure that was not measured is left out.

#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "experiment/store_marks.h"
#include "measure/divergence.h"
#include "measure/histogram.h"
#include "measure/recorder.h"
#include "measure/witness.h"

namespace stalemark {

using Json = nlohmann::ordered_json;

// { min, mean, p50, ..., max, sum, count } in nanoseconds; { count: 0 } for an empty histogram.
Json quantiles(const Histogram& histogram);

// `operations`, by kind: kinds that never occurred are left out.
Json operations_section(const Recorder& recorder, std::span<const std::string_view> kind_names);

// Of a run that was an open loop, at least in part.
struct ScheduleFacts {
    bool is_complete = true;   // Else what was offered and dropped is not known.
    bool is_real_time = true;  // In virtual time no timer is late.
    bool is_saturated = false;
    std::uint64_t clients_busy_max = 0;
};
Json schedule_section(const Recorder& recorder, const ScheduleFacts& facts);

// One entry an interval, the k-th from k * interval on, with the k-th mark at its end.
Json timeline_section(const Recorder& recorder, Duration interval,
                      std::span<const StoreMark> store);

// `histograms` of what was recorded: by kind of operation, and where it had several outcomes,
// by these; of an open loop the waits, too, and in real time how late timers fired.
Json histograms_section(const Recorder& recorder, std::span<const std::string_view> kind_names,
                        bool is_real_time);

// Adds one to the section, unless it is empty.
void add_histogram(Json& section, const std::string& name, const Histogram& histogram);

Json consistency_section(const ConsistencyCounts& counts);
Json divergence_section(const Divergence& divergence);

}  // namespace stalemark
