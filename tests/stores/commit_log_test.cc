// SPDX-License-Identifier: Apache-2.0
// What the commit log of every store of the catalogue promises.

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "core/random.h"
#include "stores/catalog.h"
#include "stores/temporary_place.h"

namespace stalemark {
namespace {

constexpr std::size_t all = 1'000'000;

// A value that says who wrote it.
Bytes sealed(Key key, const Header& header, std::size_t size_bytes = 20) {
    return Bytes::make(size_bytes, [&](std::span<char> to) { seal(key, header, to); });
}

LoggedChange without_position(LoggedChange change) {
    change.position = {};
    return change;
}

// Follows a log from its end on, a few changes at a time.
class Follower {
public:
    explicit Follower(CommitLog& log, std::size_t most = all)
        : log_(log), most_(most), at_(log.end().value()) {}

    // What came since the last call.
    std::vector<LoggedChange> catch_up() {
        std::vector<LoggedChange> changes;
        while (true) {
            const auto read = log_.read(at_, most_);
            EXPECT_TRUE(read);
            if (!read || read->empty()) return changes;
            EXPECT_LE(read->size(), most_);
            for (const LoggedChange& change : *read) {
                EXPECT_LT(at_, change.position);
                at_ = change.position;
                changes.push_back(change);
            }
        }
    }

    LogPosition at() const { return at_; }

private:
    CommitLog& log_;
    const std::size_t most_;
    LogPosition at_;
};

class CommitLogContract : public testing::TestWithParam<StoreEntry> {
protected:
    std::unique_ptr<Store> open(std::string_view name) {
        return GetParam().open({.folder = place_ / std::string(name), .keeps_log = true});
    }

