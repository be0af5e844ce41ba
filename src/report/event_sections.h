// SPDX-License-Identifier: Apache-2.0
// What a result says of nodes, layers and events.

#pragma once

#include "assembly/fleet.h"
#include "measure/visibility.h"
#include "report/sections.h"

namespace stalemark {

// `events`: of the measured part and the drain.
Json events_section(const EventCounts& after, const EventCounts& before);

// Adds `visible_within` and how many writes were looked at to `consistency`; delays after which
// nobody could look are left out.
void add_visibility(const VisibilityCounts& counts, Json& consistency);

// Adds `shared_cache` and `events` to the configuration, where there are such.
void add_fleet(const FleetSettings& fleet, Json& configuration);

}  // namespace stalemark
