// SPDX-License-Identifier: Apache-2.0
// What the commit log of rocksdb does when RocksDB changes its files.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include "stores/data_folder.h"
#include "stores/rocks_store.h"
#include "stores/temporary_place.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RocksLogTest : public testing::Test {
protected:
    std::unique_ptr<RocksStore> open(StoreSettings settings = {.keeps_log = true}) {
        settings.folder = place_ / "store";
        return RocksStore::open(settings);
    }

    static void put_from(Store& store, std::uint64_t first, std::uint64_t count) {
        for (std::uint64_t key = first; key < first + count; ++key) {
            ASSERT_TRUE(store.put(Key{key}, Bytes(std::string(100, 'x'))));
        }
    }

    // The keys of all changes behind `from`, which moves.
    static std::vector<std::uint64_t> keys_behind(Store& store, LogPosition& from,
                                                  std::size_t most = 7) {
        std::vector<std::uint64_t> keys;
        while (true) {
            const auto read = store.log()->read(from, most).value();
            if (read.empty()) return keys;
            for (const LoggedChange& change : read) keys.push_back(index_of(change.key));
            from = read.back().position;
        }
    }

    static std::vector<std::uint64_t> counted(std::uint64_t first, std::uint64_t count) {
        std::vector<std::uint64_t> keys(count);
        for (std::uint64_t& key : keys) key = first++;
        return keys;
    }

    std::vector<fs::path> log_files(const fs::path& folder) {
        std::vector<fs::path> files;
        if (!fs::exists(place_ / "store" / folder)) return files;
        for (const auto& entry : fs::directory_iterator(place_ / "store" / folder)) {
            if (entry.path().extension() == ".log") files.push_back(entry.path());
        }
        std::ranges::sort(files);
        return files;
    }

    TemporaryPlace place_;
};

TEST_F(RocksLogTest, GoesOnInTheNextFileWhenRocksDbBeginsOne) {
    const auto store = open();
    LogPosition at = *store->log()->end();
    const LogPosition begin = at;
    for (std::uint64_t round = 0; round < 5; ++round) {
        const bool is_at_the_end = round % 2 == 0;
        std::vector<std::uint64_t> keys;
        const auto read = [&] {
            const auto more = keys_behind(*store, at);
            keys.insert(keys.end(), more.begin(), more.end());
        };
        put_from(*store, round * 20, 10);
        if (is_at_the_end) read();
        store->settle();
        if (is_at_the_end) read();
        put_from(*store, round * 20 + 10, 10);
        read();
        EXPECT_EQ(keys, counted(round * 20, 20));
    }
    EXPECT_EQ(log_files("archive").size(), 5U);
    LogPosition again = begin;
    EXPECT_EQ(keys_behind(*store, again), counted(0, 100));
}

