// SPDX-License-Identifier: Apache-2.0
// What --fault takes, and what it refuses.

#include "wire/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/errors.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

// What parse_fault() says of it.
std::string complaint(std::string_view text) {
    try {
        parse_fault(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return "nothing";
}

// What is said when the second is given along with the first.
std::string complaint(std::string_view first, std::string_view second) {
    const std::vector<Fault> others = {parse_fault(first)};
    try {
        check_against(parse_fault(second), others);
    } catch (const InputError& error) {
        return error.what();
    }
    return "nothing";
}

TEST(Faults, ASpellHasABeginningAndAnEnd) {
    const Fault fault = parse_fault("store-down@10s+500ms");
    EXPECT_EQ(fault.entry->name, "store-down");
    EXPECT_EQ(fault.entry->place, FaultPlace::store);
    EXPECT_EQ(fault.begins, seconds(10));
    EXPECT_EQ(fault.ends, milliseconds(10'500));
}

TEST(Faults, ASlowSpellHasAFactorToo) {
    const Fault fault = parse_fault("cache-slow@0+5s,x2.5");
    EXPECT_EQ(fault.entry->place, FaultPlace::cache);
    EXPECT_EQ(fault.begins, Duration{0});
    EXPECT_EQ(fault.ends, seconds(5));
    EXPECT_EQ(fault.factor, 2.5);
}

TEST(Faults, AnInstantEndsWhenItBegins) {
    const Fault fault = parse_fault("cache-flush@3s");
    EXPECT_EQ(fault.begins, seconds(3));
    EXPECT_EQ(fault.ends, seconds(3));
}

TEST(Faults, AChanceIsAlwaysOn) {
    const Fault fault = parse_fault("store-fails=0.01");
    EXPECT_EQ(fault.fraction, 0.01);
    EXPECT_EQ(fault.begins, Duration{0});
    EXPECT_EQ(fault.ends, never);
}

TEST(Faults, EachIsWrittenAsItIsRead) {
    for (const std::string_view text :
         {"store-slow@10s+5s,x20", "store-down@1500ms+1us", "store-fails=0.01",
          "cache-slow@0+1h,x1.5", "cache-down@2m+1ms", "cache-flush@10s", "event-loss=1",
          "event-duplication=0", "event-reordering=0.5", "events-down@1s+2s"}) {
        EXPECT_EQ(parse_fault(text).text(), text);
    }
    EXPECT_EQ(parse_fault("store-down@1000ms+0.001s").text(), "store-down@1s+1ms");
}

TEST(Faults, EveryOneOfTheCatalogueHasAFormThatItsComplaintNames) {
    for (const FaultEntry& entry : all_faults()) {
        const std::string said = complaint(std::string(entry.name));
        const auto example = said.rfind("as in ");
        ASSERT_NE(example, std::string::npos) << said;
        EXPECT_EQ(complaint(said.substr(example + 6)), "nothing") << said;
    }
}

TEST(Faults, WrongOnesAreRefusedWithWhatWasExpected) {
    const std::pair<std::string_view, std::string_view> wrong[] = {
        {"store-dwon@1s+1s", "unknown fault 'store-dwon'; did you mean 'store-down'?"},
        {"", "unknown fault ''"},
        {"@1s+1s", "unknown fault ''"},
        {"store-down", "expected store-down@START+LENGTH"},
        {"store-down@", "expected store-down@START+LENGTH"},
        {"store-down@1s", "expected store-down@START+LENGTH"},
        {"store-down=0.1", "expected store-down@START+LENGTH"},
        {"store-down@1s+1s,x3", "expected store-down@START+LENGTH"},
        {"store-down@1s+1s,", "expected store-down@START+LENGTH"},
        {"store-down@+1s", "expected a duration"},
        {"store-down@1s+", "expected a duration"},
        {"store-down@1+1s", "expected a duration"},
        {"store-down@-1s+1s", "expected a duration"},
        {"store-down@1s+1s+1s", "expected a duration"},
        {"store-down@1s+0", "expected a length above 0"},
        {"store-down@none+1s", "at most a year"},
        {"store-down@1s+none", "at most a year"},
        {"store-down@9000h+1s", "at most a year"},
        {"store-slow@1s+1s", "expected store-slow@START+LENGTH,xFACTOR"},
        {"store-slow@1s+1s,20", "expected store-slow@START+LENGTH,xFACTOR"},
        {"store-slow@1s,x20", "expected store-slow@START+LENGTH,xFACTOR"},
        {"store-slow@1s+1s,x0", "expected a factor above 1"},
        {"cache-slow@1s+1s,x0.5", "expected a factor above 1, got 0.5"},
        {"cache-slow@1s+1s,x1", "expected a factor above 1"},
        {"store-slow@1s+1s,x-2", "expected a number from 0 to 1000000"},
        {"store-slow@1s+1s,x", "expected a number from 0 to 1000000"},
        {"store-slow@1s+1s,xnan", "expected a number from 0 to 1000000"},
        {"store-slow@1s+1s,x2e6", "expected a number from 0 to 1000000"},
        {"cache-flush@1s+1s", "expected cache-flush@START"},
        {"cache-flush@1s,x2", "expected cache-flush@START"},
        {"cache-flush@soon", "expected a duration"},
        {"store-fails@1s+1s", "expected store-fails=FRACTION"},
        {"store-fails=1.5", "expected a number from 0 to 1"},
        {"store-fails=-0.1", "expected a number from 0 to 1"},
        {"store-fails=", "expected a number from 0 to 1"},
        {"store-fails=1%", "expected a number from 0 to 1"},
    };
    for (const auto& [text, expected] : wrong) {
        EXPECT_THAT(complaint(text), HasSubstr(std::string(expected))) << text;
    }
}

TEST(Faults, SpellsOfOneNameFollowOneAnother) {
    EXPECT_THAT(complaint("store-down@1s+2s", "store-down@2s+2s"),
                HasSubstr("at the same time as store-down@1s+2s"));
    EXPECT_THAT(complaint("store-down@2s+1s", "store-down@1s+9s"), HasSubstr("same time"));
    EXPECT_EQ(complaint("store-down@1s+2s", "store-down@3s+2s"), "nothing");
    EXPECT_EQ(complaint("store-down@1s+2s", "cache-down@1s+2s"), "nothing");
    EXPECT_EQ(complaint("store-down@1s+2s", "store-slow@1s+2s,x2"), "nothing");
}

TEST(Faults, OfAChanceOrAnInstantThereIsOne) {
    EXPECT_EQ(complaint("store-fails=0.1", "store-fails=0.2"), "is given twice");
    EXPECT_EQ(complaint("cache-flush@1s", "cache-flush@1000ms"), "is given twice");
    EXPECT_EQ(complaint("cache-flush@1s", "cache-flush@2s"), "nothing");
}

}  // namespace
}  // namespace stalemark
