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
    std::uint64_t writes = 0;               // Acknowledged in the measured part.
    std::uint64_t contract_violations = 0;  // Stale reads older than the bound; see below.
    Duration longest_age_possible{0};       // Of a stale read of this run.
    Duration longest_load{0};
    std::uint64_t exposure_writes_max = 0;
    Divergence after_drain;
    Divergence at_the_end;  // After drain and, if entries expire, after the longest TTL.
};

struct Verdict {
    bool is_broken = false;
    Json section;  // `promise` of the result.
};

Verdict judge(const Promise& promise, const Evidence& evidence);

// How many of the sampled stale reads are older than the bound allows: by TTL alone an entry
// may be as old as its TTL and the load that filled it.
std::uint64_t contract_violations(const Promise& promise, const Histogram& stale_age,
                                  Duration longest_load);

}  // namespace stalemark
