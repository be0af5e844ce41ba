// SPDX-License-Identifier: Apache-2.0
// What the catalogue says of a race, for the tests that play it.

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "strategies/catalog.h"

namespace stalemark {

// Nothing: it is not among them.
inline std::optional<KnownRace> find_race(const KnownRaces& races, std::string_view name) {
    const auto found = std::ranges::find(races, name, &KnownRace::name);
    return found == races.end() ? std::nullopt : std::optional(*found);
}

// "Suite.Name" of the test that runs.
inline std::string this_test() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    return std::string(test.test_suite_name()) + "." + test.name();
}

}  // namespace stalemark
