// SPDX-License-Identifier: Apache-2.0
// Finds out from the numbers of one publisher's events which of them are missing.
//
// An event is missed once a later one, or a heartbeat, shows that it was published. It may only
// be late: a gap is declared when it has not closed within a grace. What comes after all, and
// what was declared wrongly, is recognised as such; so is what came before.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/types.h"

namespace stalemark {

// What an event turns out to be when it arrives.
enum class Receipt : std::uint8_t {
    expected,   // The first time, and nobody had given it up.
    given_up,   // The first time, but its gap had been declared: a false alarm.
    recovered,  // As given_up, but it has been had from elsewhere meanwhile.
    duplicate,  // It was here before.
    forgotten,  // Too old to tell; the safe thing is to take it for new.
};

// Events with the numbers first .. last.
struct Gap {
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    std::uint64_t size() const { return last - first + 1; }
    bool operator==(const Gap&) const = default;
};

class GapDetector {
public:
    // Remembers at least so many gaps that were declared, the newest ones. The first event
    // expected is number 1.
    explicit GapDetector(Duration grace, std::size_t remembered = 1'024)
        : grace_(grace), remembered_(remembered) {}

    Receipt arrived(std::uint64_t sequence, Instant now);

    // The publisher has published as many as this.
    void heard_of(std::uint64_t newest, Instant now);

    // When the next gap is to be declared; nothing if there is none.
    std::optional<Instant> next_deadline() const;

    // Declares the gaps whose grace is over, each once. `is_over` answers for each deadline.
    std::vector<Gap> declare(const std::function<bool(Instant)>& is_over);

    // Closes a declared gap by an event had from elsewhere. False: it is not missing.
    bool recover(std::uint64_t sequence);

private:
    enum class State : std::uint8_t { open, declared, recovered };

    // A run of events that did not arrive; its first number is the key of the map.
    struct Run {
        std::uint64_t last;
        Instant deadline;
        State state;
    };
    using Runs = std::map<std::uint64_t, Run>;

    Runs::const_iterator first_open() const;
    Runs::const_iterator find(std::uint64_t sequence) const;
    Run cut(Runs::const_iterator at, std::uint64_t sequence);
    void forget();

    const Duration grace_;
    const std::size_t remembered_;
    std::uint64_t newest_ = 0;     // Known to be published.
    std::uint64_t forgotten_ = 0;  // Nothing is known of the events up to this one.

    // Deadlines grow with the numbers, so the open ones are the last ones.
    Runs missing_;
};

}  // namespace stalemark
