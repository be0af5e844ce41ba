// SPDX-License-Identifier: Apache-2.0
// What is told of a read-modify-write is told of the read that it begins with, too.

#include <gtest/gtest.h>

#include "driver/virtual_run.h"

namespace stalemark {
namespace {

TEST(ReadModifyWrite, OfAnAbsentKeyIsAbsent) {
    VirtualRun run;
    run.spec.preload = 0;
    run.phase().mix = {.read = 0, .read_modify_write = 1};
    run.driving.operations = 500;
    const VirtualResult result = run.carry_out("no_cache");
    std::uint64_t written = 0;
    for (std::uint64_t key = 0; key < run.spec.keys; ++key) {
        if (run.far_store().get(Key{key})->bytes) ++written;
    }
    EXPECT_GT(written, 10U);
    EXPECT_EQ(result.of(OperationKind::read_modify_write).absent, written);
}

TEST(ReadModifyWrite, ThatReadsAnOldValueIsAStaleReadOfItsInterval) {
    VirtualRun run;
    run.spec.keys = 5;
    run.phase().mix = {.read = 0.4, .write = 0.2, .read_modify_write = 0.4};
    run.settings.invalidate = Invalidate::none;
    run.driving.operations = 1'000;
    std::uint64_t stale = 0;
    const VirtualResult result = run.carry_out("cache_aside");
    for (const Interval& part : result.driven.recorder.timeline()) stale += part.stale_reads;
    EXPECT_GT(stale, 500U);
    EXPECT_EQ(stale, result.driven.consistency.stale_reads);
}

}  // namespace
}  // namespace stalemark
