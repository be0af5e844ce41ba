// SPDX-License-Identifier: Apache-2.0
// What was asked of the store in each interval of the timeline, whose intervals double as those
// of a Recorder do.

#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "measure/recorder.h"

namespace stalemark {

// What was asked of the store up to the end of an interval.
struct StoreMark {
    // In the measured part; nothing: nobody looked in time.
    std::optional<std::uint64_t> reads;
    // Of one key, since the mark before.
    std::uint64_t concurrent_reads_max = 0;
};

class StoreMarks {
public:
    explicit StoreMarks(Duration interval) : interval_(interval) {}

    // To be told of every end of an interval, with the time since the start. Asks `take` for
    // the mark if an interval has ended since the last call; one that is told of too late for
    // several tells of the last alone.
    void note(Duration elapsed, const std::function<StoreMark()>& take) {
        while (std::cmp_less(marks_.size(), elapsed / interval_)) {
            const bool is_last = std::cmp_equal(marks_.size() + 1, elapsed / interval_);
            marks_.push_back(is_last ? take() : StoreMark());
            if (marks_.size() == intervals_most) double_interval();
        }
    }

    // At the end of the measured part, with its `last` mark: as many as the timeline has.
    void finish(const Recorder& recorder, const StoreMark& last) {
        while (interval_ < recorder.interval()) {
            if (marks_.size() % 2 == 1) marks_.emplace_back();
            double_interval();
        }
        marks_.resize(recorder.timeline().size());
        marks_.back() = last;
    }

    std::span<const StoreMark> all() const { return marks_; }

private:
    void double_interval() {
        merge_pairs(marks_, [](StoreMark& to, const StoreMark& from) {
            to.reads = from.reads;
            to.concurrent_reads_max =
                std::max(to.concurrent_reads_max, from.concurrent_reads_max);
        });
        interval_ *= 2;
    }

    Duration interval_;
    std::vector<StoreMark> marks_;
};

}  // namespace stalemark
