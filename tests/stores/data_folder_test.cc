// SPDX-License-Identifier: Apache-2.0
#include "stores/data_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "core/errors.h"
#include "stores/disk_limit.h"
#include "stores/temporary_place.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Rows 0..keys-1 with this text.
std::function<void(Store&)> rows(std::uint64_t keys, std::string text) {
    return [=](Store& store) {
        for (std::uint64_t key = 0; key < keys; ++key) (void)store.put(Key{key}, Bytes(text));
    };
}

const StoreEntry& rocksdb = find_store("rocksdb");

std::uint64_t fact_of(Store& store, std::string_view name) {
    for (const auto& [fact, number] : store.facts()) {
        if (fact == name) return number;
    }
    ADD_FAILURE() << name;
    return 0;
}

void no_rows(Store& /*store*/) { ADD_FAILURE() << "loaded again"; }

std::string text_of(Store& store, std::uint64_t key) {
    const Row row = store.get(Key{key}).value();
    return row.bytes ? std::string(row.bytes->view()) : "absent";
}

class DataFolderTest : public testing::Test {
protected:
    TemporaryPlace place_;
    fs::path folder_ = place_ / "data";
};

TEST_F(DataFolderTest, ARunFindsWhatWasLoaded) {
    DataFolder folder(rocksdb, folder_);
    EXPECT_FALSE(folder.holds("a"));
    folder.prepare("a", rows(100, "loaded"));
    EXPECT_TRUE(folder.holds("a"));
    EXPECT_FALSE(folder.holds("b"));
    const auto store = folder.open_run({});
    EXPECT_EQ(text_of(*store, 0), "loaded");
    EXPECT_EQ(text_of(*store, 99), "loaded");
    EXPECT_EQ(text_of(*store, 100), "absent");
}

