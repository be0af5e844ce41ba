// SPDX-License-Identifier: Apache-2.0
#include "stores/rocks_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "stores/disk_limit.h"
#include "stores/temporary_place.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RocksStoreTest : public testing::Test {
protected:
    std::unique_ptr<RocksStore> open(StoreSettings settings = {}) {
        settings.folder = place_ / "store";
        return RocksStore::open(settings);
    }

    static void put_many(Store& store, std::uint64_t keys, std::size_t value_bytes = 1'000) {
        for (std::uint64_t key = 0; key < keys; ++key) {
            ASSERT_TRUE(store.put(Key{key}, Bytes(std::string(value_bytes, 'x'))));
        }
    }

    static fs::path table_in(const fs::path& folder) {
        for (const auto& entry : fs::directory_iterator(folder)) {
            if (entry.path().extension() == ".sst") return entry.path();
        }
        return {};
    }

    TemporaryPlace place_;
};

TEST_F(RocksStoreTest, WhatWasReadStaysAsItWasWhileTheRowChanges) {
    const auto store = open({.block_cache_bytes = 16'000});
    put_many(*store, 1'000);
    store->settle();
    const Row lent = store->get(Key{7}).value();
    const Row kept = {lent.bytes->kept(), lent.version};
    ASSERT_TRUE(store->put(Key{7}, Bytes("new")));
    for (std::uint64_t key = 0; key < 1'000; ++key) EXPECT_TRUE(store->get(Key{key}));
    store->settle();
    EXPECT_EQ(lent, kept);
    EXPECT_EQ(store->get(Key{7})->bytes, Bytes("new"));
}

TEST_F(RocksStoreTest, CountsWhatWasWritten) {
    const auto store = open();
    put_many(*store, 100);
    ASSERT_TRUE(store->erase(Key{1}));
    const RocksFacts facts = store->rocks_facts();
    EXPECT_EQ(facts.user_bytes, 100U * 1'008 + 8);
    EXPECT_GT(facts.log_bytes, facts.user_bytes);
    EXPECT_LT(facts.log_bytes, facts.user_bytes * 11 / 10);
    EXPECT_EQ(facts.table_bytes, 0U);
    EXPECT_EQ(facts.bytes_written(), facts.log_bytes);
}

TEST_F(RocksStoreTest, CountsFlushesAndCompactions) {
    const auto store = open();
    put_many(*store, 100);
    store->settle();
    put_many(*store, 100);
    store->settle();
    const RocksFacts facts = store->rocks_facts();
    EXPECT_GT(facts.table_bytes, 300'000U);  // Two flushes, and a compaction of the two.
    EXPECT_LT(facts.table_bytes, 400'000U);
    EXPECT_GT(facts.disk_bytes, 100'000U);
    EXPECT_LT(facts.disk_bytes, 150'000U);
    EXPECT_EQ(facts.bytes_written(), facts.log_bytes + facts.table_bytes);
}

TEST_F(RocksStoreTest, SettledRowsNeedNoCompaction) {
    {
        const auto store = open({.loading = true});
        put_many(*store, 100'000);
        store->settle();
    }
    const auto store = open();
    EXPECT_EQ(store->rocks_facts().compaction_pending_bytes, 0U);
    EXPECT_EQ(store->rocks_facts().bytes_written(), 0U);
}

TEST_F(RocksStoreTest, ADifferenceOfFactsIsWhatHappenedSince) {
    const RocksFacts earlier{1, 2, 3, 4, 5, 6, 7, 8};
    const RocksFacts later{11, 22, 33, 44, 55, 66, 77, 88};
    const RocksFacts between = later - earlier;
    EXPECT_EQ(between.user_bytes, 10U);
    EXPECT_EQ(between.log_bytes, 20U);
    EXPECT_EQ(between.table_bytes, 30U);
    EXPECT_EQ(between.log_syncs, 40U);
    EXPECT_EQ(between.block_cache_hits, 50U);
    EXPECT_EQ(between.block_cache_misses, 60U);
    EXPECT_EQ(between.compaction_pending_bytes, 77U);
    EXPECT_EQ(between.disk_bytes, 88U);
}

TEST_F(RocksStoreTest, ALargerBlockCacheMissesLess) {
    {
        const auto store = open();
        put_many(*store, 10'000);
        store->settle();
    }
    const auto misses_with = [&](std::uint64_t block_cache_bytes) {
        const auto store = open({.block_cache_bytes = block_cache_bytes});
        for (int round = 0; round < 2; ++round) {
            for (std::uint64_t key = 0; key < 10'000; ++key) {
                EXPECT_TRUE(store->get(Key{key})->bytes);
            }
        }
        EXPECT_EQ(
            store->rocks_facts().block_cache_hits + store->rocks_facts().block_cache_misses,
            20'000U);
        return store->rocks_facts().block_cache_misses;
    };
    const std::uint64_t few = misses_with(64 << 20);
    const std::uint64_t many = misses_with(1 << 20);
    EXPECT_GT(few, 0U);
    EXPECT_GT(many, few * 3 / 2);
}

TEST_F(RocksStoreTest, EveryWriteWaitsForTheDiskIfAskedTo) {
    const auto syncs_with = [&](bool sync) {
        const auto store = open({.sync = sync});
        put_many(*store, 5, 10);
        EXPECT_TRUE(
            store->write(std::vector<Change>{{Key{1}, std::nullopt}, {Key{2}, Bytes()}}));
        return store->rocks_facts().log_syncs;
    };
    EXPECT_EQ(syncs_with(true), 6U);
    EXPECT_EQ(syncs_with(false), 0U);
}

TEST_F(RocksStoreTest, LoadingWritesNoLog) {
    const auto store = open({.loading = true});
    put_many(*store, 100);
    EXPECT_EQ(store->rocks_facts().log_bytes, 0U);
    store->settle();
    EXPECT_EQ(store->get(Key{99}).value().bytes->size(), 1'000U);
}

TEST_F(RocksStoreTest, ADatabaseThatIsOpenAlreadyIsAnErrorOfOneLine) {
    const auto store = open();
    EXPECT_THAT([&] { open(); }, testing::ThrowsMessage<RunError>(testing::AllOf(
                                     HasSubstr("cannot open the database in"),
                                     HasSubstr("lock"), testing::Not(HasSubstr("\n")))));
}

TEST_F(RocksStoreTest, AReadOfABrokenTableHasFailedAndSaysWhy) {
    {
        const auto store = open();
        put_many(*store, 1'000);
        store->settle();
    }
    const fs::path table = table_in(place_ / "store");
    std::fstream(table, std::ios::in | std::ios::out).seekp(5'000).write("broken", 6);
    const auto store = open();
    EXPECT_EQ(store->last_trouble(), "");
    int failed = 0;
    for (std::uint64_t key = 0; key < 1'000; ++key) {
        const auto got = store->get(Key{key});
        if (got) continue;
        EXPECT_EQ(got.error(), Trouble::failed);
        ++failed;
    }
    EXPECT_GT(failed, 0);
    EXPECT_LT(failed, 10);
    EXPECT_THAT(store->last_trouble(), HasSubstr("checksum mismatch"));
}

TEST_F(RocksStoreTest, AWriteThatFindsTheDiskFullIsUnknownAndLaterReadsGoOn) {
    const auto store = open();
    put_many(*store, 10);
    const DiskLimit limit(20'000);
    std::optional<Trouble> trouble;
    for (std::uint64_t key = 10; key < 100 && !trouble; ++key) {
        const auto put = store->put(Key{key}, Bytes(std::string(1'000, 'x')));
        if (!put) trouble = put.error();
    }
    EXPECT_EQ(trouble, Trouble::unknown);
    EXPECT_EQ(store->write(std::vector<Change>{{Key{1}, Bytes("new")}}),
              std::unexpected(Trouble::unknown));
    EXPECT_THAT(store->last_trouble(), HasSubstr("File too large"));
    EXPECT_TRUE(store->get(Key{1}).value().bytes);
}

}  // namespace
}  // namespace stalemark
