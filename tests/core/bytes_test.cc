// SPDX-License-Identifier: Apache-2.0
#include "core/bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace stalemark {
namespace {

TEST(Bytes, HoldACopyOfTheirText) {
    std::string text = "one";
    const Bytes bytes(text);
    text[0] = 'x';
    EXPECT_EQ(bytes.view(), "one");
    EXPECT_EQ(bytes.size(), 3U);
}

TEST(Bytes, AreEmptyUntilTheyAreGivenSomething) {
    EXPECT_EQ(Bytes().size(), 0U);
    EXPECT_EQ(Bytes().view(), "");
    EXPECT_EQ(Bytes(), Bytes(""));
}

TEST(Bytes, MayHoldZeros) {
    const std::string text("a\0b", 3);
    EXPECT_EQ(Bytes(text).view(), text);
}

TEST(Bytes, AreFilledInWhereTheyLie) {
    const Bytes bytes = Bytes::make(4, [](std::span<char> to) {
        EXPECT_EQ(to.size(), 4U);
        std::ranges::fill(to, 'z');
    });
    EXPECT_EQ(bytes.view(), "zzzz");
}

TEST(Bytes, ThatAreLentLieWithTheirLenderUntilTheLastCopyIsGone) {
    const auto lender = std::make_shared<std::string>("a lent text");
    const std::string_view text = std::string_view(*lender).substr(2, 4);
    {
        const Bytes lent = Bytes::lent(lender, text);
        const Bytes copy = lent;  // NOLINT(performance-unnecessary-copy-initialization)
        EXPECT_EQ(copy.view().data(), text.data());
        EXPECT_EQ(copy.size(), 4U);
        EXPECT_EQ(lender.use_count(), 3);
    }
    EXPECT_EQ(lender.use_count(), 1);
}

TEST(Bytes, ThatAreKeptDoWithoutALender) {
    const auto lender = std::make_shared<std::string>("lent");
    const Bytes kept = Bytes::lent(lender, *lender).kept();
    EXPECT_EQ(lender.use_count(), 1);
    EXPECT_EQ(kept, Bytes("lent"));
    EXPECT_EQ(kept.kept().view().data(), kept.view().data()) << "copied once";
}

TEST(Bytes, ACopySharesTheMemory) {
    const Bytes original("shared");
    const Bytes copy = original;  // NOLINT(performance-unnecessary-copy-initialization)
    EXPECT_EQ(static_cast<const void*>(copy.view().data()), original.view().data());
}

TEST(Bytes, ACopyOutlivesTheOriginal) {
    Bytes copy;
    {
        const Bytes original("still here");
        copy = original;
    }
    EXPECT_EQ(copy.view(), "still here");
}

TEST(Bytes, AreEqualIfTheirContentsAreWhereverTheyLie) {
    EXPECT_EQ(Bytes("same"), Bytes("same"));
    EXPECT_NE(Bytes("same"), Bytes("samf"));
    EXPECT_NE(Bytes("same"), Bytes("sam"));
}

}  // namespace
}  // namespace stalemark