    TemporaryPlace place_;
    std::unique_ptr<Store> store_ = open("store");
    CommitLog& log_ = *store_->log();
};

TEST_P(CommitLogContract, AStoreKeepsNoLogUnlessAskedTo) {
    EXPECT_EQ(GetParam().open({.folder = place_ / "other"})->log(), nullptr);
}

TEST_P(CommitLogContract, AChangeIsLoggedAsItWasMade) {
    Follower follower(log_);
    const Header header{.session = 3, .sequence = 4, .invocation = 5};
    const Version put = *store_->put(Key{1}, sealed(Key{1}, header));
    const Version erased = *store_->erase(Key{1});
    const Version again = *store_->put(Key{1}, Bytes("too short"));
    const Version other = *store_->put(Key{1ULL << 63 | 2}, Bytes(std::string(16, '\0')));
    std::vector<LoggedChange> changes;
    for (const auto& change : follower.catch_up()) changes.push_back(without_position(change));
    const std::vector<LoggedChange> expected = {
        {.key = Key{1}, .version = put, .header = header},
        {.key = Key{1}, .version = erased, .is_delete = true, .header = {}},
        {.key = Key{1}, .version = again, .header = {}},
        {.key = Key{1ULL << 63 | 2},
         .version = other,
         .header = peek_header(std::string(16, 0))}};
    EXPECT_EQ(changes, expected);
}

TEST_P(CommitLogContract, AReaderGetsEachChangeOnceAsTheyCome) {
    Follower follower(log_);
    EXPECT_TRUE(follower.catch_up().empty());
    for (std::uint64_t i = 0; i < 10; ++i) {
        ASSERT_TRUE(store_->put(Key{i}, Bytes("a")));
        const auto changes = follower.catch_up();
        ASSERT_EQ(changes.size(), 1U);
        EXPECT_EQ(changes[0].key, Key{i});
        EXPECT_TRUE(follower.catch_up().empty());
    }
}

TEST_P(CommitLogContract, ALogIsFollowedFromItsEndOn) {
    const LogPosition first = *log_.end();
    ASSERT_TRUE(store_->put(Key{1}, Bytes("a")));
    const LogPosition second = *log_.end();
    ASSERT_TRUE(store_->put(Key{2}, Bytes("b")));
    EXPECT_LT(first, second);
    EXPECT_EQ(log_.read(first, all)->size(), 2U);
    EXPECT_EQ(log_.read(first, all)->front().position, second);
    ASSERT_EQ(log_.read(second, all)->size(), 1U);
    EXPECT_EQ(log_.read(second, all)->front().key, Key{2});
    EXPECT_EQ(log_.read(second, all)->front().position, *log_.end());
}

TEST_P(CommitLogContract, ABatchLiesSideBySideAndIsReadInPartsOfAnySize) {
    const LogPosition begin = *log_.end();
    std::vector<Change> batch;
    for (std::uint64_t key = 0; key < 9; ++key) {
        batch.push_back(
            {Key{key * 5}, key % 3 == 1 ? std::nullopt : std::optional(Bytes("b"))});
    }
    ASSERT_TRUE(store_->put(Key{0}, Bytes("before")));
    ASSERT_TRUE(store_->write(batch));
    ASSERT_TRUE(store_->write({}));
    ASSERT_TRUE(store_->put(Key{0}, Bytes("after")));
    const auto whole = log_.read(begin, all).value();
    ASSERT_EQ(whole.size(), 11U);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        EXPECT_EQ(whole[i + 1].key, batch[i].key);
        EXPECT_EQ(whole[i + 1].is_delete, !batch[i].bytes);
    }
    for (std::size_t most = 1; most <= 12; ++most) {
        std::vector<LoggedChange> parts;
        LogPosition at = begin;
        while (at < *log_.end()) {
            const auto read = log_.read(at, most).value();
            ASSERT_EQ(read.size(), std::min(most, whole.size() - parts.size()));
            parts.insert(parts.end(), read.begin(), read.end());
            at = parts.back().position;
        }
        EXPECT_EQ(parts, whole);
    }
    EXPECT_TRUE(log_.read(begin, 0)->empty());
}

TEST_P(CommitLogContract, WhoeverAsksAgainGetsTheSameFromAnyPlace) {
    const LogPosition begin = *log_.end();
    for (std::uint64_t i = 0; i < 40; ++i) {
        ASSERT_TRUE(store_->write(
            std::vector<Change>{{Key{i}, Bytes("a")}, {Key{i + 1}, std::nullopt}}));
    }
    const auto whole = log_.read(begin, all).value();
    ASSERT_EQ(whole.size(), 80U);
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
            const auto rest = log_.read(whole[i].position, 3).value();
            ASSERT_FALSE(rest.empty());
            for (std::size_t j = 0; j < rest.size(); ++j) EXPECT_EQ(rest[j], whole[i + 1 + j]);
        }
    }
}

TEST_P(CommitLogContract, APlaceBehindTheEndHasFailed) {
    ASSERT_TRUE(store_->put(Key{1}, Bytes("a")));
    const LogPosition behind{static_cast<std::uint64_t>(*log_.end()) + 1};
    EXPECT_EQ(log_.read(behind, all), std::unexpected(Trouble::failed));
    EXPECT_TRUE(log_.read(*log_.end(), all));
}

// The versions are those that the calls answered; other than them, all stores log the same.
TEST_P(CommitLogContract, TheSameCallsAreLoggedAlikeByEveryStore) {
    const auto model = find_store("memory").open({.keeps_log = true});
    Follower follower(log_, 7);
    Follower model_follower(*model->log());
    Random random(1);
    for (std::uint32_t i = 0; i < 3'000; ++i) {
        const Key key{random.below(20)};
        const Header header{.session = 1, .sequence = i};
        std::optional<Version> answered;
        if (random.below(4) == 0) {
            std::vector<Change> batch;
            for (std::uint64_t j = 0; j < random.below(6); ++j) {
                const Key each{index_of(key) + j};
                batch.push_back({each, random.below(3) == 0
                                           ? std::nullopt
                                           : std::optional(sealed(each, header))});
            }
            ASSERT_TRUE(store_->write(batch));
            ASSERT_TRUE(model->write(batch));
        } else if (random.below(3) == 0) {
            answered = *store_->erase(key);
            ASSERT_TRUE(model->erase(key));
        } else {
            answered = *store_->put(key, sealed(key, header));
            ASSERT_TRUE(model->put(key, sealed(key, header)));
        }
        const auto changes = follower.catch_up();
        const auto expected = model_follower.catch_up();
        ASSERT_EQ(changes.size(), expected.size());
        for (std::size_t j = 0; j < changes.size(); ++j) {
            ASSERT_EQ(changes[j].key, expected[j].key);
            ASSERT_EQ(changes[j].is_delete, expected[j].is_delete);
            ASSERT_EQ(changes[j].header, expected[j].header);
        }
        if (answered) {
            ASSERT_EQ(changes.at(0).version, *answered);
        }
    }
}

