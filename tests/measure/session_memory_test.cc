// SPDX-License-Identifier: Apache-2.0
#include "measure/session_memory.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

constexpr std::uint32_t me = 0;
constexpr std::uint64_t many_keys = 1'000'000;

TEST(SessionMemory, KnowsNothingOfAKeyThatTheSessionNeverTouched) {
    SessionMemory memory(2, many_keys, false);
    EXPECT_FALSE(memory.find(memory.session(me), Key{0}));
    memory.note_write(memory.session(me), Key{1}, 4);
    EXPECT_FALSE(memory.find(memory.session(me), Key{2}));
    EXPECT_FALSE(memory.find(memory.session(1), Key{1})) << "another session's";
}

TEST(SessionMemory, KeepsTheLargestStampsOfOwnWritesAndOfReads) {
    SessionMemory memory(1, many_keys, true);
    for (const std::uint32_t stamp : {4U, 9U, 6U})
        memory.note_write(memory.session(me), Key{1}, stamp);
    for (const std::uint32_t stamp : {8U, 3U})
        memory.note_read(memory.session(me), Key{1}, stamp);
    const auto known = memory.find(memory.session(me), Key{1});
    ASSERT_TRUE(known);
    EXPECT_EQ(known->own, 9U);
    EXPECT_EQ(known->seen, 8U);
}

TEST(SessionMemory, TheFirstKeyIsAKeyLikeAnyOther) {
    SessionMemory memory(1, many_keys, false);
    memory.note_read(memory.session(me), Key{0}, 0);
    EXPECT_TRUE(memory.find(memory.session(me), Key{0}));
}

TEST(SessionMemory, OfTwoKeysOnOnePlaceTheLaterOneIsRemembered) {
    SessionMemory memory(1, 1, false);  // A single place.
    memory.note_write(memory.session(me), Key{1}, 4);
    memory.note_read(memory.session(me), Key{2}, 5);
    EXPECT_FALSE(memory.find(memory.session(me), Key{1}));
    ASSERT_TRUE(memory.find(memory.session(me), Key{2}));
    EXPECT_EQ(memory.find(memory.session(me), Key{2})->own, 0U);  // Nothing of the other's.
    EXPECT_EQ(memory.find(memory.session(me), Key{2})->seen, 5U);
}

TEST(SessionMemory, KeysThatAreNoMoreThanThePlacesAreAllRemembered) {
    constexpr std::uint64_t keys = 1'024;
    SessionMemory memory(1, keys, false);
    for (std::uint64_t key = 0; key < keys; ++key)
        memory.note_write(memory.session(me), Key{key}, 1);
    for (std::uint64_t key = 0; key < keys; ++key)
        EXPECT_TRUE(memory.find(memory.session(me), Key{key}));
}

// Ten sessions of one table, and as many keys as there are.
TEST(SessionMemory, NeverTakesOneSessionForAnother) {
    constexpr std::uint32_t sessions = 10'240;
    SessionMemory memory(sessions, 50, true);
    const auto stamp_of = [](std::uint32_t session, std::uint64_t key) {
        return static_cast<std::uint32_t>(session * 50 + key + 1);
    };
    std::uint64_t known = 0;
    for (std::uint64_t key = 0; key < 50; ++key) {
        for (std::uint32_t session = 0; session < sessions; ++session)
            memory.note_write(memory.session(session), Key{key}, stamp_of(session, key));
    }
    for (std::uint64_t key = 0; key < 50; ++key) {
        for (std::uint32_t session = 0; session < sessions; ++session) {
            const auto found = memory.find(memory.session(session), Key{key});
            if (!found) continue;
            ++known;
            ASSERT_EQ(found->own, stamp_of(session, key));
        }
    }
    EXPECT_GT(known, sessions * 50 / 4);
}

TEST(SessionMemory, TakesNoMoreForMoreSessions) {
    const std::size_t most = SessionMemory(4'096, many_keys, false).memory_bytes();
    EXPECT_LE(most, std::size_t{32} << 20);
    EXPECT_LE(SessionMemory(1'000'000, many_keys, false).memory_bytes(), most);
    EXPECT_LT(SessionMemory(4, many_keys, false).memory_bytes(), most / 64);
}

}  // namespace
}  // namespace stalemark
