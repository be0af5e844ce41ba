// The judge of tier 1: for a sample of the keys, when each write was acknowledged, so that a
// stale read can be given its exact age.
//
// The age is how long, at least, the returned value had been replaced when the read began: the
// time since the first acknowledgement of a write that it is definitely older than. Which
// writes those are is told by the oracle's stamps; clocks only measure.

#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/types.h"

namespace stalemark {

class Acknowledgements {
public:
    // Samples every key of a small key space, else one of eight by hash and the first 64.
    explicit Acknowledgements(std::uint64_t keys);

    bool is_sampled(Key key) const { return log_of_[index_of(key)] != 0; }

    // A write of a sampled key was acknowledged at `when`. Called before the oracle is told, so
    // that whoever is entitled to the write finds it here.
    void add(Key key, std::uint32_t invocation, Instant when);

    struct Staleness {
        Duration age;
        std::uint64_t versions;  // Acknowledged writes missed.
    };

    // Of a read of a sampled key that began at `began` and returned a value whose write was
    // acknowledged at stamp `seen`; nothing if no later write is known. Counting versions is
    // slow: it is left out, and 0, if there cannot be more than `versions_known`.
    std::optional<Staleness> staleness_of(Key key, std::uint32_t seen, Instant began,
                                          std::uint64_t versions_known) const;

private:
    struct Entry {
        std::uint32_t invocation;
        std::uint32_t largest;  // Invocation so far.
        Instant when;
    };
    struct Log {
        mutable std::mutex guard;
        std::vector<Entry> entries;  // In order of acknowledgement.
    };

    std::vector<std::uint32_t> log_of_;  // Number of the key's log from 1 on; 0: not sampled.
    std::unique_ptr<Log[]> logs_;
};

}  // namespace stalemark
