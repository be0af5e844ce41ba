#include "options/workload_options.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "options/option_reader.h"
#include "workload/files.h"

namespace stalemark {
namespace {

// Fields of the workload that options set as they are.
std::vector<Override> overrides_of(const RunOptions& options) {
    std::vector<Override> overrides;
    for (const auto& [name, value] : options.values) {
        const OptionRow& row = find_option(name);
        if (row.field.empty()) continue;
        overrides.push_back(
            {std::string(row.field), value, fmt::format("--{} {}", name, value)});
    }
    for (const std::string& set : options.sets) {
        const auto equals = set.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw InputError(
                fmt::format("--set {}: expected PATH=VALUE, as in mix.read=0.5", set));
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
            set_skew(phase.popularity,
                     read_option(options, "key-skew", "", [](std::string_view text) {
                         return parse_real(text, 0, 100);
                     }));
        }
        if (options.has("rate")) {
            phase.rate = read_option(options, "rate", "", [](std::string_view text) {
                return parse_real(text, 1e-3, 1e9);
            });
        }
        if (options.has("arrival")) {
            phase.arrival = static_cast<Arrival>(read_word(options, "arrival", ""));
        }
    }
    if (options.has("arrival") && !workload.phases.front().rate) {
        throw wrong_option("arrival", "a closed loop has no arrivals; give a --rate");
    }
    if (workload.trace) {
        for (const auto* name : {"reads", "key-skew", "rate", "value-size"}) {
            if (options.has(name)) {
                throw wrong_option(
                    name, fmt::format("workload '{}' replays a trace, which decides that",
                                      workload.name));
            }
        }
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

// As read_workload_file(); a complaint about a field that an option sets is about that option.
WorkloadFile read_file(const RunOptions& options) {
    const std::vector<Override> overrides = overrides_of(options);
    try {
        return read_workload_file(options.workload, overrides);
    } catch (const InputError& error) {
        const auto found = std::ranges::find(overrides, error.option, &Override::option);
        if (found == overrides.end()) throw;
        const auto row = std::ranges::find(run_options(), found->path, &OptionRow::field);
        throw InputError(error.what(), row == run_options().end() ? "" : row->name);
    }
}

}  // namespace

WorkloadFile read_workload(const RunOptions& options) {
    WorkloadFile file = read_file(options);
    change_phases(options, file.spec);
    if (!file.spec.duration && !file.spec.operations && !file.spec.trace) {
        file.spec.duration = length_of(file.spec.phases).value_or(std::chrono::seconds(10));
    }
    return file;
}

OptionValues lent_options(const WorkloadFile& file) {
    OptionValues lent;
    for (const FileOption& option : file.options) {
        try {
            const OptionRow& row = find_lendable(option.name);
            if (option.values.size() > 1 && !row.is_repeatable)
                throw InputError("expected one value, got several");
            const auto value = fmt::format("{}", fmt::join(option.values, " "));
            if (!row.value.empty()) {
                lent.emplace(option.name, value);
            } else if (value == "true") {
                lent.emplace(option.name, "");
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

}  // namespace stalemark
