// SPDX-License-Identifier: Apache-2.0
// The judge of tier 1: when the writes of each key were acknowledged, so that a stale read can
// be given its age.
//
// The age is how long, at least, the returned value had been replaced when the read began: the
// time since the first acknowledgement of a write that it is definitely older than. Which
// writes those are is told by the oracle's stamps; clocks only measure.
//
// Every key that was written has a log. The older an acknowledgement is, the more of its
// neighbours are left out: an age is told within 1% whatever the length of the run, and a log
// stays within some thousand entries. All logs together stay within a budget; beyond it the
// oldest acknowledgements are forgotten, and what is older than they were has a least age only.
//
// Any number of threads may use it at once.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "core/types.h"

namespace stalemark {

class Acknowledgements {
public:
    // Of all logs together. Beside it there are 4 bytes a key.
    static constexpr std::uint64_t default_budget_bytes = std::uint64_t{64} << 20;

    explicit Acknowledgements(std::uint64_t keys,
                              std::uint64_t budget_bytes = default_budget_bytes);

    // Begins to bring near the processor what add() touches first.
    [[gnu::always_inline]] void fetch(Key key) const {
        __builtin_prefetch(&place_of_[index_of(key)]);
    }

    // A write was acknowledged at `when`. Called before the oracle is told, so that every read
    // that is entitled to the write finds it here.
    void add(Key key, std::uint32_t invocation, Instant when);

    struct Staleness {
        Duration age{0};        // The read was at least so much out of date...
        bool is_known = false;  // ...and at most 1% more.

        // Acknowledged writes that the one seen is definitely older than, up to the newest: at
        // least so many, and exactly while none of the key's is left out.
        std::uint64_t missed = 0;
    };

    // Of a stale read that began at `began`, was entitled to the write invoked at stamp
    // `newest`, and returned a value whose write was acknowledged at the earlier stamp `seen`.
    Staleness staleness_of(Key key, std::uint32_t seen, std::uint32_t newest,
                           Instant began) const;

    // Memory in use.
    std::uint64_t bytes() const;

private:
    // One acknowledged write; in a log they are in the order of their invocations.
    struct Entry {
        std::uint32_t invocation;
        std::uint32_t number;  // Of acknowledged writes invoked up to here, itself included.
        Instant first;         // Acknowledgement of all that were invoked from here on.
    };
    struct Log {
        std::uint32_t key = 0;
        std::uint32_t forgotten = 0;  // The largest invocation that was forgotten; 0: none.
        std::vector<Entry> entries;   // Never empty, but in a log that no key has.
    };
    struct alignas(64) Stripe {  // Of the keys.
        mutable std::mutex guard;
        std::vector<Log> logs;
        std::vector<std::uint32_t> free_logs;
        std::uint64_t bytes = 0;
        Instant forgotten_until{0};  // Nothing later was forgotten.
    };

    static constexpr std::size_t stripe_bits = 6;

    static std::size_t stripe_number(Key key) {
        return (index_of(key) * 0x9e3779b97f4a7c15) >> (64 - stripe_bits);
    }
    // Of a key: nothing, the number of its log in its stripe, or, where all of that was
    // forgotten, `forgotten_mark` and the largest invocation.
    using Place = std::uint32_t;
    static constexpr Place no_log = 0;
    static constexpr Place forgotten_mark = Place{1} << 31;
    static constexpr Place forgotten_most = forgotten_mark - 1;

    static void insert(Log& log, std::uint32_t invocation, Instant when);
    static void make_room(Stripe& stripe, std::vector<Entry>& entries, Instant now);
    static void thin(std::vector<Entry>& entries, Instant now);
    static std::uint32_t take_log(Stripe& stripe);
    void forget_oldest(Stripe& stripe);
    void forget(Stripe& stripe, Log& log, std::vector<Entry>::iterator end);

    const std::uint64_t stripe_budget_bytes_;
    std::vector<Place> place_of_;
    std::array<Stripe, std::size_t{1} << stripe_bits> stripes_;
};

}  // namespace stalemark
