// Whether a run kept the promise of its strategy.

#pragma once

#include "measure/divergence.h"
#include "measure/witness.h"
#include "report/sections.h"
#include "strategies/catalog.h"

namespace stalemark {

// What the verdict rests on.
struct Evidence {
    const ConsistencyCounts& consistency;
    std::uint64_t writes = 0;  // Acknowledged in the measured part.
    std::uint64_t exposure_writes_max = 0;
    Divergence after_drain;
    Divergence at_the_end;  // After drain and, if entries expire, after the longest TTL.
};

struct Verdict {
    bool is_broken = false;
    Json section;  // `promise` of the result.
};

Verdict judge(const Promise& promise, const Evidence& evidence);

}  // namespace stalemark
