// How far behind the clients of one node are with the operations that have come due in an open
// loop, and whether they fall further behind.

#pragma once

#include <algorithm>
#include <vector>

#include "core/types.h"

namespace stalemark {

class Backlog {
public:
    explicit Backlog(Instant began) : began_(began), last_met_(began), next_sample_(began) {}

    // A client was free before the next operation was due.
    void note_met(Instant now) {
        last_met_ = now;
        samples_.clear();
    }

    // A client became free when the next operation had been due for so long.
    void note_late(Instant now, Duration late) {
        last_ = {now, late};
        if (now < next_sample_) return;
        samples_.push_back(last_);
        next_sample_ = now + (now - began_) / samples_per_doubling;
    }

    // Whether all clients were busy throughout the second half of the time from the beginning
    // to `ended`, and further behind at its end than in its middle. `has_dropped`: whether
    // operations had come due by the end that no client took.
    bool has_grown(Instant ended, bool has_dropped) const {
        const Instant middle = began_ + (ended - began_) / 2;
        if (last_met_ >= middle) return false;
        const auto sample = std::ranges::lower_bound(samples_, middle, {},
                                                     [](const Late& one) { return one.when; });
        if (sample == samples_.end()) return has_dropped;  // They took none since.
        return last_.late > sample->late;
    }

private:
    struct Late {
        Instant when{0};
        Duration late{0};
    };

    // Samples lie the further apart the later they are, so that there are some hundred.
    static constexpr int samples_per_doubling = 64;

    Instant began_;
    Instant last_met_;
    Instant next_sample_;
    Late last_;
    std::vector<Late> samples_;  // Since last_met_, by time.
};

}  // namespace stalemark
