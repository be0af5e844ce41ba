// SPDX-License-Identifier: Apache-2.0
// What every guard promises, whatever it refuses.

#include <gtest/gtest.h>

#include "caches/manual_clock.h"
#include "core/errors.h"
#include "guards/catalog.h"

namespace stalemark {
namespace {

constexpr Key key{7};

Row row(Version version) { return {.bytes = Bytes("row"), .version = version}; }

class GuardContract : public testing::TestWithParam<GuardEntry> {
protected:
    ManualClock clock;
    std::unique_ptr<Guard> guard = GetParam().make(clock);
};

TEST_P(GuardContract, WhatHasHeardNothingAdmitsEverything) {
    for (const Version version : {0U, 1U, 9U}) {
        EXPECT_FALSE(guard->is_outdated(key, row(version)));
        EXPECT_FALSE(guard->admit(key, row(version)).is_refused);
    }
}

TEST_P(GuardContract, NeitherTheVersionHeardNorANewerOneIsRefused) {
    guard->hear(key, 6);
    for (const Version version : {6U, 7U}) {
        EXPECT_FALSE(guard->is_outdated(key, row(version)));
        EXPECT_FALSE(guard->admit(key, row(version)).is_refused);
    }
}

TEST_P(GuardContract, WhatHasNoVersionIsNotRefused) {
    guard->hear(key, 6);
    EXPECT_FALSE(guard->admit(key, Row()).is_refused);
    EXPECT_FALSE(guard->admit(key, row(0)).is_refused);
}

TEST_P(GuardContract, WhatWouldBeRefusedIsOutdated) {
    guard->hear(key, 6);
    for (const Version version : {1U, 5U, 6U}) {
        const bool is_outdated = guard->is_outdated(key, row(version));
        EXPECT_EQ(guard->admit(key, row(version)).is_refused, is_outdated);
    }
    EXPECT_FALSE(guard->is_outdated(Key{8}, row(1))) << "of another key it has heard nothing";
}

TEST_P(GuardContract, AnEntryOlderThanAChangeIsNotKept) { EXPECT_FALSE(guard->keeps(5, 6)); }

INSTANTIATE_TEST_SUITE_P(All, GuardContract, testing::ValuesIn(all_guards()),
                         [](const auto& guard) { return std::string(guard.param.name); });

TEST(Guards, HaveNamesOfWhichAWrongOneIsRefused) {
    EXPECT_EQ(&find_guard("none"), &no_guard());
    EXPECT_THROW(find_guard("nwer"), InputError);
}

}  // namespace
}  // namespace stalemark
