// SPDX-License-Identifier: Apache-2.0
// What clients experienced: counts and latencies by kind of operation and by outcome, in all
// and by interval of the run. A Recorder is for one task at a time; several clients share one
// through a SharedRecorder, to which each brings its samples by the batch.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "core/types.h"
#include "measure/histogram.h"
#include "measure/sample.h"

namespace stalemark {

// Of one kind of operation.
struct OperationRecord {
    std::uint64_t count = 0;            // Ended, in whatever way.
    std::uint64_t absent = 0;           // Reads of keys without a value.
    std::vector<Histogram> by_outcome;  // Latencies of those done, by outcome.
    Histogram response;                 // Open loop, of those done: from due to answered.
    Histogram failed_latency;
    Histogram unknown_latency;

    std::uint64_t failed() const { return failed_latency.count(); }
    std::uint64_t unknown() const { return unknown_latency.count(); }
    std::uint64_t done() const { return count - failed() - unknown(); }
    Histogram latency() const;  // Over all outcomes.
    void merge(const OperationRecord& other);
};

// A stretch of the run, for the timeline.
struct Interval {
    std::uint64_t operations = 0;
    std::uint64_t hits = 0;
    std::uint64_t stale_hits = 0;
    std::uint64_t stale_reads = 0;
    Histogram latency;   // Of all operations done.
    Histogram response;  // Open loop, of those done: from due to answered.

    void merge(const Interval& other);
};

// A timeline that has come to so many intervals goes on with half as many, each twice as long.
// Even, so that these begin and end where some of those did.
constexpr std::size_t intervals_most = 480;

// Makes one interval of each two.
template <typename Part, typename Join>
void merge_pairs(std::vector<Part>& parts, Join join) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i % 2 == 1) {
            join(parts[i / 2], parts[i]);
        } else if (i > 0) {
            parts[i / 2] = std::move(parts[i]);
        }
    }
    parts.resize((parts.size() + 1) / 2);
}

class Recorder {
public:
    // `kinds` of operations with `outcome_count` outcomes each, the first ones of
    // core/answer.h. The timeline begins at `began` and has a mark every `interval`, or twice
    // that, or four times ..., so that its intervals stay within intervals_most.
    Recorder(std::size_t kinds, std::size_t outcome_count, Instant began, Duration interval);

    // In any order. An operation counts in the interval in which it ended.
    void add(const Sample& sample);
    void add_dropped(std::uint64_t operations) { dropped_ += operations; }

    // The timeline goes on to this instant. Called once, before merge().
    void finish(Instant ended);

    void merge(const Recorder& other);

    const std::vector<OperationRecord>& kinds() const { return kinds_; }
    const std::vector<Interval>& timeline() const { return timeline_; }
    Duration interval() const { return interval_; }  // Of the timeline as it is now.

    // Of an open loop: how late operations were sent, and of those whose client was free, how
    // late the timer fired.
    const Histogram& slip() const { return slip_; }
    const Histogram& timer_slip() const { return timer_slip_; }
    std::uint64_t dropped() const { return dropped_; }

    std::uint64_t ended() const;  // Operations, in whatever way.
    std::uint64_t done() const;   // Operations that succeeded.

    std::size_t memory_bytes() const;

private:
    Interval& interval_at(Instant ended);
    void double_interval();

    std::vector<OperationRecord> kinds_;
    Histogram slip_;
    Histogram timer_slip_;
    std::uint64_t dropped_ = 0;

    Instant began_;
    Duration interval_;
    std::vector<Interval> timeline_;
};

// Of several clients at once.
class SharedRecorder {
public:
    explicit SharedRecorder(Recorder recorder) : recorder_(std::move(recorder)) {}

    void add(std::span<const Sample> samples) {
        const std::lock_guard lock(guard_);
        for (const Sample& sample : samples) recorder_.add(sample);
    }

    // Requires: no client adds any more.
    Recorder& recorder() { return recorder_; }

private:
    std::mutex guard_;
    Recorder recorder_;
};

// One client's samples until there is a batch of them, so that clients seldom meet at their
// recorder.
class SampleBatch {
public:
    // Where the next sample is to be written, in every member; then added() takes it. (A sample
    // that is put together elsewhere and copied costs 5 to 14 ns: a processor waits where it
    // reads in wide pieces what it has just written in narrow ones.)
    Sample& next() { return samples_[size_]; }

    void added(SharedRecorder& to) {
        if (++size_ == samples_.size()) hand_over(to);
    }

    void hand_over(SharedRecorder& to) {
        to.add(std::span(samples_).first(size_));
        size_ = 0;
    }

private:
    std::array<Sample, 64> samples_;
    std::size_t size_ = 0;
};

}  // namespace stalemark
