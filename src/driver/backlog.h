// SPDX-License-Identifier: Apache-2.0
// How far behind the clients of one node are with the operations that have come due in an open
// loop, and whether they fall further behind.

#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "core/types.h"

namespace stalemark {

class Backlog {
public:
    explicit Backlog(Instant began) : began_(began), free_until_(began), next_sample_(began) {}

    // A client was free before the next operation was due, and is until then.
    void note_met(Instant due) {
        free_until_ = std::max(free_until_, due);
        samples_.clear();
    }

    // A client became free when the next operation had been due for so long.
    void note_late(Instant now, Duration late) {
        if (!samples_.empty() && now < last_.when)
            return;  // Another client was here meanwhile.
        last_ = {now, late};
        if (now < next_sample_) return;
        samples_.push_back(last_);
        next_sample_ = now + (now - began_) / samples_per_doubling;
    }

    // Whether all clients were busy throughout the second half of the time from the beginning
    // to `ended`, and the next operation had been due for longer at its end than in its middle.
    // `first_left`: when the first operation was due that no client took; nothing: all were
    // taken.
    bool has_grown(Instant ended, std::optional<Instant> first_left) const {
        const Instant middle = began_ + (ended - began_) / 2;
        if (free_until_ >= middle) return false;
        const Duration at_the_end = first_left ? ended - *first_left : last_.late;
        const auto sample = std::ranges::lower_bound(samples_, middle, {},
                                                     [](const Late& one) { return one.when; });
        if (sample == samples_.end()) return first_left.has_value();  // None was taken since.
        return at_the_end > sample->late;
    }

private:
    struct Late {
        Instant when{0};
        Duration late{0};
    };

    // Samples lie the further apart the later they are, so that there are some hundred.
    static constexpr int samples_per_doubling = 64;

    Instant began_;
    Instant free_until_;
    Instant next_sample_;
    Late last_;
    std::vector<Late> samples_;  // Since a client was free, by time.
};

}  // namespace stalemark
