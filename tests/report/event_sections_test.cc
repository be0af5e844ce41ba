// SPDX-License-Identifier: Apache-2.0
// What a result says of events is what came after the warm-up.

#include "report/event_sections.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

TEST(EventSections, LeaveOutWhatWasCountedBeforeTheMeasuredPart) {
    EventCounts before, after;
    before.bus.published = 10;
    after.bus.published = 13;
    before.received.gaps = 2;
    after.received.gaps = 6;
    before.invalidations = {.heard = 9, .useless = 4, .fills_refused = 5};
    after.invalidations = {.heard = 20, .useless = 9, .fills_refused = 12};
    before.losses.lost = 1;
    after.losses.lost = 9;
    before.delay.add(Duration(5));
    after.delay = before.delay;
    after.delay.add(Duration(7));
    const Json section = events_section(after, before);
    EXPECT_EQ(section.at("published"), 3);
    EXPECT_EQ(section.at("gaps"), 4);
    EXPECT_EQ(section.at("useless"), 5);
    EXPECT_EQ(section.at("fills_refused"), 7);
    EXPECT_EQ(section.at("harm").at("lost"), 8);
    EXPECT_EQ(section.at("delay_ns").at("count"), 1);
    EXPECT_EQ(section.at("delay_ns").at("sum"), 7);
}

}  // namespace
}  // namespace stalemark
