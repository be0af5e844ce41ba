// SPDX-License-Identifier: Apache-2.0
#include "core/huge_pages.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace stalemark {
namespace {

// What the kernel tells of the mapping in which `place` lies: its name among other things, and
// the flag "hg" if huge pages are wanted there.
std::string mapping_of(const void* place) {
    std::ifstream maps("/proc/self/smaps");
    const auto address = reinterpret_cast<std::uintptr_t>(place);
    bool is_here = false;
    std::string text;
    for (std::string line; std::getline(maps, line);) {
        std::istringstream words(line);
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        if (words >> std::hex >> begin >> dash >> end && dash == '-') {
            is_here = begin <= address && address < end;
        }
        if (is_here) text += line + " ";
    }
    return text;
}

bool wants_huge_pages(const void* place) { return mapping_of(place).contains(" hg "); }

TEST(HugePages, AreWantedForLargeAndSmallThingsMadeAfterwards) {
    const std::string before(100, 'b');
    prefer_huge_pages();
    const std::vector<char> large(std::size_t{8} << 20, 'l');
    const std::vector<std::string> small(100'000, std::string(100, 's'));
    EXPECT_EQ(before.back(), 'b');
    EXPECT_EQ(large.back(), 'l');
    EXPECT_EQ(small.back(), std::string(100, 's'));

    if (!mapping_of(before.data()).contains("[heap]")) {
        GTEST_SKIP() << "this allocator is not the C library's";
    }
    if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) {
        GTEST_SKIP() << "this kernel has no huge pages";
    }
    EXPECT_FALSE(wants_huge_pages(before.data()));
    EXPECT_TRUE(wants_huge_pages(&large[large.size() / 2]));
    EXPECT_TRUE(wants_huge_pages(small.back().data()));
}

}  // namespace
}  // namespace stalemark
