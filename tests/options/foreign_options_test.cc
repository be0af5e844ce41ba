// Which options a run reads, and what becomes of those that a file lends to it.

#include "options/foreign_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"

namespace stalemark {
namespace {

using testing::HasSubstr;
using testing::Key;
using testing::UnorderedElementsAre;

RunOptions options(const OptionValues& values) {
    return {.workload = "ycsb_a", .values = values, .sets = {}};
}

TEST(ForeignOptions, AreThoseOfAnotherStrategyStoreOrTime) {
    const RunOptions plain = options({});
    for (const auto* name :
         {"refresh-at", "flush-delay", "no-coalescing", "processors", "operation-cost"}) {
        ASSERT_TRUE(why_foreign(plain, name)) << name;
        EXPECT_THAT(*why_foreign(plain, name), HasSubstr("--" + std::string(name) + ": "));
    }
    for (const auto* name : {"ttl", "db", "sync", "clients", "store-servers", "seed"})
        EXPECT_FALSE(why_foreign(plain, name)) << name;
}

TEST(ForeignOptions, DependOnTheOthers) {
    EXPECT_FALSE(why_foreign(options({{"strategy", "refresh_ahead"}}), "refresh-at"));
    EXPECT_TRUE(why_foreign(options({{"strategy", "no_cache"}}), "ttl"));
    EXPECT_FALSE(why_foreign(options({{"runtime", "virtual"}}), "processors"));
    EXPECT_TRUE(why_foreign(options({{"runtime", "virtual"}}), "sync"));  // Over memory.
    EXPECT_FALSE(why_foreign(options({{"runtime", "virtual"}, {"store", "rocksdb"}}), "sync"));
    EXPECT_TRUE(why_foreign(options({{"store", "memory"}}), "block-cache"));
}

TEST(ForeignOptions, TheLockOfReadThroughIsReadWhereNodesShareLeases) {
    OptionValues values = {{"strategy", "read_through"}, {"shield", "lock"}};
    EXPECT_TRUE(why_foreign(options(values), "shield"));
    values["nodes"] = "2";
    EXPECT_TRUE(why_foreign(options(values), "shield"));
    values["shared-cache"] = "none";
    EXPECT_TRUE(why_foreign(options(values), "shield"));
    values["shared-cache"] = "1MiB";
    EXPECT_FALSE(why_foreign(options(values), "shield"));
    values["nodes"] = "1";
    EXPECT_THAT(why_foreign(options(values), "shield").value_or(""), HasSubstr("--nodes"));
    values["shield"] = "stale";
    EXPECT_FALSE(why_foreign(options(values), "shield"));
    values["shield"] = "lock";
    values["strategy"] = "cache_aside";
    EXPECT_FALSE(why_foreign(options(values), "shield"));
}

TEST(ForeignOptions, AreRefusedWhenTyped) {
    EXPECT_NO_THROW(refuse_foreign(options({{"ttl", "5s"}, {"sync", ""}})));
    EXPECT_THROW(refuse_foreign(options({{"ttl", "5s"}, {"refresh-at", "0.5"}})), InputError);
}

TEST(LentOptions, AreTakenWhereTheRunReadsThemAndNoneWasTyped) {
    const OptionValues lent = {
        {"refresh-at", "0.5"}, {"store-servers", "20"}, {"store-latency", "1ms"}};
    const RunOptions all = with_lent(options({{"store-latency", "9ms"}}), lent);
    EXPECT_THAT(all.values, UnorderedElementsAre(Key("store-latency"), Key("store-servers")));
    EXPECT_EQ(all.get("store-latency"), "9ms");
    EXPECT_TRUE(with_lent(options({{"strategy", "refresh_ahead"}}), lent).has("refresh-at"));
}

TEST(LentOptions, AreLeftOutWithWhatTheyDependOn) {
    const OptionValues lent = {{"runtime", "virtual"}, {"processors", "2"}, {"sync", ""}};
    EXPECT_THAT(with_lent(options({}), lent).values,
                UnorderedElementsAre(Key("runtime"), Key("processors")));
    EXPECT_THAT(with_lent(options({{"runtime", "threads"}}), lent).values,
                UnorderedElementsAre(Key("runtime"), Key("sync")));
}

TEST(LentOptions, ALentLockIsLeftOutWithItsTimeoutWhereItWouldDoNothing) {
    const OptionValues lent = {{"shield", "lock"}, {"lock-timeout", "1s"}, {"nodes", "2"}};
    EXPECT_THAT(with_lent(options({{"strategy", "read_through"}}), lent).values,
                UnorderedElementsAre(Key("strategy"), Key("nodes")));
    EXPECT_THAT(
        with_lent(options({{"strategy", "read_through"}, {"shared-cache", "1MiB"}}), lent)
            .values,
        UnorderedElementsAre(Key("strategy"), Key("shared-cache"), Key("shield"),
                             Key("lock-timeout"), Key("nodes")));
}

TEST(LentOptions, DoNotExcuseATypedOneThatIsForeign) {
    const RunOptions all = with_lent(options({{"refresh-at", "0.5"}}), {{"store", "memory"}});
    EXPECT_THROW(refuse_foreign(all), InputError);
}

TEST(ForeignOptions, NoCacheHasNoUseForACache) {
    const OptionValues none = {{"strategy", "no_cache"}};
    for (const auto* name : {"cache-size", "cache-latency", "shared-cache"}) {
        EXPECT_TRUE(why_foreign(options(none), name)) << name;
        EXPECT_FALSE(why_foreign(options({}), name)) << name;
    }
    OptionValues values = none;
    values["fault"] = "store-fails=1 cache-flush@0";
    EXPECT_THAT(why_foreign(options(values), "fault").value_or(""),
                HasSubstr("--fault cache-flush@0: no_cache"));
    values["fault"] = "store-fails=1";
    EXPECT_FALSE(why_foreign(options(values), "fault"));
}

TEST(LentOptions, OfFaultsThoseAreTakenThatHaveSomethingToHit) {
    const RunOptions none = options({{"strategy", "no_cache"}});
    const auto lent = [&](const RunOptions& typed, const char* faults) {
        return std::string(with_lent(typed, {{"fault", faults}}).get_or("fault", "-"));
    };
    EXPECT_EQ(lent(none, "store-fails=1 cache-flush@0 event-loss=1"), "store-fails=1");
    EXPECT_EQ(lent(none, "cache-flush@0 cache-down@0+1s"), "-");
    EXPECT_EQ(lent(options({}), "store-fails=1 cache-flush@0"), "store-fails=1 cache-flush@0");
    EXPECT_EQ(lent(none, "none"), "none");
    EXPECT_EQ(lent(none, "stroe-fails=1"), "stroe-fails=1") << "it is complained of elsewhere";
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
