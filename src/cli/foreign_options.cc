#include "cli/foreign_options.h"

#include <algorithm>

#include "cli/option_reader.h"
#include "stores/catalog.h"
#include "strategies/catalog.h"

namespace stalemark {
namespace {

constexpr std::array<std::string_view, 2> runtime_names = {"threads", "virtual"};
constexpr std::string_view of_virtual_time = "processors operation-cost";
constexpr std::string_view of_rocksdb = "db sync block-cache";

}  // namespace

bool is_virtual(const RunOptions& options) {
    return read_word(options, "runtime", "threads", runtime_names) == 1;
}

std::string_view store_of(const RunOptions& options) {
    return read_option(options, "store", is_virtual(options) ? "memory" : "rocksdb",
                       [](std::string_view name) { return find_store(name).name; });
}

std::optional<std::string> why_foreign(const RunOptions& options, std::string_view name) {
    const StrategyEntry& strategy = find_strategy(options.get_or("strategy", "cache_aside"));
    if (is_foreign_knob(strategy, name)) {
        std::string owners;
        for (const StrategyEntry& other : all_strategies()) {
            if (has_word(other.knobs, name)) owners += " " + std::string(other.name);
        }
        return fmt::format("--{}: {} does not read it; these do:{}", name, strategy.name,
                           owners);
    }
    if (has_word(of_virtual_time, name) && !is_virtual(options)) {
        return fmt::format(
            "--{}: real processors are as many and as fast as they are; this is for "
            "--runtime virtual",
            name);
    }
    if (has_word(of_rocksdb, name) && store_of(options) != "rocksdb") {
        return fmt::format("--{}: store '{}' has no such thing; rocksdb has", name,
                           store_of(options));
    }
    return std::nullopt;
}

void refuse_foreign(const RunOptions& options) {
    for (const OptionRow& row : run_options()) {
        if (!options.has(row.name)) continue;
        if (const auto why = why_foreign(options, row.name)) throw InputError(*why);
    }
}

RunOptions with_lent(RunOptions options, const OptionValues& lent) {
    OptionValues kept = lent;
    std::erase_if(kept, [&](const auto& option) { return options.has(option.first); });
    options.values.insert(kept.begin(), kept.end());
    // Without one that is left out another may be foreign, too.
    const auto is_foreign = [&](const auto& option) {
        return why_foreign(options, option.first).has_value();
    };
    for (auto found = std::ranges::find_if(kept, is_foreign); found != kept.end();
         found = std::ranges::find_if(kept, is_foreign)) {
        options.values.erase(found->first);
        kept.erase(found);
    }
    return options;
}

}  // namespace stalemark
