// What one client experienced: counts and latencies by kind of operation and by outcome, in all
// and by interval of the run. Merged over the clients when they have ended; not for two at
// once.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/types.h"
#include "measure/histogram.h"

namespace stalemark {

// How an operation ended; see contract of Result.
enum class Ending : std::uint8_t { done, failed, unknown };

// Of one kind of operation.
struct OperationRecord {
    std::uint64_t count = 0;  // Ended, in whatever way.
    std::uint64_t failed = 0;
    std::uint64_t unknown = 0;
    std::uint64_t absent = 0;           // Reads of keys without a value.
    std::vector<Histogram> by_outcome;  // Of those done, by outcome: from sent to answered.
    Histogram response;                 // Open loop: from due to answered.

    Histogram latency() const;  // Over all outcomes.
    void merge(const OperationRecord& other);
};

// A stretch of the run, for the timeline.
struct Interval {
    std::uint64_t operations = 0;
    std::uint64_t hits = 0;
    std::uint64_t stale_hits = 0;
    std::uint64_t stale_reads = 0;
    Histogram latency;   // Of all operations done: from sent to answered.
    Histogram response;  // Open loop: from due to answered.

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

    void add_done(std::size_t kind, std::size_t outcome, Instant began, Instant ended) {
        if (ended >= mark_) advance(ended);
        OperationRecord& record = kinds_[kind];
        ++record.count;
        record.by_outcome[outcome].add(ended - began);
    }
    void add_trouble(std::size_t kind, Ending ending, Instant ended);
    // Of an operation that was added just before.
    void add_absent(std::size_t kind) { ++kinds_[kind].absent; }
    void add_stale() { ++stale_reads_; }
    // Likewise, of one done: it counts in the interval in which the operation ended.
    void add_response(std::size_t kind, Duration response) {
        kinds_[kind].response.add(response);
    }
    void add_slip(Duration slip) { slip_.add(slip); }
    void add_dropped(std::uint64_t operations) { dropped_ += operations; }

    // Closes the open interval. Called once, before merge().
    void finish(Instant ended);

    void merge(const Recorder& other);

    const std::vector<OperationRecord>& kinds() const { return kinds_; }
    const std::vector<Interval>& timeline() const { return timeline_; }
    Duration interval() const { return interval_; }  // Of the timeline as it is now.
    const Histogram& slip() const { return slip_; }
    std::uint64_t dropped() const { return dropped_; }
    std::uint64_t completed() const;

private:
    void advance(Instant now);
    void close_interval();
    void double_interval();

    std::vector<OperationRecord> kinds_;
    Histogram slip_;  // Open loop: how late operations were sent.
    std::uint64_t dropped_ = 0;
    std::uint64_t stale_reads_ = 0;

    Duration interval_;
    Instant mark_;  // When the open interval ends.
    std::vector<Interval> timeline_;
    Interval so_far_;  // Sums at the last mark: an interval is the difference of two.
};

}  // namespace stalemark
