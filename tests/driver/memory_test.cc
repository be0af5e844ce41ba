// SPDX-License-Identifier: Apache-2.0
// What clients and recorders have set aside: the harness's part of a run's memory.

#include <gtest/gtest.h>

#include "driver/client.h"
#include "driver/virtual_run.h"

namespace stalemark {
namespace {

TEST(Memory, OfTheHarnessIsThatOfItsClientsAndRecorders) {
    VirtualRun run;
    run.driving.clients = 50;
    run.driving.operations = 500;
    run.driving.is_virtual = true;
    const DriveResult driven = run.carry_out("no_cache").driven;
    const std::size_t clients = 50 * sizeof(Client);
    const std::size_t recorder = driven.recorder.memory_bytes();
    EXPECT_GE(driven.memory_bytes, clients + recorder);
    EXPECT_LT(driven.memory_bytes, clients + 2 * recorder);
}

}  // namespace
}  // namespace stalemark
