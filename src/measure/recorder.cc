#include "measure/recorder.h"

#include "core/answer.h"

namespace stalemark {
namespace {

std::uint64_t number_of(const OperationRecord& record, Outcome outcome) {
    const auto place = static_cast<std::size_t>(outcome);
    return place < record.by_outcome.size() ? record.by_outcome[place].count() : 0;
}

}  // namespace

Histogram OperationRecord::latency() const {
    Histogram all;
    for (const Histogram& histogram : by_outcome) all.merge(histogram);
    return all;
}

void OperationRecord::merge(const OperationRecord& other) {
    count += other.count;
    failed += other.failed;
    unknown += other.unknown;
    absent += other.absent;
    for (std::size_t i = 0; i < by_outcome.size(); ++i)
        by_outcome[i].merge(other.by_outcome[i]);
    response.merge(other.response);
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
    : kinds_(kinds), interval_(interval), mark_(began + interval) {
    for (OperationRecord& record : kinds_) record.by_outcome.resize(outcome_count);
}

void Recorder::add_trouble(std::size_t kind, Ending ending, Instant ended) {
    if (ended >= mark_) advance(ended);
    ++kinds_[kind].count;
    ++(ending == Ending::failed ? kinds_[kind].failed : kinds_[kind].unknown);
}

void Recorder::advance(Instant now) {
    while (mark_ <= now) {
        close_interval();
        if (timeline_.size() == intervals_most) double_interval();
        mark_ += interval_;
    }
}

void Recorder::close_interval() {
    Interval sums;
    for (const OperationRecord& record : kinds_) {
        sums.operations += record.count;
        sums.hits += number_of(record, Outcome::hit);
        sums.stale_hits += number_of(record, Outcome::stale_hit);
        sums.latency.merge(record.latency());
        sums.response.merge(record.response);
    }
    sums.stale_reads = stale_reads_;
    timeline_.push_back({.operations = sums.operations - so_far_.operations,
                         .hits = sums.hits - so_far_.hits,
                         .stale_hits = sums.stale_hits - so_far_.stale_hits,
                         .stale_reads = sums.stale_reads - so_far_.stale_reads,
                         .latency = sums.latency.since(so_far_.latency),
                         .response = sums.response.since(so_far_.response)});
    so_far_ = std::move(sums);
}

void Recorder::double_interval() {
    merge_pairs(timeline_, [](Interval& to, const Interval& from) { to.merge(from); });
    interval_ *= 2;
}

void Recorder::finish(Instant ended) {
    advance(ended);
    close_interval();
}

void Recorder::merge(const Recorder& other) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) kinds_[i].merge(other.kinds_[i]);
    slip_.merge(other.slip_);
    dropped_ += other.dropped_;
    stale_reads_ += other.stale_reads_;
    while (interval_ < other.interval_) double_interval();
    const auto each = static_cast<std::size_t>(interval_ / other.interval_);
    const std::size_t parts = (other.timeline_.size() + each - 1) / each;
    if (timeline_.size() < parts) timeline_.resize(parts);
    for (std::size_t i = 0; i < other.timeline_.size(); ++i)
        timeline_[i / each].merge(other.timeline_[i]);
}

std::uint64_t Recorder::completed() const {
    std::uint64_t sum = 0;
    for (const OperationRecord& record : kinds_) sum += record.count;
    return sum;
}

}  // namespace stalemark
