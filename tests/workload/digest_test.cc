// SPDX-License-Identifier: Apache-2.0
// The digest of a workload's operations: it changes with whatever changes one of them.

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "core/units.h"
#include "workload/small_workload.h"
#include "workload/source.h"

namespace stalemark {
namespace {

// Every setting that a stream of operations can show, and a change of it.
struct Knob {
    std::string name;
    Popularity::Kind kind;
    std::function<void(WorkloadSpec&)> turn;

    friend std::ostream& operator<<(std::ostream& out, const Knob& knob) {
        return out << knob.name;
    }
};

class DigestOf : public testing::TestWithParam<Knob> {};

TEST_P(DigestOf, ChangesWithTheKnob) {
    auto spec = small_workload();
    spec.phases[0].popularity = {.kind = GetParam().kind, .drift_every = 300};
    spec.phases[0].rate = 1'000;
    auto turned = spec;
    GetParam().turn(turned);
    EXPECT_EQ(digest_of(spec, 1, 3, 50), digest_of(spec, 1, 3, 50));
    EXPECT_NE(digest_of(spec, 1, 3, 50), digest_of(turned, 1, 3, 50));
}

Phase& phase_of(WorkloadSpec& spec) { return spec.phases[0]; }
Popularity& popularity_of(WorkloadSpec& spec) { return spec.phases[0].popularity; }

std::vector<Knob> all_knobs() {
    using Kind = Popularity::Kind;
    std::vector<Knob> knobs = {
        {"keys", Kind::uniform, [](auto& spec) { spec.keys = 999; }},
        {"value_size", Kind::uniform, [](auto& spec) { spec.value_size = Distribution(99); }},
        {"mix_read", Kind::uniform,
         [](auto& spec) { phase_of(spec).mix = {.read = 0.5, .write = 0.5}; }},
        {"mix_write", Kind::uniform,
         [](auto& spec) { phase_of(spec).mix = {.read = 0, .write = 1}; }},
        {"mix_delete", Kind::uniform,
         [](auto& spec) { phase_of(spec).mix = {.read = 0, .erase = 1}; }},
        {"mix_read_modify_write", Kind::uniform,
         [](auto& spec) { phase_of(spec).mix = {.read = 0, .read_modify_write = 1}; }},
        {"rate", Kind::uniform, [](auto& spec) { phase_of(spec).rate = 1'001; }},
        {"closed_loop", Kind::uniform, [](auto& spec) { phase_of(spec).rate = std::nullopt; }},
        {"arrival", Kind::uniform,
         [](auto& spec) { phase_of(spec).arrival = Arrival::constant; }},
        {"operations", Kind::uniform, [](auto& spec) { phase_of(spec).operations = 500; }},
        {"phases", Kind::uniform, [](auto& spec) { spec.phases.push_back(spec.phases[0]); }},
        {"hot_keys", Kind::hot_set, [](auto& spec) { popularity_of(spec).hot_keys = 0.3; }},
        {"hot_operations", Kind::hot_set,
         [](auto& spec) { popularity_of(spec).hot_operations = 0.9; }},
        {"drift_every", Kind::drifting_hot_set,
         [](auto& spec) { popularity_of(spec).drift_every = 299; }},
        {"drift_by", Kind::drifting_hot_set,
         [](auto& spec) { popularity_of(spec).drift_by = 0.1; }},
    };
    for (const Kind kind : {Kind::zipfian, Kind::scrambled, Kind::latest}) {
        knobs.push_back({"theta_" + std::to_string(static_cast<int>(kind)), kind,
                         [](auto& spec) { popularity_of(spec).theta = 1; }});
    }
    for (int other = 1; other <= static_cast<int>(Kind::sequential); ++other) {
        knobs.push_back({"kind_" + std::to_string(other), Kind::uniform, [other](auto& spec) {
                             popularity_of(spec).kind = static_cast<Kind>(other);
                         }});
    }
    return knobs;
}

INSTANTIATE_TEST_SUITE_P(EveryKnob, DigestOf, testing::ValuesIn(all_knobs()),
                         [](const auto& tested) { return tested.param.name; });

TEST(Digest, OfAClosedLoopChangesWithSeedAndClients) {
    const auto spec = small_workload();
    EXPECT_NE(digest_of(spec, 1, 3, 3), digest_of(spec, 2, 3, 3));
    EXPECT_NE(digest_of(spec, 1, 3, 3), digest_of(spec, 1, 4, 4));
}

TEST(Digest, OfAnOpenLoopChangesWithSeedAndSessionsAndNotWithClients) {
    auto spec = small_workload();
    spec.phases[0].rate = 1'000;
    EXPECT_EQ(digest_of(spec, 1, 3, 50), digest_of(spec, 1, 400, 50));
    EXPECT_NE(digest_of(spec, 1, 3, 50), digest_of(spec, 2, 3, 50));
    EXPECT_NE(digest_of(spec, 1, 3, 50), digest_of(spec, 1, 3, 51));
}

TEST(Digest, TellsTheKindsOfHotSetsApart) {
    auto still = small_workload();
    still.phases[0].popularity = {.kind = Popularity::Kind::hot_set};
    auto drifting = still;
    drifting.phases[0].popularity = {.kind = Popularity::Kind::drifting_hot_set,
                                     .drift_every = 9};
    EXPECT_NE(digest_of(still, 1, 3, 50), digest_of(drifting, 1, 3, 50));
}

// The operations must stay the same from one version of the suite to the next, and with every
// compiler; whoever changes them on purpose writes the new digest here and in the changelog.
TEST(Digest, IsTheSameEverywhere) {
    auto spec = small_workload();
    spec.value_size = Distribution::parse("lognormal(200,1)", parse_bytes, format_bytes);
    const Phase phase = spec.phases[0];
    for (int kind = 0; kind <= static_cast<int>(Popularity::Kind::sequential); ++kind) {
        spec.phases.push_back(phase);
        spec.phases.back().popularity.kind = static_cast<Popularity::Kind>(kind);
        spec.phases.back().rate = 1'000;
    }
    EXPECT_EQ(digest_of(spec, 1, 3, 50), "ccab7a4997a2c2a8");
}

}  // namespace
}  // namespace stalemark
