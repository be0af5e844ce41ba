// SPDX-License-Identifier: Apache-2.0
#include "cli/show.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <set>

#include "cli/caveats.h"
#include "cli/figure_text.h"
#include "cli/latency_drawing.h"
#include "core/errors.h"

namespace stalemark {
namespace {

// "cache_aside with lock and tombstone".
std::string protocol_text(const Json& configuration) {
    const Json& protocol = configuration.at("protocol");
    auto text = protocol.at("strategy").get<std::string>();
    const char* joint = " with ";
    for (const char* const part : {"shield", "guard"}) {
        const auto name = protocol.value(part, "none");
        if (name == "none") continue;
        text += joint + name;
        joint = " and ";
    }
    return text;
}

// "seed 1"; "seeds 1, 2" of a merged result.
std::string seeds_text(const Json& result) {
    std::set<std::uint64_t> seeds = {result.at("seed").get<std::uint64_t>()};
    if (result.contains("merged")) {
        for (const Json& part : result.at("merged").at("parts")) {
            seeds.insert(part.at("seed").get<std::uint64_t>());
        }
    }
    return fmt::format("{} {}", seeds.size() == 1 ? "seed" : "seeds", fmt::join(seeds, ", "));
}

std::string head(const Json& result) {
    const Json& configuration = result.at("configuration");
    const auto nodes = configuration.value("nodes", std::uint64_t{1});
    std::string text = fmt::format(
        "{} on {}, store {}, {}{} clients, {}, {}{}\n", protocol_text(configuration),
        configuration.at("workload").at("name").get<std::string>(),
        configuration.at("store").at("name").get<std::string>(),
        nodes == 1 ? "" : fmt::format("{} nodes, ", nodes),
        configuration.at("clients").get<std::uint64_t>(),
        time_text(result.at("elapsed_ns").get<double>()), seeds_text(result),
        result.at("complete").get<bool>() ? "" : " - INTERRUPTED, not complete");
    if (result.contains("merged")) {
        const Json& merged = result.at("merged");
        const bool is_in_turn = merged.at("ran") == "in_turn";
        text += fmt::format("  {:<12} {} runs {}\n", "merged", merged.at("parts").size(),
                            is_in_turn ? "in turn" : "side by side");
    }
    text += fmt::format("  {:<12} {} operations/s\n", "throughput",
                        grouped(result.at("operations_per_second").get<std::uint64_t>()));
    return text;
}

// "store-down@1s+1s (1,164 calls), cache-flush@3s".
std::string faults(const Json& result) {
    const Json& texts = result.at("configuration").at("faults");
    const Json& sections = result.at("faults");
    std::string text = fmt::format("  {:<18} ", "faults");
    for (std::size_t i = 0; i < sections.size(); ++i) {
        if (i > 0) text += ", ";
        text += texts.at(i).get<std::string>();
        if (sections[i].contains("calls_hit")) {
            const auto calls = sections[i].at("calls_hit").get<std::uint64_t>();
            text += fmt::format(" ({} calls)", grouped(calls));
        }
    }
    return text + "\n";
}

std::string operations(const Json& result) {
    std::string text;
    for (const auto& [kind, section] : result.at("operations").items()) {
        text +=
            section.contains("latency_ns")
                ? fmt::format("  {:<18} {}\n", kind, quantile_line(section.at("latency_ns")))
                : fmt::format("  {}\n", kind);
        if (section.contains("response_ns")) {
            text += fmt::format("    {:<16} {}\n", "response",
                                quantile_line(section.at("response_ns")));
        }
        const Json& outcomes = section.at("by_outcome");
        for (const auto& [outcome, part] : outcomes.items()) {
            if (outcomes.size() == 1) break;
            text += fmt::format("    {:<9}{:>5.1f}%  {}\n", outcome,
                                100 * part.at("count").get<double>() /
                                    section.at("latency_ns").at("count").get<double>(),
                                quantile_line(part.at("latency_ns")));
        }
        for (const auto* trouble : {"failed", "unknown"}) {
            const auto number = section.at(trouble).get<std::uint64_t>();
            if (number == 0) continue;
            const double share =
                static_cast<double>(number) / section.at("count").get<double>();
            const std::string latency = fmt::format("{}_latency_ns", trouble);
            text += fmt::format("    {:<9}{:>5.1f}%  {}\n", trouble, 100 * share,
                                section.contains(latency) ? quantile_line(section.at(latency))
                                                          : grouped(number));
        }
    }
    return text;
}

// Of an open loop, as no latency tells of it: what was due and had no answer. How much was due
// is not known of an interrupted run.
std::string unanswered(const Json& result) {
    const Json& schedule = result.at("schedule");
    if (!schedule.contains("dropped")) return "";
    const auto dropped = schedule.at("dropped").get<std::uint64_t>();
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    for (const auto& [kind, section] : result.at("operations").items()) {
        completed += section.at("count").get<std::uint64_t>();
        for (const auto* trouble : {"failed", "unknown"})
            failed += section.at(trouble).get<std::uint64_t>();
    }
    if (dropped + failed == 0) return "";
    const std::uint64_t offered = completed + dropped;
    return fmt::format(
        "  {:<18} {:.2g}% of {} offered: {} dropped unsent, {} failed of {} completed\n",
        "not answered",
        100.0 * static_cast<double>(dropped + failed) / static_cast<double>(offered),
        grouped(offered), grouped(dropped), grouped(failed), grouped(completed));
}

// What keeps the judgement of a history from being complete.
std::string undecided(const Json& consistency) {
    std::string text;
    for (const char* const field : {"undecided_reads", "lost_operations"}) {
        const auto count = consistency.at(field).get<std::uint64_t>();
        if (count > 0)
            text += fmt::format(", {} {}", grouped(count),
                                field == std::string_view("undecided_reads")
                                    ? "reads undecided"
                                    : "operations not recorded");
    }
    return text;
}

std::string consistency(const Json& result) {
    const Json& section = result.at("consistency");
    std::string text = fmt::format("  {:<18} {}\n", "stale reads",
                                   found_of(section.at("stale_reads").get<std::uint64_t>(),
                                            section.at("reads_checked").get<std::uint64_t>()));
    if (section.contains("stale_age_ns")) {
        const Json& age = section.at("stale_age_ns");
        const auto at_least = section.value("ages_at_least", std::uint64_t{0});
        text += fmt::format("  {:<18} p50 {}, p99 {}, at most {} (of {}{})\n", "stale by",
                            time_at(age, "p50"), time_at(age, "p99"), time_at(age, "max"),
                            grouped(age.at("count").get<std::uint64_t>()),
                            at_least == 0 ? ""
                                          : fmt::format("; of {} a least age is known alone",
                                                        grouped(at_least)));
    }
    if (section.value("stale_by_design", std::uint64_t{0}) > 0) {
        text += fmt::format("  {:<18} {} more that were meant to be old\n", "",
                            grouped(section.at("stale_by_design").get<std::uint64_t>()));
    }
    text += fmt::format("  {:<18} {}\n", "own writes unseen",
                        found_of(section.at("read_your_writes_violations").get<std::uint64_t>(),
                                 section.at("read_your_writes_eligible").get<std::uint64_t>()));
    if (section.contains("linearizability_anomalies")) {
        text += fmt::format(
            "  {:<18} {} anomalies in {} operations on {} keys{}\n", "linearizable",
            grouped(section.at("linearizability_anomalies").get<std::uint64_t>()),
            grouped(section.at("operations_checked").get<std::uint64_t>()),
            grouped(section.at("keys_checked").get<std::uint64_t>()), undecided(section));
    }
    if (section.contains("divergence")) {
        const Json& drained = section.at("divergence").at("after_drain");
        text += fmt::format("  {:<18} {} of {} entries unlike the store after drain\n", "cache",
                            grouped(drained.at("cache_stale").get<std::uint64_t>() +
                                    drained.at("cache_ahead").get<std::uint64_t>() +
                                    drained.at("cache_other").get<std::uint64_t>()),
                            grouped(drained.at("resident").get<std::uint64_t>()));
    }
    return text;
}

// What nodes told each other, and how soon it showed.
std::string invalidations(const Json& result) {
    std::string text;
    if (result.contains("events")) {
        const Json& events = result.at("events");
        const Json& harm = events.at("harm");
        text +=
            fmt::format("  {:<18} {} published, {} delivered, {} lost, {} of them harmful\n",
                        "events", grouped(events.at("published").get<std::uint64_t>()),
                        grouped(events.at("delivered").get<std::uint64_t>()),
                        grouped(events.at("lost").get<std::uint64_t>()),
                        grouped(harm.at("harmed").get<std::uint64_t>()));
    }
    const Json& consistency = result.at("consistency");
    if (consistency.contains("visible_within")) {
        std::string parts;
        for (const auto& [time, share] : consistency.at("visible_within").items()) {
            parts += fmt::format("{}{:.4g}% at {}", parts.empty() ? "" : ", ",
                                 100 * share.get<double>(), time);
        }
        text += fmt::format("  {:<18} {}\n", "visible everywhere", parts);
    }
    return text;
}

double count_of_operations(const Json& result) {
    double sum = 0;
    for (const auto& [kind, section] : result.at("operations").items()) {
        sum += section.at("count").get<double>();
    }
    return sum;
}

// Reads of one key that are under way together.
std::string herds(const Json& store) {
    if (!store.contains("loads_per_herd")) return "";
    return fmt::format("; of one key {:.3g} reads together, at most {}",
                       store.at("loads_per_herd").get<double>(),
                       grouped(store.at("concurrent_reads_max").get<std::uint64_t>()));
}

std::string load(const Json& result) {
    const double sum = count_of_operations(result);
    if (sum == 0) return "";
    const Json& store = result.at("store");
    return fmt::format(
        "  {:<18} {:.3f} reads and {:.3f} writes per operation{}\n", "store load",
        store.at("reads").get<double>() / sum,
        (store.at("writes").get<double>() + store.at("deletes").get<double>()) / sum,
        herds(store));
}

std::string durability(const Json& result) {
    const Json& section = result.at("durability");
    return fmt::format(
        "  {:<18} at most {} acknowledged writes not yet stored, for at most {}\n",
        "durability", grouped(section.at("exposure_writes_max").get<std::uint64_t>()),
        time_text(section.at("exposure_age_ns_max").get<double>()));
}

std::string promise(const Json& result) {
    const Json& section = result.at("promise");
    std::string text =
        fmt::format("  {:<18} {}: {}", "promise", section.at("declared").get<std::string>(),
                    section.at("verdict").get<std::string>());
    for (const Json& breach : section.at("broken_by")) {
        text += (breach == section.at("broken_by").front() ? " by " : ", ") +
                breach.get<std::string>();
    }
    if (section.contains("untested_because"))
        text += ", as " + section.at("untested_because").get<std::string>();
    return text + "\n";
}

}  // namespace

std::string summary(const Json& result, Detail detail) {
    try {
        std::string text = head(result);
        text += caveats(result);
        if (result.contains("faults")) text += faults(result);
        if (result.contains("operations")) text += operations(result);
        if (detail == Detail::full) text += latency_drawing(result);
        if (result.contains("schedule")) text += unanswered(result);
        if (result.contains("consistency")) text += consistency(result) + invalidations(result);
        if (result.contains("store")) text += load(result);
        if (result.contains("durability")) text += durability(result);
        if (result.contains("promise")) text += promise(result);
        return text;
    } catch (const Json::exception& error) {
        throw InputError(fmt::format("not a result of stalemark: {}", error.what()));
    }
}

std::string simulation_speed(const Json& result, Duration processor_time) {
    const double seconds = std::chrono::duration<double>(processor_time).count();
    const double operations = count_of_operations(result);
    if (seconds == 0 || operations == 0) return "";
    return fmt::format(
        "  {:<18} {:.2g} s of processor time, {:.2f} million operations a second\n",
        "simulated in", seconds, operations / seconds / 1e6);
}

}  // namespace stalemark
