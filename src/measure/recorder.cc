// SPDX-License-Identifier: Apache-2.0
#include "measure/recorder.h"

namespace stalemark {

Histogram OperationRecord::latency() const {
    Histogram all;
    for (const Histogram& histogram : by_outcome) all.merge(histogram);
    return all;
}

void OperationRecord::merge(const OperationRecord& other) {
    count += other.count;
    absent += other.absent;
    for (std::size_t i = 0; i < by_outcome.size(); ++i)
        by_outcome[i].merge(other.by_outcome[i]);
    response.merge(other.response);
    failed_latency.merge(other.failed_latency);
    unknown_latency.merge(other.unknown_latency);
}

void Interval::merge(const Interval& other) {
    operations += other.operations;
    hits += other.hits;
    stale_hits += other.stale_hits;
    stale_reads += other.stale_reads;
    latency.merge(other.latency);
    response.merge(other.response);
}

Recorder::Recorder(std::size_t kinds, std::size_t outcome_count, Instant began,
                   Duration interval)
    : kinds_(kinds), began_(began), interval_(interval) {
    for (OperationRecord& record : kinds_) record.by_outcome.resize(outcome_count);
}

void Recorder::add(const Sample& sample) {
    OperationRecord& record = kinds_[sample.kind];
    Interval& interval = interval_at(sample.ended);
    ++record.count;
    ++interval.operations;
    if (sample.is_absent) ++record.absent;
    if (sample.is_stale) ++interval.stale_reads;
    if (sample.is_open_loop) {
        slip_.add(sample.lateness.slip);
        if (sample.lateness.is_timers) timer_slip_.add(sample.lateness.slip);
    }
    if (sample.ending != Ending::done) {
        const bool is_failed = sample.ending == Ending::failed;
        (is_failed ? record.failed_latency : record.unknown_latency).add(sample.latency);
        return;
    }
    record.by_outcome[static_cast<std::size_t>(sample.outcome)].add(sample.latency);
    interval.latency.add(sample.latency);
    if (sample.outcome == Outcome::hit) ++interval.hits;
    if (sample.outcome == Outcome::stale_hit) ++interval.stale_hits;
    if (sample.is_open_loop) {
        record.response.add(sample.response());
        interval.response.add(sample.response());
    }
}

Interval& Recorder::interval_at(Instant ended) {
    auto place = static_cast<std::size_t>((ended - began_) / interval_);
    while (place >= intervals_most) {
        double_interval();
        place = static_cast<std::size_t>((ended - began_) / interval_);
    }
    if (timeline_.size() <= place) timeline_.resize(place + 1);
    return timeline_[place];
}

void Recorder::double_interval() {
    merge_pairs(timeline_, [](Interval& to, const Interval& from) { to.merge(from); });
    interval_ *= 2;
}

void Recorder::finish(Instant ended) { interval_at(ended); }

void Recorder::merge(const Recorder& other) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) kinds_[i].merge(other.kinds_[i]);
    slip_.merge(other.slip_);
    timer_slip_.merge(other.timer_slip_);
    dropped_ += other.dropped_;
    while (interval_ < other.interval_) double_interval();
    const auto each = static_cast<std::size_t>(interval_ / other.interval_);
    const std::size_t parts = (other.timeline_.size() + each - 1) / each;
    if (timeline_.size() < parts) timeline_.resize(parts);
    for (std::size_t i = 0; i < other.timeline_.size(); ++i)
        timeline_[i / each].merge(other.timeline_[i]);
}

std::uint64_t Recorder::ended() const {
    std::uint64_t sum = 0;
    for (const OperationRecord& record : kinds_) sum += record.count;
    return sum;
}

std::uint64_t Recorder::done() const {
    std::uint64_t sum = 0;
    for (const OperationRecord& record : kinds_) sum += record.done();
    return sum;
}

std::size_t Recorder::memory_bytes() const {
    std::size_t bytes = slip_.memory_bytes() + timer_slip_.memory_bytes();
    for (const OperationRecord& record : kinds_) {
        for (const Histogram& histogram : record.by_outcome) bytes += histogram.memory_bytes();
        bytes += record.response.memory_bytes() + record.failed_latency.memory_bytes() +
                 record.unknown_latency.memory_bytes();
    }
    for (const Interval& interval : timeline_) {
        bytes += sizeof interval + interval.latency.memory_bytes() +
                 interval.response.memory_bytes();
    }
    return bytes;
}

}  // namespace stalemark
