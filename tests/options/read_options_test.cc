// SPDX-License-Identifier: Apache-2.0
// Texts into typed values: which options a run reads, and what becomes of those that a file
// lends to it.

#include "options/read_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/errors.h"
#include "options/option_readers.h"
#include "options/options.h"

namespace stalemark {
namespace {

using testing::HasSubstr;
using testing::Key;
using testing::StartsWith;
using testing::UnorderedElementsAre;

GivenOptions lent(const OptionTexts& options, const std::string& place = "") {
    GivenOptions lent;
    for (const auto& [name, text] : options) lent[name] = {.text = text, .place = place};
    return lent;
}

// What is said of the options, with the option it is about: "ttl| --ttl: no_cache ...". Empty
// if they are taken.
std::string refusal(const OptionTexts& typed, const GivenOptions& of_file = {}) {
    try {
        read_options(typed, of_file);
    } catch (const InputError& error) {
        return error.option + "| " + error.what();
    }
    return "";
}

GivenOptions given(const OptionTexts& typed, const OptionTexts& of_file) {
    return read_options(typed, lent(of_file)).given;
}

TEST(OptionReaders, AreOneForEachOptionThatIsNoFieldOfTheWorkload) {
    std::set<std::string_view> expected;
    for (const OptionRow& row : run_options()) {
        if (row.field.empty()) expected.insert(row.name);
    }
    std::set<std::string_view> found;
    for (const OptionReader& reader : option_readers()) {
        EXPECT_TRUE(found.insert(reader.option).second) << reader.option;
    }
    EXPECT_EQ(found, expected);
}

TEST(TypedOptions, BecomeValues) {
    const RunOptions run = read_options({{"strategy", "write_behind"},
                                         {"flush-delay", "2s"},
                                         {"when-full", "reject"},
                                         {"shared-cache", "10%"},
                                         {"store-servers", "3"},
                                         {"sync", ""}},
                                        {});
    EXPECT_EQ(run.system.strategy, &find_strategy("write_behind"));
    EXPECT_EQ(run.system.settings.flush_delay, std::chrono::seconds(2));
    EXPECT_EQ(run.system.settings.when_full, WhenFull::reject);
    EXPECT_EQ(run.shared_cache, CacheSize{.percent = 10});
    EXPECT_EQ(run.system.store_wire.servers, 3U);
    EXPECT_TRUE(run.store.sync);
    EXPECT_FALSE(run.invalidate.has_value());
}

TEST(TypedOptions, WinOverTheDefaultsOfVirtualTime) {
    const RunOptions plain = read_options({{"runtime", "virtual"}}, {});
    EXPECT_EQ(plain.store.name, "memory");
    EXPECT_EQ(plain.system.store_wire.servers, 64U);
    const RunOptions run = read_options({{"store", "rocksdb"}, {"store-servers", "none"}},
                                        lent({{"runtime", "virtual"}}));
    EXPECT_TRUE(run.is_virtual);
    EXPECT_EQ(run.store.name, "rocksdb");
    EXPECT_EQ(run.system.store_wire.servers, std::nullopt);
}

TEST(WrongValues, AreToldWithTheirOption) {
    EXPECT_EQ(refusal({{"store-servers", "0"}}).substr(0, 33),
              "store-servers| --store-servers 0:");
    EXPECT_THAT(refusal({{"runtime", "virtaul"}}),
                StartsWith("runtime| unknown --runtime 'virtaul'; did you mean 'virtual'?"));
    EXPECT_THAT(refusal({{"shield", "lok"}}), StartsWith("shield| unknown shield 'lok'"));
    EXPECT_THAT(refusal({{"store", "rocks"}}),
                StartsWith("store| --store rocks: unknown store 'rocks'"));
}

TEST(WrongValues, AreToldWithThePlaceOfTheFileThatLendsThem) {
    const GivenOptions wrong = lent({{"store-servers", "0"}}, "x.json:3");
    EXPECT_THAT(refusal({}, wrong), StartsWith("store-servers| x.json:3: --store-servers 0: "));
    EXPECT_EQ(refusal({{"store-servers", "1"}}, wrong), "") << "it is not read";
}

TEST(ForeignOptions, AreThoseOfAnotherStrategyStoreOrTime) {
    for (const auto& [name, text] : OptionTexts{{"refresh-at", "0.5"},
                                                {"flush-delay", "1s"},
                                                {"no-coalescing", ""},
                                                {"processors", "2"},
                                                {"operation-cost", "1us"}}) {
        EXPECT_THAT(refusal({{name, text}}), StartsWith(name + "| --" + name + ": "));
    }
    for (const auto& option : OptionTexts{{"ttl", "5s"},
                                          {"db", "d"},
                                          {"sync", ""},
                                          {"clients", "2"},
                                          {"store-servers", "2"},
                                          {"seed", "2"}}) {
        EXPECT_EQ(refusal({option}), "");
    }
}

TEST(ForeignOptions, DependOnTheOthers) {
    EXPECT_EQ(refusal({{"strategy", "refresh_ahead"}, {"refresh-at", "0.5"}}), "");
    EXPECT_NE(refusal({{"strategy", "no_cache"}, {"ttl", "5s"}}), "");
    EXPECT_EQ(refusal({{"runtime", "virtual"}, {"processors", "2"}}), "");
    EXPECT_NE(refusal({{"runtime", "virtual"}, {"sync", ""}}), "") << "it is over memory";
    EXPECT_EQ(refusal({{"runtime", "virtual"}, {"store", "rocksdb"}, {"sync", ""}}), "");
    EXPECT_NE(refusal({{"store", "memory"}, {"block-cache", "1MiB"}}), "");
    EXPECT_NE(refusal({{"ttl", "5s"}, {"refresh-at", "0.5"}}), "");
}

TEST(ForeignOptions, TheLockOfReadThroughIsReadWhereNodesShareLeases) {
    OptionTexts values = {{"strategy", "read_through"}, {"shield", "lock"}};
    EXPECT_THAT(refusal(values), StartsWith("shield| --shield lock: "));
    values["nodes"] = "2";
    EXPECT_THAT(refusal(values), StartsWith("shield| --shield lock: "));
    values["shared-cache"] = "none";
    EXPECT_THAT(refusal(values), StartsWith("shield| --shield lock: "));
    values["shared-cache"] = "1MiB";
    EXPECT_EQ(refusal(values), "");
    values["nodes"] = "1";
    EXPECT_THAT(refusal(values), HasSubstr("--nodes"));
    values["shield"] = "stale";
    EXPECT_EQ(refusal(values), "");
    values["shield"] = "lock";
    values["strategy"] = "cache_aside";
    EXPECT_EQ(refusal(values), "");
}

TEST(LentOptions, AreTakenWhereTheRunReadsThemAndNoneWasTyped) {
    const OptionTexts file = {
        {"refresh-at", "0.5"}, {"store-servers", "20"}, {"store-latency", "1ms"}};
    const RunOptions all = read_options({{"store-latency", "9ms"}}, lent(file));
    EXPECT_THAT(all.given, UnorderedElementsAre(Key("store-latency"), Key("store-servers")));
    EXPECT_EQ(all.given.at("store-latency").text, "9ms");
    EXPECT_EQ(all.system.store_wire.latency.text(), "9ms");
    EXPECT_TRUE(given({{"strategy", "refresh_ahead"}}, file).contains("refresh-at"));
}

TEST(LentOptions, AreLeftOutWithWhatTheyDependOn) {
    const OptionTexts file = {{"runtime", "virtual"}, {"processors", "2"}, {"sync", ""}};
    EXPECT_THAT(given({}, file), UnorderedElementsAre(Key("runtime"), Key("processors")));
    EXPECT_THAT(given({{"runtime", "threads"}}, file),
                UnorderedElementsAre(Key("runtime"), Key("sync")));
    const OptionTexts told = {{"nodes", "2"},          {"invalidate", "event"},
                              {"on-gap", "clear"},     {"heartbeat", "1s"},
                              {"event-source", "log"}, {"log-poll", "1ms"}};
    EXPECT_EQ(given({}, told).size(), told.size());
    EXPECT_THAT(given({{"invalidate", "erase"}}, told),
                UnorderedElementsAre(Key("invalidate"), Key("nodes")));
}

TEST(LentOptions, LeaveNothingBehindWhereTheyAreLeftOut) {
    const OptionTexts file = {{"shield", "lock"}, {"store-timeout", "1s"}};
    const RunOptions run = read_options({{"strategy", "no_cache"}}, lent(file));
    EXPECT_EQ(run.system.shield, &no_shield());
    EXPECT_EQ(run.system.store_wire.timeout, std::nullopt);
}

TEST(LentOptions, ALentLockIsLeftOutWithItsTimeoutWhereItWouldDoNothing) {
    const OptionTexts file = {{"shield", "lock"}, {"lock-timeout", "1s"}, {"nodes", "2"}};
    EXPECT_THAT(given({{"strategy", "read_through"}}, file),
                UnorderedElementsAre(Key("strategy"), Key("nodes")));
    EXPECT_THAT(given({{"strategy", "read_through"}, {"shared-cache", "1MiB"}}, file),
                UnorderedElementsAre(Key("strategy"), Key("shared-cache"), Key("shield"),
                                     Key("lock-timeout"), Key("nodes")));
}

TEST(LentOptions, DoNotExcuseATypedOneThatIsForeign) {
    EXPECT_THAT(refusal({{"refresh-at", "0.5"}}, lent({{"store", "memory"}})),
                StartsWith("refresh-at| "));
}

// What is passed over of the options: "--ttl 5s, --beta 2". What is refused is an error.
std::string passed_over(const OptionTexts& typed, const GivenOptions& of_file = {}) {
    std::string text;
    for (const UnreadOption& unread :
         read_options(typed, of_file, Unread::passed_over).unread) {
        text += (text.empty() ? "--" : ", --") + unread.option + " " + unread.text;
    }
    return text;
}

TEST(UnreadOptions, ArePassedOverAndLeaveNothingBehind) {
    const OptionTexts typed = {
        {"strategy", "no_cache"}, {"ttl", "5s"}, {"shield", "lock"}, {"lock-timeout", "1s"}};
    EXPECT_EQ(passed_over(typed), "--shield lock, --lock-timeout 1s, --ttl 5s");
    const RunOptions run = read_options(typed, {}, Unread::passed_over);
    EXPECT_EQ(run.system.shield, &no_shield());
    EXPECT_THAT(run.given, UnorderedElementsAre(Key("strategy")));
    EXPECT_EQ(passed_over({{"strategy", "cache_aside"}, {"ttl", "5s"}}), "");
}

TEST(UnreadOptions, TakeWhatDependsOnThemAlong) {
    const OptionTexts told = {
        {"strategy", "no_cache"}, {"invalidate", "event"}, {"event-delay", "1ms"}};
    EXPECT_EQ(passed_over(told), "--invalidate event, --event-delay 1ms");
    const OptionTexts delay = {{"strategy", "no_cache"}, {"event-delay", "1ms"}};
    EXPECT_EQ(passed_over(delay, lent({{"invalidate", "event"}})), "--event-delay 1ms");
    EXPECT_THROW(passed_over(delay), InputError);
    EXPECT_THROW(passed_over(delay, lent({{"invalidate", "erase"}})), InputError);
}

TEST(UnreadOptions, AreOnlyThoseThatAnotherStrategyOrShieldWouldRead) {
    for (const OptionTexts& typed :
         {OptionTexts{{"store", "memory"}, {"sync", ""}}, OptionTexts{{"processors", "2"}},
          OptionTexts{{"near-ttl", "1s"}}, OptionTexts{{"fault", "event-loss=1"}},
          OptionTexts{{"beta", "-1"}}, OptionTexts{{"when-full", "rejcet"}}}) {
        EXPECT_THROW(passed_over(typed), InputError) << typed.rbegin()->first;
    }
}

TEST(ForeignOptions, NoCacheHasNoUseForACache) {
    for (const auto& [name, text] : OptionTexts{
             {"cache-size", "1MiB"}, {"cache-latency", "1ms"}, {"shared-cache", "1MiB"}}) {
        EXPECT_THAT(refusal({{"strategy", "no_cache"}, {name, text}}), StartsWith(name + "| "));
        EXPECT_EQ(refusal({{name, text}}), "");
    }
    EXPECT_THAT(refusal({{"strategy", "no_cache"}, {"fault", "store-fails=1 cache-flush@0"}}),
                StartsWith("fault| --fault cache-flush@0: no_cache"));
    EXPECT_EQ(refusal({{"strategy", "no_cache"}, {"fault", "store-fails=1"}}), "");
}

TEST(LentOptions, OfFaultsThoseAreTakenThatHaveSomethingToHit) {
    const OptionTexts none = {{"strategy", "no_cache"}};
    const auto taken = [&](const OptionTexts& typed, const char* faults) {
        const GivenOptions all = given(typed, {{"fault", faults}});
        const auto found = all.find("fault");
        return found == all.end() ? "-" : found->second.text;
    };
    EXPECT_EQ(taken(none, "store-fails=1 cache-flush@0 event-loss=1"), "store-fails=1");
    EXPECT_EQ(taken(none, "cache-flush@0 cache-down@0+1s"), "-");
    EXPECT_EQ(taken({}, "store-fails=1 cache-flush@0"), "store-fails=1 cache-flush@0");
    EXPECT_EQ(taken(none, "none"), "none");
    EXPECT_THAT(refusal(none, lent({{"fault", "stroe-fails=1"}})), HasSubstr("'store-fails'?"));
    EXPECT_THAT(refusal(none, lent({{"fault", ""}})), HasSubstr("expected a fault"));
}

TEST(Lendable, IsWhatTheRunIsLike) {
    for (const auto* name : {"runtime", "store-latency", "cache", "invalidate", "sync"})
        EXPECT_TRUE(may_come_with_a_workload(find_option(name))) << name;
    for (const auto* name : {"strategy", "ttl", "cache-size", "reads", "rate", "keys", "seed",
                             "out", "quiet", "repeat", "expect-promise"})
        EXPECT_FALSE(may_come_with_a_workload(find_option(name))) << name;
}

}  // namespace
}  // namespace stalemark
