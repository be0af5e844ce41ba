// SPDX-License-Identifier: Apache-2.0
#include "experiment/verdict.h"

#include <fmt/format.h>

#include <optional>

#include "core/units.h"

namespace stalemark {
namespace {

using Consistency = Promise::Consistency;

std::string text_of(const Promise& promise) {
    std::string text(promise_names[static_cast<std::size_t>(promise.consistency)]);
    if (promise.consistency == Consistency::bounded_staleness) {
        text += fmt::format("({})", format_duration(promise.bound));
    }
    return text + (promise.durable ? ", durable" : "");
}

class Breaches {
public:
    void add(std::string_view what, std::uint64_t times) {
        if (times > 0) list_.push_back({what, times});
    }
    const std::vector<Breach>& list() const { return list_; }

private:
    std::vector<Breach> list_;
};

// What was missing for every part of the promise to be broken, if anything.
std::optional<std::string_view> why_untested(const Promise& promise, const Evidence& evidence) {
    const ConsistencyCounts& seen = evidence.consistency;
    if (seen.reads_checked == 0) return "no read was judged";
    if (evidence.writes == 0) return "nothing was written";
    if (promise.consistency != Consistency::bounded_staleness) return std::nullopt;
    // A cache that never lets go of anything would have looked the same.
    if (seen.reads_past_bound == 0) return "the run is shorter than the bound";
    const bool has_ages = seen.stale_age.count() + seen.stale_by_design_age.count() > 0;
    if (seen.stale_reads + seen.stale_by_design > 0 && !has_ages)
        return "no stale read has a known age";
    return std::nullopt;
}

}  // namespace

Verdict judge(const Promise& promise, const Evidence& evidence) {
    const ConsistencyCounts& seen = evidence.consistency;
    Breaches breaches;
    breaches.add("values_corrupt", seen.values_corrupt);
    breaches.add("phantom_reads", seen.phantom_reads);
    if (promise.consistency != Consistency::none) {
        // Nothing is under way any more: an entry that still differs from the store is wrong,
        // even where two concurrent writes leave no proof of which is older. Only a promise
        // that lets entries be old may wait for the TTL to end them.
        const bool waits_for_ttl = promise.consistency != Consistency::linearizable;
        const Divergence& left = waits_for_ttl ? evidence.at_the_end : evidence.after_drain;
        breaches.add("left unlike the store", left.unlike_store());
        breaches.add("store_lost", left.store_lost);
    }
    if (promise.consistency == Consistency::linearizable) {
        breaches.add("stale_reads", seen.stale_reads);
        breaches.add("stale_by_design", seen.stale_by_design);
        breaches.add("read_your_writes_violations", seen.read_your_writes_violations);
        breaches.add("monotonic_reads_violations", seen.monotonic_reads_violations);
    }
    if (promise.consistency == Consistency::bounded_staleness) {
        breaches.add("contract_violations", seen.contract_violations);
    }
    if (promise.durable) breaches.add("exposure_writes", evidence.exposure_writes_max);

    if (!breaches.list().empty()) {
        return {.declared = text_of(promise),
                .state = PromiseState::broken,
                .breaches = breaches.list()};
    }
    if (const auto reason = why_untested(promise, evidence)) {
        return {.declared = text_of(promise), .untested_because = *reason};
    }
    return {.declared = text_of(promise), .state = PromiseState::kept};
}

}  // namespace stalemark