TEST_F(DataFolderTest, EveryRunStartsFromTheSameData) {
    DataFolder folder(rocksdb, folder_);
    folder.prepare("a", rows(1'000, "loaded"));
    for (int run = 0; run < 3; ++run) {
        const auto store = folder.open_run({});
        const Row before = store->get(Key{1}).value();
        EXPECT_EQ(before.bytes->view(), "loaded");
        EXPECT_GT(store->put(Key{1}, Bytes("changed")).value(), before.version);
        ASSERT_TRUE(store->erase(Key{2}));
        store->settle();
    }
    EXPECT_EQ(text_of(*folder.open_run({}), 2), "loaded");
}

TEST_F(DataFolderTest, ARunGetsTheOptionsItAskedFor) {
    DataFolder folder(rocksdb, folder_);
    folder.prepare("a", rows(10, "loaded"));
    const auto logged = [&](const StoreSettings& settings) {
        const auto store = folder.open_run(settings);
        EXPECT_TRUE(store->put(Key{1}, Bytes("new")));
        return fact_of(*store, "log_bytes");
    };
    EXPECT_GT(logged({}), 0U);
    EXPECT_EQ(logged({.loading = true}), 0U);
}

TEST_F(DataFolderTest, LoadedDataIsUsedAgainByLaterProcesses) {
    DataFolder(rocksdb, folder_).prepare("a", rows(100, "loaded"));
    DataFolder folder(rocksdb, folder_);
    EXPECT_TRUE(folder.holds("a"));
    folder.prepare("a", no_rows);
    EXPECT_EQ(text_of(*folder.open_run({}), 99), "loaded");
}

TEST_F(DataFolderTest, AnotherDataSetReplacesTheLoadedOne) {
    DataFolder folder(rocksdb, folder_);
    folder.prepare("a", rows(100, "first"));
    folder.prepare("b", rows(50, "second"));
    EXPECT_TRUE(folder.holds("b"));
    EXPECT_FALSE(folder.holds("a"));
    const auto store = folder.open_run({});
    EXPECT_EQ(text_of(*store, 1), "second");
    EXPECT_EQ(text_of(*store, 99), "absent");
}

TEST_F(DataFolderTest, LoadedDataIsSettled) {
    DataFolder folder(rocksdb, folder_);
    folder.prepare("a", rows(100'000, std::string(1'000, 'x')));
    const auto store = folder.open_run({});
    EXPECT_EQ(fact_of(*store, "compaction_pending_bytes_now"), 0U);
    EXPECT_GT(fact_of(*store, "disk_bytes_now"), 100'000'000U);
}

TEST_F(DataFolderTest, ALoadThatFailsIsNeverTakenForWhole) {
    {
        DataFolder folder(rocksdb, folder_);
        folder.prepare("a", rows(10, "first"));
        EXPECT_THROW(folder.prepare("b",
                                    [](Store& store) {
                                        rows(5, "second")(store);
                                        throw RunError("interrupted");
                                    }),
                     RunError);
        EXPECT_FALSE(folder.holds("b"));
        EXPECT_FALSE(folder.holds("a"));
        folder.prepare("b", rows(10, "second"));
        EXPECT_EQ(text_of(*folder.open_run({}), 9), "second");
    }
}

// What a killed process leaves: all of it but the last rename.
TEST_F(DataFolderTest, ALoadThatWasKilledIsDoneAnew) {
    DataFolder(rocksdb, folder_).prepare("a", rows(10, "partial"));
    fs::rename(folder_ / "loaded", folder_ / "loaded.partial");
    place_.write("data/run/000001.sst", "left");
    DataFolder folder(rocksdb, folder_);
    EXPECT_FALSE(folder.holds("a"));
    folder.prepare("a", rows(10, "whole"));
    EXPECT_EQ(text_of(*folder.open_run({}), 9), "whole");
    EXPECT_FALSE(fs::exists(folder_ / "loaded.partial"));
}

TEST_F(DataFolderTest, OnlyTheLoadedDataStays) {
    {
        DataFolder folder(rocksdb, folder_);
        folder.prepare("a", rows(10, "loaded"));
        folder.open_run({});
        EXPECT_TRUE(fs::exists(folder_ / "run"));
        place_.write("data/notes.txt", "not ours");
    }
    std::vector<std::string> left;
    for (const auto& entry : fs::directory_iterator(folder_))
        left.push_back(entry.path().filename());
    EXPECT_THAT(left, testing::UnorderedElementsAre("loaded", "stalemark.json",
                                                    "stalemark.lock", "notes.txt"));
}

TEST_F(DataFolderTest, RunsShareTheTablesAndLeaveTheLoadedFilesAsTheyAre) {
    DataFolder folder(rocksdb, folder_);
    folder.prepare("a", rows(10, "loaded"));
    const auto loaded_files = [&] {
        auto files = place_.contents();
        std::erase_if(files, [](const auto& file) { return !file.first.contains("/loaded/"); });
        return files;
    };
    const auto before = loaded_files();
    const auto store = folder.open_run({});
    for (const auto& entry : fs::directory_iterator(folder_ / "loaded")) {
        const bool is_table = entry.path().extension() == ".sst";
        EXPECT_EQ(entry.hard_link_count(), is_table ? 2U : 1U) << entry.path();
    }
    rows(10, "changed")(*store);
    store->settle();
    EXPECT_EQ(loaded_files(), before);
}

TEST_F(DataFolderTest, AFullDiskWhileLoadingIsAnErrorOfOneLine) {
    DataFolder folder(rocksdb, folder_);
    {
        const DiskLimit limit(200'000);
        EXPECT_THAT([&] { folder.prepare("a", rows(1'000, std::string(1'000, 'x'))); },
                    testing::ThrowsMessage<RunError>(
                        AllOf(HasSubstr("File too large"), Not(HasSubstr("\n")))));
    }
    EXPECT_FALSE(folder.holds("a"));
    folder.prepare("a", rows(10, "loaded"));
    EXPECT_EQ(text_of(*folder.open_run({}), 9), "loaded");
}

TEST_F(DataFolderTest, ALoadThatCannotWriteIsAnErrorThatSaysWhy) {
    DataFolder folder(rocksdb, folder_);
    EXPECT_THAT(
        [&] {
            folder.prepare("a", [](Store& store) {
                rows(10, "loaded")(store);
                store.settle();
                const DiskLimit limit(20'000);
                const Bytes bytes(std::string(1'000, 'x'));
                for (std::uint64_t key = 0; store.put(Key{key}, bytes); ++key) {
                    ASSERT_LT(key, 1'000'000U);
                }
            });
        },
        testing::ThrowsMessage<RunError>(
            AllOf(HasSubstr("cannot load the database in"), HasSubstr("File too large"))));
}

TEST_F(DataFolderTest, LoadedDataThatIsBrokenIsAnError) {
    DataFolder folder(rocksdb, folder_);
    folder.prepare("a", rows(10, "loaded"));
    for (const auto& entry : fs::directory_iterator(folder_ / "loaded")) {
        if (entry.path().extension() == ".sst") fs::remove(entry.path());
    }
    EXPECT_THAT([&] { folder.open_run({}); },
                testing::ThrowsMessage<RunError>(HasSubstr("cannot open the database in")));
}

TEST_F(DataFolderTest, ALinkInThePlaceOfOurFoldersIsNotFollowed) {
    place_.write("precious/data.txt", "data");
    DataFolder folder(rocksdb, folder_);
    fs::create_directory_symlink(place_ / "precious", folder_ / "loaded");
    EXPECT_FALSE(folder.holds("a"));
    EXPECT_THROW(folder.prepare("a", rows(10, "loaded")), RunError);
    EXPECT_TRUE(fs::exists(place_ / "precious/data.txt"));
}

// Another store would find files in it that are none of its own.
TEST_F(DataFolderTest, WhatOneStoreHasLoadedIsNotAnothers) {
    DataFolder(rocksdb, folder_).prepare("a", rows(10, "loaded"));
    StoreEntry other = rocksdb;
    other.name = "other";
    DataFolder folder(other, folder_);
    EXPECT_FALSE(folder.holds("a"));
    folder.prepare("a", rows(10, "loaded again"));
    EXPECT_EQ(text_of(*folder.open_run({}), 9), "loaded again");
}

TEST_F(DataFolderTest, AStoreThatWritesAllItsFilesAgainSharesNone) {
    StoreEntry other = rocksdb;
    other.traits.settled_suffix = "";
    DataFolder folder(other, folder_);
    folder.prepare("a", rows(10, "loaded"));
    const auto store = folder.open_run({});
    EXPECT_EQ(text_of(*store, 9), "loaded");
    for (const auto& entry : fs::directory_iterator(folder_ / "loaded")) {
        EXPECT_EQ(entry.hard_link_count(), 1U) << entry.path();
    }
}

class TemporaryDataFolder : public DataFolderTest {
protected:
    // The test's own place for temporary files.
    void set_place(const fs::path& to) { ::setenv("TMPDIR", to.c_str(), 1); }
    void TearDown() override {
        if (had_place_) {
            ::setenv("TMPDIR", place_before_.c_str(), 1);
        } else {
            ::unsetenv("TMPDIR");
        }
    }

    const bool had_place_ = ::getenv("TMPDIR") != nullptr;
    const std::string place_before_ = had_place_ ? ::getenv("TMPDIR") : "";
};

TEST_F(TemporaryDataFolder, LiesInTmpdirAndIsGoneAfterwards) {
    set_place(place_.path());
    {
        const auto folder = DataFolder::temporary(rocksdb);
        EXPECT_EQ(folder->path().parent_path(), place_.path());
        EXPECT_THAT(folder->path().filename().string(), testing::StartsWith("stalemark-"));
        folder->prepare("a", rows(10, "loaded"));
        EXPECT_EQ(text_of(*folder->open_run({}), 9), "loaded");
    }
    EXPECT_TRUE(place_.contents().empty());
}

TEST_F(TemporaryDataFolder, TwoAreTwo) {
    set_place(place_.path());
    const auto one = DataFolder::temporary(rocksdb);
    const auto other = DataFolder::temporary(rocksdb);
    EXPECT_NE(one->path(), other->path());
}

TEST_F(TemporaryDataFolder, WithoutAPlaceForItIsAnErrorThatNamesThePlace) {
    set_place(place_ / "missing");
    EXPECT_THAT([] { DataFolder::temporary(rocksdb); },
                testing::ThrowsMessage<InputError>(AllOf(
                    HasSubstr((place_ / "missing").string()), HasSubstr("No such file"))));
}

}  // namespace
}  // namespace stalemark
