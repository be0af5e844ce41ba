// SPDX-License-Identifier: Apache-2.0
// The marks of a timeline whose intervals double.

#include "experiment/store_marks.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

TEST(StoreMarksTest, AnIntervalOfTwoHasTheReadsOfBothAndTheLargerHerd) {
    StoreMarks marks{Duration(100)};
    for (std::uint64_t i = 1; i <= intervals_most; ++i) {
        marks.note(Duration(100 * i), [&] {
            // Of each two, one has the larger herd: now the first and now the second.
            const std::uint64_t herd = i % 4 == 1 || i % 4 == 0 ? 7 : 3;
            return StoreMark{.reads = 10 * i, .concurrent_reads_max = herd};
        });
    }
    ASSERT_EQ(marks.all().size(), intervals_most / 2);
    for (std::size_t i = 0; i < marks.all().size(); ++i) {
        EXPECT_EQ(marks.all()[i].reads, 20 * (i + 1)) << i;
        EXPECT_EQ(marks.all()[i].concurrent_reads_max, 7U) << i;
    }
}

}  // namespace
}  // namespace stalemark
