// SPDX-License-Identifier: Apache-2.0
#include "wire/wired_cache.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "caches/catalog.h"
#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "wire/latencies.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;

constexpr Key key{1};
constexpr Duration for_ever = Duration::max();

class WiredCacheTest : public testing::Test {
protected:
    // Plays in a task; how long it took.
    Duration play(const std::function<void()>& plot) {
        Duration took{0};
        tasks.spawn("player", [&] {
            const Instant began = runtime->now();
            plot();
            took = runtime->now() - began;
        });
        runtime->run();
        return took;
    }

    std::unique_ptr<Runtime> runtime = make_virtual_runtime();
    TaskGroup tasks{*runtime};
    std::unique_ptr<LocalCache> far = find_cache("lru").make({}, *runtime);
    Wire wire{*runtime, {.latency = latency("10ms")}, "wire", 1};
    WiredCache cache{*far, wire};
};

TEST_F(WiredCacheTest, HandsEveryCallOnAndEachTakesTheDelay) {
    const Duration took = play([&] {
        EXPECT_EQ(cache.get(key).error(), Miss::absent);
        EXPECT_TRUE(cache.put(key, Row{Bytes("a")}, for_ever));
        const auto cached = cache.get(key);
        EXPECT_EQ(cached->row.bytes, Bytes("a"));
        EXPECT_NE(
            cache.put(key, Row{Bytes("b")}, for_ever, Condition::unchanged(cached->stamp)),
            no_stamp);
        EXPECT_EQ(
            cache.put(key, Row{Bytes("c")}, for_ever, Condition::unchanged(cached->stamp)),
            no_stamp);
        EXPECT_EQ(far->get(key)->row.bytes, Bytes("b"));
        EXPECT_TRUE(cache.erase(key));
        EXPECT_EQ(cache.get(key).error(), Miss::absent);
    });
    EXPECT_EQ(took, milliseconds(70));
}

TEST_F(WiredCacheTest, AReadersAnswerMayBeOutOfDateWhenItArrives) {
    ASSERT_TRUE(far->put(key, Row{Bytes("old")}, for_ever));
    play([&] {
        tasks.spawn("eraser", [&] {
            runtime->sleep_for(milliseconds(7));
            ASSERT_TRUE(far->erase(key));
        });
        EXPECT_TRUE(cache.get(key)) << "its answer left before the entry went";
        EXPECT_FALSE(far->get(key));
    });
}

TEST_F(WiredCacheTest, CountsAreTakenOnTheSpot) {
    const Duration took = play([&] {
        ASSERT_TRUE(far->put(key, Row{Bytes("a")}, for_ever));
        EXPECT_EQ(cache.counts().fills, 1U);
    });
    EXPECT_EQ(took, Duration{0});
}

}  // namespace
}  // namespace stalemark
