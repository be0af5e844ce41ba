#include "measure/session_table.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

TEST(SessionTable, KnowsNothingOfAKeyThatTheSessionNeverTouched) {
    EXPECT_EQ(SessionTable().find(Key{0}), nullptr);
    SessionTable table;
    table.note_write(Key{1}, 4);
    EXPECT_EQ(table.find(Key{2}), nullptr);
}

TEST(SessionTable, KeepsTheLargestStampsOfOwnWritesAndOfReads) {
    SessionTable table;
    for (const std::uint32_t stamp : {4U, 9U, 6U}) table.note_write(Key{1}, stamp);
    for (const std::uint32_t stamp : {8U, 3U}) table.note_read(Key{1}, stamp);
    const auto* const entry = table.find(Key{1});
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->own, 9U);
    EXPECT_EQ(entry->seen, 8U);
}

TEST(SessionTable, TheFirstKeyIsAKeyLikeAnyOther) {
    SessionTable table;
    table.note_read(Key{0}, 0);
    EXPECT_NE(table.find(Key{0}), nullptr);
}

TEST(SessionTable, OfTwoKeysOnOnePlaceTheLaterOneIsRemembered) {
    SessionTable table(1);
    table.note_write(Key{1}, 4);
    table.note_read(Key{2}, 5);
    EXPECT_EQ(table.find(Key{1}), nullptr);
    ASSERT_NE(table.find(Key{2}), nullptr);
    EXPECT_EQ(table.find(Key{2})->own, 0U);  // Nothing of the other's.
    EXPECT_EQ(table.find(Key{2})->seen, 5U);
}

TEST(SessionTable, KeysThatAreNoMoreThanThePlacesAreAllRemembered) {
    constexpr std::uint64_t keys = 1'024;
    SessionTable table(keys);
    for (std::uint64_t key = 0; key < keys; ++key) table.note_write(Key{key}, 1);
    for (std::uint64_t key = 0; key < keys; ++key) EXPECT_NE(table.find(Key{key}), nullptr);
}

}  // namespace
}  // namespace stalemark
