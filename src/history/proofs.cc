// SPDX-License-Identifier: Apache-2.0
#include "history/proofs.h"

#include <algorithm>
#include <initializer_list>

namespace stalemark {
namespace {

// The lesser; of one that has no bound, the other.
std::optional<HistoryTime> lesser(std::optional<HistoryTime> one,
                                  std::optional<HistoryTime> other) {
    if (!one || !other) return one ? one : other;
    return std::min(*one, *other);
}

Anomaly anomaly_of(AnomalyClass kind, HistoryTime extent,
                   std::initializer_list<HistoryOperation> operations) {
    const HistoryOperation& read = *(operations.end() - 1);
    Anomaly anomaly{.kind = kind, .key = read.key, .extent = extent};
    for (const HistoryOperation& operation : operations) {
        const bool is_the_read = operation.line == read.line && operation.is_read();
        if (!is_the_read) anomaly.show(operation);
    }
    anomaly.show(read);
    return anomaly;
}

}  // namespace

Anomaly stale_read(const HistoryOperation& write, const HistoryOperation& replacement,
                   const HistoryOperation& read) {
    const HistoryTime age = read.began - replacement.ended;
    Anomaly anomaly = anomaly_of(AnomalyClass::stale_read, age, {write, replacement, read});
    anomaly.delta = age;
    anomaly.gamma = lesser(age, time_between(write.ended, replacement.began));
    return anomaly;
}

Anomaly phantom_read(const HistoryOperation& read) {
    return anomaly_of(AnomalyClass::phantom_read, 0, {read});
}

Anomaly conflict_with(const OpenVersion& version, const ForgottenZone& other,
                      const HistoryOperation& read) {
    const HistoryOperation& first = read.ended < version.first_ended ? read : version.first;
    const HistoryOperation& last = read.began > version.last_began ? read : version.last;
    const auto from_this = time_between(first.ended, other.last.began);
    const auto from_other = time_between(other.first.ended, last.began);
    Anomaly anomaly =
        anomaly_of(AnomalyClass::order, 0, {first, other.last, other.first, last, read});
    anomaly.gamma = lesser(from_this, from_other);
    anomaly.extent = anomaly.gamma.value_or(after_history);
    std::optional<HistoryTime> delta;
    if (version.write.began <= other.first.ended) delta = from_other;
    if (other.write_began <= first.ended) delta = lesser(delta, from_this);
    anomaly.delta = delta;
    return anomaly;
}

bool is_doubtful(const Anomaly& anomaly) {
    return std::ranges::any_of(anomaly.certificate(), [](const HistoryOperation& operation) {
        return operation.is_assigned;
    });
}

std::optional<Anomaly> own_write_missed(const SessionView& view, const HistoryOperation& write,
                                        const HistoryOperation& read) {
    // A client's operations are in order even if one ended at the very instant at which the
    // next began.
    if (write.ended >= view.own_began || view.own_ended > read.began) return std::nullopt;
    return anomaly_of(AnomalyClass::read_your_writes, read.began - view.own_ended,
                      {write, view.own(), read});
}

std::optional<Anomaly> earlier_read_missed(const SessionView& view,
                                           const HistoryOperation& write,
                                           const HistoryOperation& read) {
    if (write.ended >= view.seen_began || view.read_ended > read.began) return std::nullopt;
    return anomaly_of(AnomalyClass::monotonic_reads, read.began - view.read_ended,
                      {write, view.seen(), view.read(), read});
}

}  // namespace stalemark
