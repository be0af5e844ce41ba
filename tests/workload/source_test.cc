// SPDX-License-Identifier: Apache-2.0
#include "workload/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "core/header.h"
#include "core/units.h"
#include "workload/chi_square.h"
#include "workload/small_workload.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

std::vector<Operation> draw(const WorkloadSpec& spec, std::size_t most, ClientSeat seat = {}) {
    const auto source = open_source(spec, seat);
    std::vector<Operation> drawn;
    while (drawn.size() < most) {
        const auto operation = source->next();
        if (!operation) break;
        drawn.push_back(*operation);
    }
    return drawn;
}

std::vector<Operation> arrivals(const WorkloadSpec& spec, std::size_t most,
                                std::uint32_t sessions = 50, std::uint64_t seed = 1) {
    const auto source = open_arrivals(spec, seed, 0, sessions);
    std::vector<Operation> drawn;
    while (drawn.size() < most) {
        const auto operation = source->next();
        if (!operation) break;
        drawn.push_back(*operation);
    }
    return drawn;
}

template <typename Aspect>
auto each(const std::vector<Operation>& operations, Aspect aspect) {
    std::vector<std::decay_t<decltype(aspect(operations[0]))>> all;
    for (const Operation& operation : operations) all.push_back(aspect(operation));
    return all;
}

auto keys(const std::vector<Operation>& operations) {
    return each(operations, [](const Operation& operation) { return operation.key; });
}
auto kinds(const std::vector<Operation>& operations) {
    return each(operations, [](const Operation& operation) { return operation.kind; });
}
auto dues(const std::vector<Operation>& operations) {
    return each(operations, [](const Operation& operation) { return operation.due; });
}

