// SPDX-License-Identifier: Apache-2.0
// none: every fill is made.
//
// Strength: nothing to keep, nothing to ask.
// Hazard: a reader that asked the store before a change fills the cache with the old row after
// it.

#pragma once

#include "guards/event_check.h"
#include "runtime/runtime.h"

namespace stalemark {

class NoEventCheck final : public EventCheck {
public:
    explicit NoEventCheck(const Runtime& /*runtime*/) {}

    void hear(Key /*key*/, Version /*version*/) override {}
    bool keeps(Version /*entry*/, Version /*heard*/) const override { return false; }
    bool is_outdated(Key /*key*/, const Row& /*row*/) override { return false; }
    Admission admit(Key /*key*/, const Row& /*row*/) override { return {}; }
};

}  // namespace stalemark
