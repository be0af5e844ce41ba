// SPDX-License-Identifier: Apache-2.0
// The warm-up: the first phase over, from a stream of its own so that what is measured is the
// same however long it takes, until its time is over or the hit ratio has become stable.

#pragma once

#include <atomic>

#include "driver/driver.h"

namespace stalemark {

class Crew;

Warmup warm_up(Runtime& runtime, Crew& crew, const WorkloadSpec& spec,
               const DriveSettings& settings, const DriveHooks& hooks,
               const std::atomic<bool>& stop);

}  // namespace stalemark
