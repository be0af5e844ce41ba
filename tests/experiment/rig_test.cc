// SPDX-License-Identifier: Apache-2.0
// The parts of a run are made as its experiment says.

#include "experiment/rig.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

Experiment experiment() {
    Experiment made;
    made.workload.keys = 10;
    made.workload.value_size = Distribution(100);
    made.workload.phases.push_back({});
    made.system.strategy = &find_strategy("cache_aside");
    made.system.shield = &no_shield();
    made.system.cache = "lru";
    made.system.keys = 10;
    made.store.name = "memory";
    made.processors = ProcessorSettings();
    return made;
}

TEST(Rig, VerifiesValuesUnlessItIsToldNotTo) {
    for (const bool verifies : {true, false}) {
        Experiment made = experiment();
        made.verifies = verifies;
        Progress progress(true);
        const std::atomic<bool> stop = false;
        Rig rig(made, progress, stop);
        EXPECT_EQ(rig.judges().verifies, verifies);
    }
}

}  // namespace
}  // namespace stalemark