// Readers follow while writers write, each its own way; afterwards all have seen the same, and
// that is what was acknowledged.
TEST_P(CommitLogContract, ReadersWhoFollowWhileOthersWriteMissNothing) {
    constexpr std::uint64_t keys = 5;
    constexpr std::uint32_t writers = 3;
    constexpr std::uint32_t writes = 4'000;
    std::atomic<std::uint32_t> writing = writers;
    std::vector<std::map<std::pair<Key, Version>, bool>> acknowledged(writers);  // Deleted?
    const auto write = [&](std::uint32_t writer) {
        Random random(writer);
        for (std::uint32_t i = 0; i < writes; ++i) {
            const Key key{random.below(keys)};
            const Header header{.session = writer, .sequence = i};
            if (i % 5 == 0) {
                const Key other{index_of(key) + keys};
                EXPECT_TRUE(store_->write(std::vector<Change>{{key, sealed(key, header)},
                                                              {other, sealed(other, header)}}));
            } else if (i % 5 == 1) {
                acknowledged[writer][{key, *store_->erase(key)}] = true;
            } else {
                acknowledged[writer][{key, *store_->put(key, sealed(key, header))}] = false;
            }
        }
        --writing;
    };
    std::vector<std::vector<LoggedChange>> seen(3);
    const auto follow = [&](std::size_t reader, Follower follower) {
        while (true) {
            const bool was_last = writing == 0;
            const auto changes = follower.catch_up();
            for (const LoggedChange& change : changes) {
                const auto row = store_->get(change.key).value();
                EXPECT_GE(row.version, change.version);
                if (row.version != change.version) continue;
                EXPECT_EQ(change.is_delete, !row.bytes);
                if (row.bytes) {
                    EXPECT_EQ(peek_header(row.bytes->view()), change.header);
                }
            }
            seen[reader].insert(seen[reader].end(), changes.begin(), changes.end());
            if (was_last) return;
        }
    };
    std::vector<std::thread> threads;
    for (const std::size_t reader : {0U, 1U, 2U}) {
        threads.emplace_back(follow, reader, Follower(log_, reader == 0 ? 1 : 50 * reader));
    }
    for (std::uint32_t writer = 0; writer < writers; ++writer) {
        threads.emplace_back(write, writer);
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(seen[0], seen[1]);
    EXPECT_EQ(seen[0], seen[2]);
    EXPECT_EQ(seen[0].size(), writers * writes * 6 / 5);
    std::map<std::pair<Key, Version>, bool> logged;
    std::map<Key, Version> newest;
    for (std::size_t i = 0; i < seen[0].size(); ++i) {
        const LoggedChange& change = seen[0][i];
        EXPECT_LT(newest[change.key], change.version);
        newest[change.key] = change.version;
        logged[{change.key, change.version}] = change.is_delete;
        if (index_of(change.key) < keys) continue;
        ASSERT_GT(i, 0U);
        EXPECT_EQ(seen[0][i - 1].header, change.header);  // Of one batch.
    }
    for (const auto& calls : acknowledged) {
        for (const auto& [change, is_delete] : calls) {
            ASSERT_TRUE(logged.contains(change));
            EXPECT_EQ(logged[change], is_delete);
        }
    }
}

std::vector<StoreEntry> stores_with_a_log() {
    std::vector<StoreEntry> stores(all_stores().begin(), all_stores().end());
    std::erase_if(stores, [](const StoreEntry& entry) { return !entry.traits.has_log; });
    return stores;
}

INSTANTIATE_TEST_SUITE_P(All, CommitLogContract, testing::ValuesIn(stores_with_a_log()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace stalemark
