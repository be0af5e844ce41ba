// SPDX-License-Identifier: Apache-2.0
#include "suite/suite_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/errors.h"
#include "core/words.h"
#include "workload/fields.h"
#include "workload/json_document.h"

namespace stalemark {
namespace {

// The suite itself sees to these.
constexpr std::array<std::string_view, 5> not_for_runs = {"out", "quiet", "repeat",
                                                          "expect-promise", "history"};

// A workload has none of these.
constexpr auto fields_of_suites = std::to_array<std::string_view>(
    {"workloads", "protocols", "product", "settings", "repetitions", "full_repetitions"});

constexpr std::uint64_t repetitions_most = 1'000;
constexpr std::size_t combinations_most = 10'000;

bool is_for_runs(const OptionRow& row, bool is_protocol) {
    return std::ranges::find(not_for_runs, row.name) == not_for_runs.end() &&
           (row.name != "strategy" || is_protocol);
}

// The options that an object of a suite file sets: "ttl": "5s", "sync": true, and of one that
// may be repeated also "fault": ["store-fails=0.1", "cache-flush@5s"].
OptionTexts read_options(Fields& fields, bool is_protocol) {
    OptionTexts values;
    for (const OptionRow& row : run_options()) {
        if (!is_for_runs(row, is_protocol) || !fields.has(row.name)) continue;
        if (row.value.empty()) {
            if (*fields.flag(row.name)) values.emplace(row.name, "");
        } else if (row.is_repeatable && fields.is_array(row.name)) {
            values.emplace(row.name,
                           fmt::format("{}", fmt::join(*fields.texts(row.name), " ")));
        } else {
            values.emplace(row.name, *fields.parsed(row.name, [](std::string_view text) {
                return std::string(text);
            }));
        }
    }
    fields.finish();
    return values;
}

std::string text_of(const OptionTexts& values, const std::set<std::string>& names) {
    std::vector<std::string> words;
    for (const auto& [name, value] : values) {
        if (names.contains(name))
            words.push_back(value.empty() ? name : fmt::format("{}={}", name, value));
    }
    return fmt::format("{}", fmt::join(words, ","));
}

// The options that not all have with the same value.
std::set<std::string> varying(const std::vector<const OptionTexts*>& all) {
    std::set<std::string> names;
    for (const OptionTexts* one : all) {
        for (const auto& [name, value] : *one) {
            const auto is_alike = [&](const OptionTexts* other) {
                const auto found = other->find(name);
                return found != other->end() && found->second == value;
            };
            if (!std::ranges::all_of(all, is_alike)) names.insert(name);
        }
    }
    return names;
}

// Protocols are named for their strategy, and for what else tells those of one strategy apart.
void name_apart(std::vector<Choice>& protocols) {
    for (Choice& protocol : protocols) {
        const std::string& strategy = protocol.values.at("strategy");
        std::vector<const OptionTexts*> alike;
        for (const Choice& other : protocols) {
            if (other.values.at("strategy") == strategy) alike.push_back(&other.values);
        }
        const std::string settings = text_of(protocol.values, varying(alike));
        protocol.name = settings.empty() ? strategy : fmt::format("{}+{}", strategy, settings);
    }
}

void name_apart(std::vector<WorkloadChoice>& workloads) {
    for (WorkloadChoice& chosen : workloads) {
        std::vector<const OptionTexts*> alike;
        for (const WorkloadChoice& other : workloads) {
            if (other.workload == chosen.workload) alike.push_back(&other.options);
        }
        const std::string options = text_of(chosen.options, varying(alike));
        if (!options.empty()) chosen.suffix = "+" + options;
    }
}

std::string place_of(const Fields& entry) { return entry.place_of("") + ": " + entry.path(); }

class SuiteReader {
public:
    SuiteReader(const JsonDocument& document, bool is_full)
        : suite_(document), is_full_(is_full) {}

    SuiteGrid read(const std::string& workload) {
        suite_.text("caption");
        grid_.repetitions =
            suite_.count("repetitions", 1, repetitions_most).value_or(grid_.repetitions);
        if (const auto full = suite_.count("full_repetitions", 1, repetitions_most);
            full && is_full_) {
            grid_.repetitions = *full;
        }
        WorkloadChoice common;
        add_options(suite_, common);
        common.protocols = read_protocols(suite_);
        read_workloads(common);
        read_settings();
        suite_.finish();
        if (!workload.empty()) replace_workloads(common, workload);
        return std::move(grid_);
    }

private:
    // Whether the entry is part of this suite; marked as read in any case.
    bool is_wanted(Fields& entry) const {
        return !entry.flag("full_only").value_or(false) || is_full_;
    }

    // Those of `protocols` and `product`, in the suite or in one of its workloads.
    std::vector<Choice> read_protocols(Fields& owner) {
        std::vector<Choice> protocols;
        for (Fields& entry : owner.objects("protocols")) {
            const bool wanted = is_wanted(entry);
            entry.require("strategy");
            Choice protocol{.name = "",
                            .values = read_options(entry, true),
                            .product = {},
                            .place = place_of(entry)};
            if (wanted) protocols.push_back(std::move(protocol));
        }
        for (Fields& entry : owner.objects("product")) add_product(entry, protocols);
        name_apart(protocols);
        return protocols;
    }