TEST(Source, MixesTheKindsAsAsked) {
    std::vector<std::uint64_t> counts(operation_kinds, 0);
    for (const Operation& operation : draw(small_workload(), 100'000)) {
        ++counts[static_cast<std::size_t>(operation.kind)];
    }
    EXPECT_LT(std::abs(deviation(counts, {0.6, 0.2, 0.05, 0.15})), 4);
}

TEST(Source, NeverDrawsAKindThatHasNoShare) {
    for (const Mix& mix :
         {Mix{.read = 1}, Mix{.read = 0, .write = 1}, Mix{.read = 0, .erase = 1},
          Mix{.read = 0, .read_modify_write = 1}}) {
        auto spec = small_workload();
        spec.phases[0].mix = mix;
        const auto all = kinds(draw(spec, 1'000));
        EXPECT_EQ(std::set(all.begin(), all.end()).size(), 1U);
    }
}

TEST(Source, GivesTheRestOfARoundedSumToAKindThatIsAsked) {
    auto spec = small_workload();
    spec.phases[0].mix = {.read = 0, .write = 0.25};  // As if much were lost to rounding.
    EXPECT_THAT(kinds(draw(spec, 100)), testing::Each(OperationKind::write));
    spec.phases[0].mix = {.read = 0, .write = 0.25, .erase = 0.25};
    EXPECT_THAT(kinds(draw(spec, 100)),
                testing::Each(testing::AnyOf(OperationKind::write, OperationKind::erase)));
    spec.phases[0].mix = {.read = 0.25};
    EXPECT_THAT(kinds(draw(spec, 100)), testing::Each(OperationKind::read));
}

TEST(Source, GivesASizeToWhatWritesOnly) {
    auto spec = small_workload();
    spec.value_size = Distribution::parse("uniform(20,30)", parse_bytes, format_bytes);
    for (const Operation& operation : draw(spec, 10'000)) {
        const bool writes = operation.kind == OperationKind::write ||
                            operation.kind == OperationKind::read_modify_write;
        if (writes) {
            ASSERT_GE(operation.value_bytes, 20U);
            ASSERT_LE(operation.value_bytes, 30U);
        } else {
            ASSERT_EQ(operation.value_bytes, 0U);
        }
    }
}

TEST(Source, HasNothingDueLaterInAClosedLoop) {
    EXPECT_THAT(dues(draw(small_workload(), 1'000)), testing::Each(0ns));
}

TEST(Source, SpacesPoissonArrivalsExponentially) {
    auto spec = small_workload();
    spec.phases[0].rate = 4'000;
    const auto due = dues(arrivals(spec, 100'000));
    ASSERT_TRUE(std::ranges::is_sorted(due));
    EXPECT_NEAR(static_cast<double>(due.back().count()) / 1e6, 25'000, 375) << "250 us apart";
    // Of exponential gaps, exp(-x) are longer than x times the mean.
    std::vector<std::uint64_t> counts(8, 0);
    Duration last{0};
    for (const Duration at : due) {
        const auto halves = static_cast<std::size_t>((at - last) / 125us);
        ++counts[std::min<std::size_t>(halves, 7)];
        last = at;
    }
    std::vector<double> shares;
    for (int half = 0; half < 7; ++half) {
        shares.push_back(std::exp(-half / 2.0) - std::exp(-(half + 1) / 2.0));
    }
    shares.push_back(std::exp(-3.5));
    EXPECT_LT(std::abs(deviation(counts, shares)), 4);
}

TEST(Source, SpacesConstantArrivalsEvenly) {
    auto spec = small_workload();
    spec.phases[0].rate = 1'000;
    spec.phases[0].arrival = Arrival::constant;
    EXPECT_THAT(dues(arrivals(spec, 4)), testing::ElementsAre(0ms, 1ms, 2ms, 3ms));
}

TEST(Source, LetsEverySessionAskAlikeAndInNoOrder) {
    auto spec = small_workload();
    spec.phases[0].rate = 1'000;
    std::vector<std::uint64_t> counts(7, 0);
    std::vector<std::uint64_t> pairs(49, 0);
    std::uint32_t last = 0;
    for (const Operation& operation : arrivals(spec, 100'000, 7)) {
        ASSERT_LT(operation.session, 7U);
        ++counts[operation.session];
        ++pairs[7 * last + operation.session];
        last = operation.session;
    }
    EXPECT_LT(std::abs(deviation(counts, std::vector<double>(7, 1.0 / 7))), 4);
    EXPECT_LT(std::abs(deviation(pairs, std::vector<double>(49, 1.0 / 49))), 4);
}

TEST(Source, AsksTheSameHoweverManySessionsThereAre) {
    auto spec = small_workload();
    spec.phases[0].rate = 1'000;
    const auto few = arrivals(spec, 500, 3);
    const auto many = arrivals(spec, 500, 100'000);
    EXPECT_EQ(keys(few), keys(many));
    EXPECT_EQ(kinds(few), kinds(many));
    EXPECT_EQ(dues(few), dues(many));
    EXPECT_NE(keys(few), keys(arrivals(spec, 500, 3, 2))) << "another seed";
}

TEST(Source, StaysInRangeAtTheSlowestAndTheFastestRate) {
    for (const double rate : {0.001, 1e9}) {
        for (const Arrival arrival : {Arrival::poisson, Arrival::constant}) {
            auto spec = small_workload();
            spec.phases[0].rate = rate;
            spec.phases[0].arrival = arrival;
            const auto due = dues(arrivals(spec, 1'000));
            EXPECT_TRUE(std::ranges::is_sorted(due));
            EXPECT_GE(due.front(), 0ns);
        }
    }
}

TEST(Source, DealsTheOperationsOfAPhaseToItsClients) {
    auto spec = small_workload();
    spec.phases[0].operations = 10;
    std::array<std::size_t, 4> counts{};
    for (std::uint32_t client = 0; client < 4; ++client) {
        counts[client] = draw(spec, 100, {.client = client, .clients = 4}).size();
    }
    EXPECT_THAT(counts, testing::ElementsAre(3, 3, 2, 2));
    const auto source = open_source(spec, {.client = 3, .clients = 4});
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(source->next());
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(source->next()) << "the end stays the end";
}

TEST(Source, IsAFunctionOfItsSeat) {
    auto spec = small_workload();
    spec.phases.push_back(spec.phases[0]);
    const ClientSeat seat{.seed = 4, .phase = 0, .client = 1, .clients = 3};
    const auto once = keys(draw(spec, 100, seat));
    EXPECT_EQ(once, keys(draw(spec, 100, seat)));
    EXPECT_NE(once, keys(draw(spec, 100, {.seed = 5, .phase = 0, .client = 1, .clients = 3})));
    EXPECT_NE(once, keys(draw(spec, 100, {.seed = 4, .phase = 1, .client = 1, .clients = 3})));
    EXPECT_NE(once, keys(draw(spec, 100, {.seed = 4, .phase = 0, .client = 2, .clients = 3})));
}

TEST(Source, KeepsOneAspectWhenAnotherChanges) {
    const auto usual = draw(small_workload(), 500);
    auto other_rate = small_workload();
    other_rate.phases[0].rate = 10;
    EXPECT_EQ(keys(draw(other_rate, 500)), keys(usual));
    EXPECT_EQ(kinds(draw(other_rate, 500)), kinds(usual));
    auto other_size = small_workload();
    other_size.value_size = Distribution::parse("uniform(16,99)", parse_bytes, format_bytes);
    EXPECT_EQ(keys(draw(other_size, 500)), keys(usual));
    auto other_mix = small_workload();
    other_mix.phases[0].mix = {.read = 0.5, .write = 0.5};
    EXPECT_EQ(keys(draw(other_mix, 500)), keys(usual));
    EXPECT_NE(kinds(draw(other_mix, 500)), kinds(usual));
}

}  // namespace
}  // namespace stalemark
