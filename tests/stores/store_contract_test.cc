// SPDX-License-Identifier: Apache-2.0
// What every store of the catalogue promises.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <latch>
#include <map>
#include <thread>
#include <vector>

#include "core/errors.h"
#include "core/random.h"
#include "stores/catalog.h"
#include "stores/temporary_place.h"

namespace stalemark {
namespace {

class StoreContract : public testing::TestWithParam<StoreEntry> {
protected:
    Row get(std::uint64_t key) { return store_->get(Key{key}).value(); }
    Version put(std::uint64_t key, std::string_view text) {
        return store_->put(Key{key}, Bytes(text)).value();
    }
    Version erase(std::uint64_t key) { return store_->erase(Key{key}).value(); }

    TemporaryPlace place_;
    std::unique_ptr<Store> store_ = GetParam().open({.folder = place_ / "store"});
};

TEST_P(StoreContract, ARowThatWasNeverThereIsAbsentSinceNoVersion) { EXPECT_EQ(get(1), Row()); }

TEST_P(StoreContract, ADeletedRowIsAbsentSinceTheVersionOfItsDelete) {
    put(1, "one");
    put(2, "two");
    const Version erased = erase(1);
    const Version never_there = erase(3);
    ASSERT_TRUE(store_->write(std::vector<Change>{{Key{2}, std::nullopt}}));
    EXPECT_EQ(get(1), Row{.version = erased});
    EXPECT_EQ(get(3), Row{.version = never_there});
    EXPECT_EQ(get(2).bytes, std::nullopt);
    const Version in_a_batch = get(2).version;
    EXPECT_LT(in_a_batch, put(2, "again"));
}

TEST_P(StoreContract, WhatWasPutIsGotWithTheVersionThatPutAnswered) {
    const Version version = put(1, "one");
    EXPECT_GT(version, 0U);
    EXPECT_EQ(get(1), (Row{Bytes("one"), version}));
    EXPECT_EQ(get(2).bytes, std::nullopt);
}

TEST_P(StoreContract, TheNewestPutWins) {
    const Version older = put(1, "old");
    const Version newer = put(1, "new");
    EXPECT_LT(older, newer);
    EXPECT_EQ(get(1), (Row{Bytes("new"), newer}));
}

TEST_P(StoreContract, FetchingAKeyNearChangesNothing) {
    const Version version = put(1, "one");
    const Version empty = put(2, "");
    const Version erased = erase(3);
    for (std::uint64_t key = 0; key < 5; ++key) store_->fetch(Key{key});
    EXPECT_EQ(get(0).bytes, std::nullopt);
    EXPECT_EQ(get(1), (Row{Bytes("one"), version}));
    EXPECT_EQ(get(2), (Row{Bytes(""), empty}));
    EXPECT_EQ(get(3).bytes, std::nullopt);
    EXPECT_GT(put(3, "three"), erased);
}

TEST_P(StoreContract, AnyBytesAreKept) {
    std::string bytes(100'000, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
    put(1, bytes);
    put(2, "");
    EXPECT_EQ(get(1).bytes->view(), bytes);
    EXPECT_EQ(get(2).bytes->view(), "");
}

TEST_P(StoreContract, AnyKeyIsKept) {
    for (int shift = 0; shift < 64; ++shift)
        put(std::uint64_t{1} << shift, std::to_string(shift));
    for (int shift = 0; shift < 64; ++shift) {
        EXPECT_EQ(get(std::uint64_t{1} << shift).bytes->view(), std::to_string(shift));
    }
}

TEST_P(StoreContract, ErasedIsAbsentAndARowMadeAgainGoesOnNumbering) {
    const Version first = put(1, "one");
    const Version erased = erase(1);
    EXPECT_EQ(get(1).bytes, std::nullopt);
    const Version again = put(1, "again");
    EXPECT_LT(first, erased);
    EXPECT_LT(erased, again);
    EXPECT_EQ(get(1), (Row{Bytes("again"), again}));
}

TEST_P(StoreContract, ErasingWhatIsNotThereIsAChangeToo) {
    const Version erased = erase(1);
    EXPECT_LT(erased, put(1, "one"));
}

TEST_P(StoreContract, ABatchMakesAllItsChanges) {
    const Version first = put(1, "old");
    put(2, "doomed");
    std::vector<Change> changes = {{Key{1}, Bytes("new")}, {Key{2}, std::nullopt}};
    for (std::uint64_t key = 10; key < 510; ++key) changes.push_back({Key{key}, Bytes("many")});
    ASSERT_TRUE(store_->write(changes));
    EXPECT_EQ(get(1).bytes, Bytes("new"));
    EXPECT_GT(get(1).version, first);
    EXPECT_EQ(get(2).bytes, std::nullopt);
    for (std::uint64_t key = 10; key < 510; ++key) EXPECT_EQ(get(key).bytes, Bytes("many"));
    const Version batched = get(1).version;
    EXPECT_LT(batched, put(1, "newer"));
}

TEST_P(StoreContract, AnEmptyBatchIsFine) { EXPECT_TRUE(store_->write({})); }

// Each writer reads its row after its write: a value as new as its own is its own, and any
// other has a higher version. With versions drawn outside the change, a lower one would
// overwrite a higher.
TEST_P(StoreContract, VersionsAscendInTheOrderOfTheChanges) {
    constexpr std::uint64_t keys = 3;
    const auto write = [&](std::uint64_t writer) {
        Random random(writer);
        std::map<std::uint64_t, Version> seen;
        for (int i = 0; i < 3'000; ++i) {
            const std::uint64_t key = random.below(keys);
            const std::string mine = std::to_string(writer) + "/" + std::to_string(i);
            if (i % 4 == 0) {
                EXPECT_TRUE(store_->write(std::vector<Change>{{Key{key}, Bytes(mine)},
                                                              {Key{key + keys}, Bytes(mine)}}));
            } else {
                const Version version = put(key, mine);
                EXPECT_LT(seen[key], version);
                seen[key] = version;
            }
            const Row read = get(key);
            EXPECT_LE(seen[key], read.version);
            EXPECT_EQ(i % 4 != 0 && read.version == seen[key],
                      i % 4 != 0 && read.bytes->view() == mine);
            seen[key] = read.version;
        }
    };
    std::vector<std::thread> writers;
    for (std::uint64_t writer = 0; writer < 4; ++writer) writers.emplace_back(write, writer);
    for (auto& writer : writers) writer.join();
}

// Every batch puts the same bytes into all rows, so the rows are equal whichever batch came
// last. The order of the rows differs from writer to writer, which must not lock them up
// either.
TEST_P(StoreContract, BatchesOfSeveralWritersDoNotMix) {
    constexpr std::uint64_t rows = 31;  // A prime: each writer goes through all of them.
    constexpr std::uint64_t writers = 3;
    for (int round = 0; round < 100; ++round) {
        std::latch start(writers);
        const auto write = [&](std::uint64_t writer) {
            start.arrive_and_wait();
            for (int i = 0; i < 20; ++i) {
                const Bytes mine(std::to_string(writer) + "/" + std::to_string(i));
                std::vector<Change> changes;
                for (std::uint64_t row = 0; row < rows; ++row) {
                    changes.push_back({Key{(row * (writer + 7)) % rows}, mine});
                }
                EXPECT_TRUE(store_->write(changes));
            }
        };
        std::vector<std::thread> threads;
        for (std::uint64_t writer = 0; writer < writers; ++writer) {
            threads.emplace_back(write, writer);
        }
        for (auto& thread : threads) thread.join();
        for (std::uint64_t row = 1; row < rows; ++row) ASSERT_EQ(get(row).bytes, get(0).bytes);
    }
}

TEST_P(StoreContract, ReadersSeeWholeValuesWhileOthersWrite) {
    std::atomic<bool> done = false;
    put(1, std::string(500, 'a'));
    std::thread writer([&] {
        for (int i = 0; i < 3'000; ++i)
            put(1, std::string(500, static_cast<char>('a' + i % 26)));
        done = true;
    });
    Version last = 0;
    while (!done) {
        const Row read = get(1);
        EXPECT_LE(last, read.version);
        EXPECT_EQ(read.bytes->view(), std::string(500, read.bytes->view().front()));
        last = read.version;
    }
    writer.join();
}

class DurableStoreContract : public StoreContract {};

std::vector<StoreEntry> durable_stores() {
    std::vector<StoreEntry> durable;
    std::ranges::copy_if(all_stores(), std::back_inserter(durable),
                         [](const StoreEntry& store) { return store.traits.durable; });
    return durable;
}

TEST_P(DurableStoreContract, KeepsWhatItHoldsAndItsVersionsGoOnAscending) {
    std::map<std::uint64_t, Version> versions;
    for (int round = 0; round < 3; ++round) {
        for (std::uint64_t key = 0; key < 2'000; ++key) {
            const Version version = put(key, std::to_string(round));
            EXPECT_LT(versions[key], version);
            versions[key] = version;
        }
        store_.reset();
        store_ = GetParam().open({.folder = place_ / "store"});
        EXPECT_EQ(get(7), (Row{Bytes(std::to_string(round)), versions[7]}));
    }
}

INSTANTIATE_TEST_SUITE_P(All, StoreContract, testing::ValuesIn(all_stores()),
                         [](const auto& tested) { return std::string(tested.param.name); });
INSTANTIATE_TEST_SUITE_P(All, DurableStoreContract, testing::ValuesIn(durable_stores()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(StoreCatalog, FindsARowByItsName) {
    for (const auto& entry : all_stores()) EXPECT_EQ(find_store(entry.name).name, entry.name);
}

TEST(StoreCatalog, NamesTheNearestStoreForAWrongName) {
    EXPECT_THAT(
        [] { find_store("rockdb"); },
        testing::ThrowsMessage<InputError>("unknown store 'rockdb'; did you mean 'rocksdb'?"));
}

}  // namespace
}  // namespace stalemark