    // Every combination of the values that an entry of `product` lists.
    void add_product(Fields& entry, std::vector<Choice>& protocols) {
        const bool wanted = is_wanted(entry);
        const bool is_lenient = entry.flag("skip_senseless").value_or(false);
        entry.require("strategy");
        Product product{.place = place_of(entry), .is_lenient = is_lenient, .values = {}};
        std::vector<OptionTexts> combinations = {{}};
        for (const OptionRow& row : run_options()) {
            if (!is_for_runs(row, true) || !entry.has(row.name)) continue;
            std::vector<OptionTexts> longer;
            for (const std::string& value : entry.scalars(row.name)) {
                const OptionTexts single = one_option(entry, row, value);
                if (!single.empty()) product.values.push_back(single);
                for (const OptionTexts& combination : combinations) {
                    longer.push_back(combination);
                    longer.back().insert(single.begin(), single.end());
                }
            }
            if (longer.size() > combinations_most) {
                entry.fail("",
                           fmt::format("expected at most {} combinations", combinations_most));
            }
            combinations = std::move(longer);
        }
        entry.finish();
        if (!wanted) return;
        for (OptionTexts& values : combinations) {
            protocols.push_back({.name = "",
                                 .values = std::move(values),
                                 .product = grid_.products.size(),
                                 .place = product.place});
        }
        grid_.products.push_back(std::move(product));
    }

    // A switch that is off is no option.
    static OptionTexts one_option(const Fields& entry, const OptionRow& row,
                                  const std::string& value) {
        if (!row.value.empty()) return {{std::string(row.name), value}};
        if (value != "true" && value != "false") {
            entry.fail(row.name,
                       fmt::format("expected true or false, got {}", in_quotes(value)));
        }
        if (value == "false") return {};
        return {{std::string(row.name), ""}};
    }

    // Those of the field `options`; they are stronger than what is there.
    static void add_options(Fields& owner, WorkloadChoice& chosen) {
        auto options = owner.object("options");
        if (!options) return;
        for (const auto& [name, value] : read_options(*options, false)) {
            chosen.options[name] = value;
            chosen.places[name] = place_of(*options);
        }
    }

    void read_workloads(const WorkloadChoice& common) {
        suite_.require("workloads");
        for (Fields& entry : suite_.objects("workloads")) {
            WorkloadChoice chosen = common;
            chosen.place = place_of(entry);
            const bool wanted = read_workload(entry, chosen);
            if (chosen.protocols.empty()) suite_.fail("protocols", "expected at least one");
            if (wanted) grid_.workloads.push_back(std::move(chosen));
        }
        if (grid_.workloads.empty()) suite_.fail("workloads", "expected at least one");
        name_apart(grid_.workloads);
    }

    void replace_workloads(WorkloadChoice common, const std::string& workload) {
        if (common.protocols.empty()) suite_.fail("protocols", "expected at least one");
        common.workload = workload;
        common.is_lenient = true;
        grid_.workloads = {std::move(common)};
    }

    // False if it is no part of this suite.
    bool read_workload(Fields& entry, WorkloadChoice& chosen) {
        const bool wanted = is_wanted(entry);
        entry.require("workload");
        chosen.workload = *entry.text("workload");
        add_options(entry, chosen);
        const bool has_its_own = entry.has("protocols") || entry.has("product");
        if (has_its_own) chosen.protocols = read_protocols(entry);
        entry.finish();
        return wanted;
    }

    void read_settings() {
        for (Fields& entry : suite_.objects("settings")) {
            const bool wanted = is_wanted(entry);
            const OptionTexts values = read_options(entry, false);
            if (!wanted) continue;
            std::set<std::string> names;
            for (const auto& [name, value] : values) names.insert(name);
            grid_.settings.push_back({.name = "." + text_of(values, names),
                                      .values = values,
                                      .product = {},
                                      .place = place_of(entry)});
        }
        if (grid_.settings.empty()) grid_.settings.push_back({});
    }

    Fields suite_;
    bool is_full_;
    SuiteGrid grid_;
};

}  // namespace

bool is_suite_file(const std::filesystem::path& path) {
    const JsonDocument document = JsonDocument::read(path);
    if (!document.root().is_object()) return false;
    return std::ranges::any_of(Fields(document).names(), [](std::string_view name) {
        return !nearest(name, fields_of_suites).empty();
    });
}

SuiteGrid read_suite_file(const std::filesystem::path& path, bool is_full,
                          const std::string& workload) {
    JsonDocument document = JsonDocument::read(path);
    // A workload may be a mere name.
    const auto& root = document.root();
    if (root.is_object() && root.contains("workloads")) {
        for (std::size_t i = 0; i < root["workloads"].size(); ++i)
            document.expand(fmt::format("workloads.{}", i), "workload");
    }
    return SuiteReader(document, is_full).read(workload);
}

}  // namespace stalemark
