// SPDX-License-Identifier: Apache-2.0
// What every check of events promises, whatever it refuses.

#include <gtest/gtest.h>

#include "caches/manual_clock.h"
#include "core/errors.h"
#include "guards/event_checks.h"

namespace stalemark {
namespace {

constexpr Key key{7};

Row row(Version version) { return {.bytes = Bytes("row"), .version = version}; }

class EventCheckContract : public testing::TestWithParam<EventCheckEntry> {
protected:
    ManualClock clock;
    std::unique_ptr<EventCheck> check = GetParam().make(clock);
};

TEST_P(EventCheckContract, WhatHasHeardNothingAdmitsEverything) {
    for (const Version version : {0U, 1U, 9U}) {
        EXPECT_FALSE(check->is_outdated(key, row(version)));
        EXPECT_FALSE(check->admit(key, row(version)).is_refused);
    }
}

TEST_P(EventCheckContract, NeitherTheVersionHeardNorANewerOneIsRefused) {
    check->hear(key, 6);
    for (const Version version : {6U, 7U}) {
        EXPECT_FALSE(check->is_outdated(key, row(version)));
        EXPECT_FALSE(check->admit(key, row(version)).is_refused);
    }
}

TEST_P(EventCheckContract, WhatHasNoVersionIsNotRefused) {
    check->hear(key, 6);
    EXPECT_FALSE(check->admit(key, Row()).is_refused);
    EXPECT_FALSE(check->admit(key, row(0)).is_refused);
}

TEST_P(EventCheckContract, WhatWouldBeRefusedIsOutdated) {
    check->hear(key, 6);
    for (const Version version : {1U, 5U, 6U}) {
        const bool is_outdated = check->is_outdated(key, row(version));
        EXPECT_EQ(check->admit(key, row(version)).is_refused, is_outdated);
    }
    EXPECT_FALSE(check->is_outdated(Key{8}, row(1))) << "of another key it has heard nothing";
}

TEST_P(EventCheckContract, AnEntryOlderThanAChangeIsNotKept) {
    EXPECT_FALSE(check->keeps(5, 6));
}

INSTANTIATE_TEST_SUITE_P(All, EventCheckContract, testing::ValuesIn(all_event_checks()),
                         [](const auto& check) { return std::string(check.param.name); });

TEST(EventChecks, HaveNamesOfWhichAWrongOneIsRefused) {
    EXPECT_EQ(&find_event_check("none"), &no_event_check());
    EXPECT_THROW(find_event_check("versoin"), InputError);
}

}  // namespace
}  // namespace stalemark
