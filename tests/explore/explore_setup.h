// SPDX-License-Identifier: Apache-2.0
// Small systems for the tests of exploration.

#pragma once

#include <string_view>

#include "explore/schedule_choice.h"

namespace stalemark {

inline ExploredSetup setup_of(std::string_view strategy, std::string_view program,
                              std::string_view guard = "none") {
    ExploredSetup setup;
    setup.system.strategy = &find_strategy(strategy);
    setup.system.shield = &no_shield();
    setup.system.cache = "lru";
    setup.system.settings.invalidate = default_invalidate(*setup.system.strategy);
    setup.system.settings.guard = &find_guard(guard);
    setup.system.fleet.has_near = false;
    setup.program = read_program(program);
    prepare(setup);
    return setup;
}

}  // namespace stalemark