TEST_F(RocksLogTest, MissesNothingWhileRocksDbBeginsFilesUnderTheWritersHands) {
    const auto store = open();
    constexpr std::uint64_t writers = 2;
    constexpr std::uint64_t writes = 500;  // Of 100 KB: more than a memtable in all.
    std::atomic<std::uint64_t> writing = writers;
    std::vector<std::jthread> threads;
    LogPosition at = *store->log()->end();
    for (std::uint64_t writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            for (std::uint64_t i = 0; i < writes; ++i) {
                EXPECT_TRUE(store->put(Key{writer}, Bytes(std::string(100'000, 'x'))));
            }
            --writing;
        });
    }
    std::map<Key, std::vector<Version>> versions;
    while (true) {
        const bool was_last = writing == 0;
        const auto read = store->log()->read(at, 10);
        ASSERT_TRUE(read) << store->last_trouble();
        for (const auto& change : *read) versions[change.key].push_back(change.version);
        if (!read->empty()) at = read->back().position;
        if (was_last && read->empty()) break;
    }
    for (auto& thread : threads) thread.join();
    EXPECT_GE(log_files("archive").size() + log_files("").size(), 2U);
    for (std::uint64_t writer = 0; writer < writers; ++writer) {
        EXPECT_EQ(versions[Key{writer}], counted(1, writes));
    }
}

TEST_F(RocksLogTest, ReachesBackBeyondTheOpeningOfTheStore) {
    LogPosition at{};
    {
        const auto store = open();
        const LogPosition begin = *store->log()->end();
        put_from(*store, 0, 10);
        at = store->log()->read(begin, 4)->back().position;
    }
    const auto store = open();
    put_from(*store, 10, 10);
    EXPECT_EQ(keys_behind(*store, at), counted(4, 16));
}

TEST_F(RocksLogTest, BeginsAfterLoading) {
    {
        const auto store = open({.loading = true, .keeps_log = true});
        EXPECT_EQ(store->log(), nullptr);
        put_from(*store, 0, 100);
        store->settle();
    }
    const auto store = open();
    LogPosition at = *store->log()->end();
    EXPECT_TRUE(keys_behind(*store, at).empty());
    EXPECT_EQ(store->log()->read(LogPosition{50}, 10), std::unexpected(Trouble::failed));
    put_from(*store, 200, 3);
    EXPECT_EQ(keys_behind(*store, at), counted(200, 3));
    EXPECT_EQ(store->log()->read(LogPosition{50}, 10), std::unexpected(Trouble::failed));
    EXPECT_THAT(store->last_trouble(), HasSubstr("has no change 51 any more"));
}

// RocksDB, asked for it, would begin with the batch that is not committed yet.
TEST_F(RocksLogTest, APlaceThatIsGoneIsToldWhileTheFirstChangeIsBeingCommitted) {
    {
        const auto store = open({.loading = true});
        put_from(*store, 0, 100);
        store->settle();
    }
    const auto store = open();
    std::vector<Change> batch;
    for (std::uint64_t key = 0; key < 50'000; ++key) batch.push_back({Key{key}, Bytes("a")});
    std::atomic<bool> done = false;
    std::jthread writer([&] {
        EXPECT_TRUE(store->write(batch));
        done = true;
    });
    while (!done) {
        ASSERT_EQ(store->log()->read(LogPosition{50}, 10), std::unexpected(Trouble::failed));
    }
}

TEST_F(RocksLogTest, OfARunBeginsWithTheRun) {
    const auto folder = DataFolder::temporary(find_store("rocksdb"));
    folder->prepare("rows", [](Store& rows) { put_from(rows, 0, 100); });
    for (int run = 0; run < 2; ++run) {
        const auto store = folder->open_run({.keeps_log = true});
        LogPosition at = *store->log()->end();
        put_from(*store, 0, 2);
        EXPECT_EQ(keys_behind(*store, at), counted(0, 2));
        EXPECT_FALSE(store->log()->read(LogPosition{50}, 10));
    }
}

TEST_F(RocksLogTest, APlaceOfWhichTheFileIsGoneHasFailedAndSaysWhy) {
    const auto store = open();
    const LogPosition begin = *store->log()->end();
    put_from(*store, 0, 10);
    LogPosition second = *store->log()->end();
    store->settle();
    put_from(*store, 10, 10);
    store->settle();
    put_from(*store, 20, 10);
    fs::remove(log_files("archive").at(0));
    EXPECT_EQ(store->log()->read(begin, 100), std::unexpected(Trouble::failed));
    EXPECT_THAT(store->last_trouble(), HasSubstr("the commit log has no change 1 any more, it "
                                                 "goes on at 11"));
    EXPECT_EQ(keys_behind(*store, second), counted(10, 20));
}

TEST_F(RocksLogTest, AHoleInTheMiddleIsNotPassedOver) {
    const auto store = open();
    LogPosition at = *store->log()->end();
    for (std::uint64_t part = 0; part < 3; ++part) {
        put_from(*store, part * 10, 10);
        store->settle();
    }
    fs::remove(log_files("archive").at(1));
    EXPECT_EQ(store->log()->read(at, 100), std::unexpected(Trouble::failed));
    EXPECT_NE(store->last_trouble(), "");
    const auto before = store->log()->read(at, 10);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->size(), 10U);
    for (int again = 0; again < 2; ++again) {
        EXPECT_EQ(store->log()->read(before->back().position, 1),
                  std::unexpected(Trouble::failed));
    }
}

TEST_F(RocksLogTest, ABrokenFileHasFailed) {
    const auto store = open();
    const LogPosition begin = *store->log()->end();
    put_from(*store, 0, 1'000);
    store->settle();
    put_from(*store, 1'000, 10);
    std::fstream(log_files("archive").at(0), std::ios::in | std::ios::out)
        .seekp(70'000)
        .write("broken", 6);
    EXPECT_EQ(store->log()->read(begin, 5'000), std::unexpected(Trouble::failed));
    EXPECT_NE(store->last_trouble(), "");
}

TEST_F(RocksLogTest, CostsNothingMoreToWrite) {
    const auto bytes_logged = [&](bool keeps_log, bool is_delete) {
        const auto store = open({.keeps_log = keeps_log});
        const std::uint64_t before = store->rocks_facts().log_bytes;
        for (std::uint64_t key = 0; key < 100; ++key) {
            EXPECT_TRUE(is_delete ? store->erase(Key{key}) : store->put(Key{key}, Bytes("a")));
        }
        return store->rocks_facts().log_bytes - before;
    };
    EXPECT_EQ(bytes_logged(true, false), bytes_logged(false, false));
    EXPECT_EQ(bytes_logged(true, true), bytes_logged(false, true));
}

TEST_F(RocksLogTest, IsNotKeptUnlessAskedFor) {
    const auto store = open({});
    EXPECT_EQ(store->log(), nullptr);
    put_from(*store, 0, 100);
    store->settle();
    EXPECT_TRUE(log_files("archive").empty());
}

}  // namespace
}  // namespace stalemark
