// SPDX-License-Identifier: Apache-2.0
#include "events/gap_detector.h"

#include <algorithm>
#include <iterator>

namespace stalemark {

Receipt GapDetector::arrived(std::uint64_t sequence, Instant now) {
    if (sequence > newest_) {
        heard_of(sequence - 1, now);
        newest_ = sequence;
        return Receipt::expected;
    }
    if (sequence <= forgotten_) return Receipt::forgotten;
    const auto run = find(sequence);
    if (run == missing_.end()) return Receipt::duplicate;
    switch (cut(run, sequence).state) {
        case State::open:
            return Receipt::expected;
        case State::declared:
            return Receipt::given_up;
        case State::recovered:
            break;
    }
    return Receipt::recovered;
}

void GapDetector::heard_of(std::uint64_t newest, Instant now) {
    if (newest <= newest_) return;
    missing_.emplace_hint(missing_.end(), newest_ + 1, Run{newest, now + grace_, State::open});
    newest_ = newest;
}

GapDetector::Runs::const_iterator GapDetector::first_open() const {
    auto first = missing_.end();
    while (first != missing_.begin() && std::prev(first)->second.state == State::open) --first;
    return first;
}

std::optional<Instant> GapDetector::next_deadline() const {
    const auto first = first_open();
    if (first == missing_.end()) return std::nullopt;
    return first->second.deadline;
}

std::vector<Gap> GapDetector::declare(const std::function<bool(Instant)>& is_over) {
    std::vector<Gap> gaps;
    for (auto run = first_open(); run != missing_.end() && is_over(run->second.deadline);
         ++run) {
        missing_.at(run->first).state = State::declared;
        gaps.push_back({run->first, run->second.last});
    }
    forget();
    return gaps;
}

bool GapDetector::recover(std::uint64_t sequence) {
    if (sequence <= forgotten_) return true;
    const auto run = find(sequence);
    if (run == missing_.end() || run->second.state != State::declared) return false;
    const Instant deadline = cut(run, sequence).deadline;
    missing_[sequence] = {sequence, deadline, State::recovered};
    forget();
    return true;
}

// The run that this event is part of.
GapDetector::Runs::const_iterator GapDetector::find(std::uint64_t sequence) const {
    const auto after = missing_.upper_bound(sequence);
    if (after == missing_.begin()) return missing_.end();
    const auto before = std::prev(after);
    return before->second.last < sequence ? missing_.end() : before;
}

// Takes this event out of the run that it is part of.
GapDetector::Run GapDetector::cut(Runs::const_iterator at, std::uint64_t sequence) {
    const auto [first, run] = *at;
    missing_.erase(at);
    if (first < sequence) missing_[first] = {sequence - 1, run.deadline, run.state};
    if (sequence < run.last) missing_[sequence + 1] = run;
    return run;
}

void GapDetector::forget() {
    while (missing_.size() > remembered_ && missing_.begin()->second.state != State::open) {
        forgotten_ = missing_.begin()->second.last;
        missing_.erase(missing_.begin());
    }
}

}  // namespace stalemark
