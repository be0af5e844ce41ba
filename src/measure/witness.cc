// SPDX-License-Identifier: Apache-2.0
#include "measure/witness.h"

#include <algorithm>

namespace stalemark {

void ConsistencyCounts::merge(const ConsistencyCounts& other) {
    reads_checked += other.reads_checked;
    stale_reads += other.stale_reads;
    read_your_writes_eligible += other.read_your_writes_eligible;
    read_your_writes_violations += other.read_your_writes_violations;
    monotonic_reads_eligible += other.monotonic_reads_eligible;
    monotonic_reads_violations += other.monotonic_reads_violations;
    phantom_reads += other.phantom_reads;
    reads_of_open_writes += other.reads_of_open_writes;
    values_corrupt += other.values_corrupt;
    session_lookups += other.session_lookups;
    session_found += other.session_found;
    version_lag_max = std::max(version_lag_max, other.version_lag_max);
    stale_age.merge(other.stale_age);
    ages_at_least += other.ages_at_least;
    stale_by_design += other.stale_by_design;
    stale_by_design_age.merge(other.stale_by_design_age);
    reads_past_bound += other.reads_past_bound;
    contract_violations += other.contract_violations;
}

bool Witness::after_read(Key key, Oracle::Stamp entitlement, Instant began,
                         std::optional<std::string_view> value, bool by_design,
                         Duration slack) {
    Seen seen;
    if (value) {
        seen = seen_in(key, *value);
        if (!seen) {
            ++counts_.values_corrupt;
            return false;
        }
    } else if (!judges_.oracle.can_be_absent(key)) {
        ++counts_.phantom_reads;
        return false;
    }
    const bool is_stale = judge(key, entitlement, began, seen, by_design, slack);
    judge_session(key, seen, is_stale);
    if (judges_.lost_events) {
        judges_.lost_events->note_read(node_, key, is_stale,
                                       seen ? std::optional(seen->invocation) : std::nullopt);
    }
    return is_stale;
}

Seen Witness::seen_in(Key key, std::string_view value) const {
    if (judges_.verifies) return unseal(key, value);
    if (value.size() < Header::size_bytes) return std::nullopt;
    return peek_header(value);
}

bool Witness::judge(Key key, Oracle::Stamp entitlement, Instant began, const Seen& seen,
                    bool by_design, Duration slack) {
    ++counts_.reads_checked;
    const Instant first_write = judges_.first_write.load(std::memory_order_relaxed);
    if (is_past_bound(began - first_write, slack)) ++counts_.reads_past_bound;
    const bool is_fresh = seen && seen->invocation >= entitlement;  // The usual case.
    if (is_fresh && !judges_.oracle.has_trouble()) return false;

    if (judges_.oracle.is_older(key, seen, entitlement)) {
        ++(by_design ? counts_.stale_by_design : counts_.stale_reads);
        measure_age(key, entitlement, began, seen, by_design, slack);
        return true;
    }
    if (seen) {
        switch (judges_.oracle.status_of(*seen)) {
            case Oracle::Status::refused:
                ++counts_.phantom_reads;
                break;
            case Oracle::Status::open:
                ++counts_.reads_of_open_writes;
                --counts_.reads_checked;
                break;
            case Oracle::Status::acknowledged:
            case Oracle::Status::pending:
                break;
        }
    }
    return false;
}

void Witness::measure_age(Key key, Oracle::Stamp entitlement, Instant began, const Seen& seen,
                          bool by_design, Duration slack) {
    // An absence has no acknowledgement any more once another delete has begun.
    const auto acknowledged = judges_.oracle.acknowledged_at(key, seen);
    const auto [age, is_known, missed] =
        acknowledged
            ? judges_.acknowledgements.staleness_of(key, *acknowledged, entitlement, began)
            : Acknowledgements::Staleness{};
    if (is_known) {
        (by_design ? counts_.stale_by_design_age : counts_.stale_age).add(age);
    } else if (!by_design) {
        ++counts_.ages_at_least;
    }
    if (!by_design) counts_.version_lag_max = std::max(counts_.version_lag_max, missed);
    if (is_past_bound(age, slack)) ++counts_.contract_violations;
}

// Its own write was acknowledged before the read began: only a stale read can have missed it.
void Witness::judge_session(Key key, const Seen& seen, bool is_stale) {
    ++counts_.session_lookups;
    if (known_) {
        ++counts_.session_found;
        if (known_->own != 0) {
            ++counts_.read_your_writes_eligible;
            if (is_stale && judges_.oracle.is_older(key, seen, known_->own))
                ++counts_.read_your_writes_violations;
        }
        if (known_->seen != 0) {
            ++counts_.monotonic_reads_eligible;
            if (judges_.oracle.is_older(key, seen, known_->seen))
                ++counts_.monotonic_reads_violations;
        }
    }
    if (seen) judges_.sessions.note_read(session_, key, seen->invocation);
}

Header Witness::before_write(Key key, bool is_delete) {
    judges_.acknowledgements.fetch(key);  // For after_write().
    const Header header = judges_.oracle.begin_write(key, client_);
    if (is_delete) judges_.oracle.begin_delete(key, header);
    return header;
}

void Witness::after_write(Key key, const Header& header, bool is_delete, Instant ended) {
    judges_.acknowledgements.add(key, header.invocation, ended);
    judges_.oracle.acknowledge(key, header, is_delete);
    if (!is_delete) judges_.exposure.note_acknowledged(key, header, ended);
    judges_.sessions.note_write(session_, key, header.invocation);
    Instant first = judges_.first_write.load(std::memory_order_relaxed);
    while (ended < first && !judges_.first_write.compare_exchange_weak(first, ended)) {
    }
    if (judges_.on_acknowledged) judges_.on_acknowledged(key, header, ended);
}

void Witness::after_refusal(Key key, const Header& header, bool is_delete) {
    judges_.oracle.refuse(key, header, is_delete);
}

void Witness::after_silence(Key key, const Header& header, bool is_delete) {
    judges_.oracle.leave_open(key, header, is_delete);
}

}  // namespace stalemark
