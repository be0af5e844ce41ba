// SPDX-License-Identifier: Apache-2.0
#include "caches/node_index.h"

#include <gtest/gtest.h>

#include <map>

#include "core/random.h"

namespace stalemark {
namespace {

TEST(NodeIndex, FindsNothingInAnEmptyTable) {
    const NodeIndex index;
    EXPECT_EQ(index.find(7, [](std::uint32_t) { return true; }), NodeIndex::none);
}

TEST(NodeIndex, TellsNodesOfOneHashApart) {
    NodeIndex index;
    index.insert(5, 1);
    index.insert(5, 2);
    EXPECT_EQ(index.find(5, [](std::uint32_t node) { return node == 2; }), 2U);
    EXPECT_EQ(index.find(5, [](std::uint32_t node) { return node == 3; }), NodeIndex::none);
}

// Few hashes, near the end of the table, so that runs of slots are long and wrap around.
TEST(NodeIndex, FindsExactlyWhatIsInItAfterAnyInsertionsAndDeletions) {
    NodeIndex index;
    std::map<std::uint32_t, std::uint32_t> hash_of;
    Random random(1);
    for (int i = 0; i < 20'000; ++i) {
        const auto node = static_cast<std::uint32_t>(random.below(40));
        if (const auto held = hash_of.find(node); held != hash_of.end()) {
            index.erase(held->second, node);
            hash_of.erase(held);
        } else {
            hash_of[node] = static_cast<std::uint32_t>(0xfffffff8 + random.below(12));
            index.insert(hash_of[node], node);
        }
        for (const auto& [present, hash] : hash_of) {
            ASSERT_EQ(index.find(hash, [&](std::uint32_t found) { return found == present; }),
                      present);
        }
        std::uint32_t met = 0;
        for (std::uint32_t hash = 0xfffffff8; hash != 4; ++hash) {
            index.find(hash, [&](std::uint32_t) { return ++met == 0; });
        }
        ASSERT_EQ(met, hash_of.size());
    }
}

}  // namespace
}  // namespace stalemark
