// SPDX-License-Identifier: Apache-2.0
// A promised bound of staleness: what keeps it is never accused, however slow its loads are,
// and what keeps entries a little too long is found, however slow other loads are.

#include <gtest/gtest.h>

#include <algorithm>

#include "core/words.h"
#include "driver/virtual_run.h"

namespace stalemark {
namespace {

constexpr Duration ttl = milliseconds(100);

// Of the loads some take a hundred times as long as most.
void make_it_race(VirtualRun& run, std::uint64_t seed) {
    run.spec.keys = 40;
    run.phase().mix = {.read = 0.7, .write = 0.2, .erase = 0.1};
    run.cache_wire.latency = latency("uniform(50us,300us)");
    run.store_wire.latency = latency("lognormal(1ms,2.5)");
    run.settings.ttl_of = [](Key) { return ttl; };
    run.settings.invalidate = Invalidate::none;
    run.driving.clients = 12;
    run.driving.operations = 20'000;
    run.driving.seed = seed;
    run.bound = ttl;
}

bool has_bound(const StrategyEntry& entry) { return has_word(entry.invalidate, "none"); }

VirtualResult carry_out(VirtualRun& run, const StrategyEntry& entry,
                        const ShieldEntry& shield) {
    return run.carry_out([&](const Parts& parts) {
        return entry.make({parts.cache, parts.store, parts.runtime, parts.settings, shield});
    });
}

class EveryShield : public testing::TestWithParam<ShieldEntry> {
protected:
    // Whether expired entries answer, as the command line would ask for.
    bool has_grace() const { return has_word(GetParam().knobs, "grace"); }

    void shield(VirtualRun& run) {
        if (!has_grace()) return;
        run.settings.shield.grace = run.settings.grace = milliseconds(40);
        run.bound = *run.bound + milliseconds(40);
    }
};

TEST_P(EveryShield, AccusesNoStrategyThatKeepsItsBound) {
    for (const StrategyEntry& entry : all_strategies()) {
        if (!has_bound(entry)) continue;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            VirtualRun run;
            make_it_race(run, seed);
            run.settings.ttl_jitter = seed == 1 ? 0.2 : 0;
            run.settings.negative_ttl = seed == 2 ? ttl : Duration{0};
            shield(run);
            const VirtualResult result = carry_out(run, entry, GetParam());
            const ConsistencyCounts& counts = result.driven.consistency;
            EXPECT_GT(counts.stale_reads + counts.stale_by_design, 1'000U);
            EXPECT_GT(counts.reads_past_bound, 1'000U);
            EXPECT_EQ(counts.contract_violations, 0U) << entry.name << " " << seed;
            EXPECT_EQ(counts.ages_at_least, 0U);
        }
    }
}

TEST_P(EveryShield, FindsEveryStrategyThatKeepsEntriesALittleTooLong) {
    for (const StrategyEntry& entry : all_strategies()) {
        if (!has_bound(entry)) continue;
        // An entry is read in its last 5 ms a few times per run, in some runs not at all.
        std::uint64_t found = 0;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            VirtualRun run;
            make_it_race(run, seed);
            shield(run);
            run.settings.ttl_of = [](Key) { return ttl + milliseconds(5); };
            const VirtualResult result = carry_out(run, entry, GetParam());
            const ConsistencyCounts& counts = result.driven.consistency;
            found += counts.contract_violations;
            EXPECT_LT(counts.contract_violations, counts.stale_reads + counts.stale_by_design);
        }
        EXPECT_GT(found, 0U) << entry.name;
    }
}

INSTANTIATE_TEST_SUITE_P(Catalog, EveryShield, testing::ValuesIn(all_shields()),
                         [](const auto& shield) { return std::string(shield.param.name); });

}  // namespace
}  // namespace stalemark
