// SPDX-License-Identifier: Apache-2.0
#include "options/workload_options.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "core/errors.h"
#include "core/words.h"
#include "options/wrong_option.h"
#include "workload/files.h"

namespace stalemark {
namespace {

// Fields of the workload that the arguments set.
std::vector<Override> overrides_of(const RunArguments& arguments) {
    std::vector<Override> overrides;
    for (const auto& [name, value] : arguments.options) {
        const OptionRow& row = find_option(name);
        if (row.field.empty()) continue;
        overrides.push_back({.path = std::string(row.field),
                             .value = value,
                             .typed = fmt::format("--{} {}", name, value),
                             .option = name});
    }
    for (const std::string& set : arguments.sets) {
        const auto equals = set.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw InputError(
                fmt::format("--set {}: expected PATH=VALUE, as in mix.read=0.5", set));
        }
        overrides.push_back({.path = set.substr(0, equals),
                             .value = set.substr(equals + 1),
                             .typed = "--set " + set,
                             .option = ""});
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

void change(Phase& phase, const RunOptions& options) {
    if (options.reads) set_reads(phase.mix, *options.reads);
    if (options.key_skew) set_skew(phase.popularity, *options.key_skew);
    if (options.rate) phase.rate = options.rate;
    if (options.arrival) phase.arrival = *options.arrival;
}

void check_sense(const WorkloadSpec& workload, const RunOptions& options) {
    if (options.arrival && !workload.phases.front().rate) {
        throw wrong_option("arrival", "a closed loop has no arrivals; give a --rate");
    }
    if (!workload.trace) return;
    for (const auto* name : {"reads", "key-skew", "rate", "value-size"}) {
        if (!options.has(name)) continue;
        throw wrong_option(
            name,
            fmt::format("workload '{}' replays a trace, which decides that", workload.name));
    }
}

// Throws InputError if a workload may not bring it along.
const OptionRow& find_lendable(std::string_view name) {
    std::vector<std::string_view> known;
    for (const OptionRow& row : run_options()) {
        if (may_come_with_a_workload(row)) known.push_back(row.name);
        if (row.name != name || may_come_with_a_workload(row)) continue;
        if (row.field.empty()) throw InputError("is not for a workload to say");
        throw InputError(fmt::format("is the workload's own field '{}'", row.field));
    }
    if (std::ranges::find(known, name) != known.end()) return find_option(name);
    throw InputError(unknown_word("option", name, known));
}

// Of all phases together; nothing if one of them has no length of its own.
std::optional<Duration> length_of(const std::vector<Phase>& phases) {
    Duration length{0};
    for (const Phase& phase : phases) {
        if (!phase.duration) return std::nullopt;
        length += *phase.duration;
    }
    return length;
}

}  // namespace

WorkloadFile read_workload(const RunArguments& arguments) {
    return read_workload_file(arguments.workload, overrides_of(arguments));
}

GivenOptions lent_options(const WorkloadFile& file) {
    GivenOptions lent;
    for (const FileOption& option : file.options) {
        try {
            const OptionRow& row = find_lendable(option.name);
            if (option.values.size() > 1 && !row.is_repeatable)
                throw InputError("expected one value, got several");
            const auto value = fmt::format("{}", fmt::join(option.values, " "));
            if (!row.value.empty()) {
                lent.emplace(option.name, GivenOption{value, option.place});
            } else if (value == "true") {
                lent.emplace(option.name, GivenOption{"", option.place});
            } else if (value != "false") {
                throw InputError("expected true or false, got " + in_quotes(value));
            }
        } catch (const InputError& error) {
            throw InputError(
                fmt::format("{}: options.{}: {}", option.place, option.name, error.what()));
        }
    }
    return lent;
}

WorkloadSpec changed_workload(const RunOptions& options) {
    WorkloadSpec workload = options.workload;
    for (Phase& phase : workload.phases) change(phase, options);
    check_sense(workload, options);
    if (!workload.duration && !workload.operations && !workload.trace) {
        workload.duration = length_of(workload.phases).value_or(std::chrono::seconds(10));
    }
    return workload;
}

}  // namespace stalemark
