// SPDX-License-Identifier: Apache-2.0
#include "cli/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <vector>

#include "caches/catalog.h"
#include "core/errors.h"
#include "core/words.h"
#include "guards/catalog.h"
#include "options/deployment.h"
#include "options/options.h"
#include "report/known_races_section.h"
#include "report/sections.h"
#include "shields/catalog.h"
#include "stores/catalog.h"
#include "strategies/catalog.h"
#include "suite/suite.h"
#include "wire/faults.h"
#include "wire/latencies.h"
#include "workload/files.h"

namespace stalemark {
namespace {

struct Item {
    std::string name;
    std::string caption;
    std::string form;             // What to write, where that is more than the name.
    std::string source;           // Where its figures are from.
    Json facts = Json::object();  // Further ones, for programs.
};

template <typename Entries>
std::vector<Item> items_of(const Entries& entries) {
    std::vector<Item> items;
    for (const auto& entry : entries) {
        items.push_back({std::string(entry.name), std::string(entry.caption), "", ""});
    }
    return items;
}

Json options_of(std::string_view knobs) {
    Json options = Json::array();
    for (const OptionRow& row : run_options()) {
        if (!has_word(knobs, row.name)) continue;
        options.push_back({{"name", row.name}, {"value", row.value}, {"does", row.help}});
    }
    return options;
}

Json words_of(std::string_view row) {
    Json words = Json::array();
    for (const auto word : std::views::split(row, ' '))
        if (!word.empty()) words.push_back(std::string(word.begin(), word.end()));
    return words;
}

std::vector<Item> strategy_items() {
    std::vector<Item> items = items_of(all_strategies());
    for (std::size_t i = 0; i < items.size(); ++i) {
        const StrategyEntry& entry = all_strategies()[i];
        items[i].facts = {{"options", options_of(entry.knobs)},
                          {"invalidate", words_of(entry.invalidate)},
                          {"races", known_races_section(default_races(entry))}};
    }
    return items;
}

std::vector<Item> shield_items() {
    std::vector<Item> items = items_of(all_shields());
    for (std::size_t i = 0; i < items.size(); ++i)
        items[i].facts = {{"options", options_of(all_shields()[i].knobs)}};
    return items;
}

Json promise_json(const GuardPromise& promise) {
    return {{"fill_over_erase", words_of(promise.fill_over_erase)},
            {"fill_over_set", words_of(promise.fill_over_set)},
            {"set_over_set", words_of(promise.set_over_set)},
            {"unfinished_change", words_of(promise.unfinished_change)}};
}

std::vector<Item> guard_items() {
    std::vector<Item> items = items_of(all_guards());
    for (std::size_t i = 0; i < items.size(); ++i) {
        const GuardEntry& entry = all_guards()[i];
        items[i].facts = {{"options", options_of(entry.knobs)},
                          {"prevents", promise_json(entry.promise)}};
    }
    return items;
}

std::vector<Item> fault_items() {
    std::vector<Item> items = items_of(all_faults());
    for (std::size_t i = 0; i < items.size(); ++i) items[i].form = form_of(all_faults()[i]);
    return items;
}

std::vector<Item> latency_items() {
    std::vector<Item> items;
    for (const LatencyEntry& entry : all_latencies()) {
        items.push_back({std::string(entry.name),
                         fmt::format("{}: {}", entry.caption, entry.spec), "",
                         std::string(entry.source)});
    }
    return items;
}

std::vector<Item> deployment_items() {
    std::vector<Item> items;
    for (const std::string& name : deployment_names()) {
        items.push_back({name, read_deployment(name).caption, "", ""});
    }
    return items;
}

struct Kind {
    std::string_view name;
    std::vector<Item> (*items)();
};

constexpr auto kinds = std::to_array<Kind>({
    {"strategies", strategy_items},
    {"orders", [] { return items_of(all_orders); }},
    {"guards", guard_items},
    {"shields", shield_items},
    {"caches", [] { return items_of(all_caches()); }},
    {"stores", [] { return items_of(all_stores()); }},
    {"latencies", latency_items},
    {"faults", fault_items},
    {"workloads", [] { return items_of(all_workloads()); }},
    {"deployments", deployment_items},
    {"suites", [] { return items_of(all_suites()); }},
});

std::vector<Kind> chosen(std::string_view name) {
    std::vector<Kind> found;
    std::vector<std::string_view> known;
    for (const Kind& kind : kinds) {
        known.push_back(kind.name);
        if (name.empty() || kind.name == name) found.push_back(kind);
    }
    if (found.empty()) throw InputError(unknown_word("kind", name, known));
    return found;
}

}  // namespace

std::string list_text(std::string_view kind_name) {
    std::string text;
    for (const Kind& kind : chosen(kind_name)) {
        if (!text.empty()) text += "\n";
        text += fmt::format("{}\n", kind.name);
        const std::vector<Item> items = kind.items();
        std::size_t width = 18;
        for (const Item& item : items) width = std::max(width, item.form.size());
        for (const Item& item : items) {
            text += fmt::format("  {:<{}} {}\n", item.form.empty() ? item.name : item.form,
                                width, item.caption);
        }
    }
    return text;
}

std::vector<std::string_view> list_kinds() {
    std::vector<std::string_view> names;
    for (const Kind& kind : kinds) names.push_back(kind.name);
    return names;
}

std::string list_json(std::string_view kind_name) {
    Json lists = Json::object();
    for (const Kind& kind : chosen(kind_name)) {
        Json list = Json::array();
        for (const Item& item : kind.items()) {
            list.push_back({{"name", item.name}, {"caption", item.caption}});
            if (!item.form.empty()) list.back()["form"] = item.form;
            if (!item.source.empty()) list.back()["source"] = item.source;
            list.back().update(item.facts);
        }
        lists[kind.name] = std::move(list);
    }
    return lists.dump(2);
}

}  // namespace stalemark
