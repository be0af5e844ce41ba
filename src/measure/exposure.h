// SPDX-License-Identifier: Apache-2.0
// Acknowledged writes that a crash would lose, at every moment, without any crash.
//
// A write is exposed from its acknowledgement until the store holds a value that is not
// definitely older than it. A strategy that writes the store before it acknowledges scores
// exactly zero.
//
// Any number of threads may use it at once.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/header.h"
#include "core/types.h"
#include "measure/exposed_writes.h"
#include "measure/oracle.h"

namespace stalemark {

class Exposure {
public:
    Exposure(const Oracle& oracle, std::uint64_t keys);

    // The store has made this write durable, as far as the run's store setting says. A write
    // that is not acknowledged yet may be told of later than that, and later than one that
    // replaced it, where no write is acknowledged before it is stored: nothing is exposed then.
    void note_stored(Key key, const Header& header, Instant now);

    // The store has made a delete durable: no write of the key can be lost any more but one
    // that began after every delete was acknowledged. A delete itself carries no header and is
    // not counted.
    void note_deleted(Key key, Instant now);

    // The write was acknowledged, after the oracle was told.
    void note_acknowledged(Key key, const Header& header, Instant now);

    // The figures below begin anew, with what is exposed now: the end of a warm-up.
    void forget_peaks();

    std::uint64_t writes_now() const { return exposed_.load(); }
    std::uint64_t writes_max() const { return exposed_max_.load(); }

    // Without the writes that are exposed.
    std::size_t memory_bytes() const {
        return keys_ * sizeof(stored_[0]) + shards * sizeof(Shard);
    }

    // The longest time a write was exposed, those included that still are at `now`.
    Duration age_max(Instant now) const;

private:
    struct Shard {
        mutable std::mutex guard;
        std::unordered_map<Key, ExposedWrites> exposed;
        Duration age_max{0};
    };

    static constexpr std::size_t shards = 64;
    Shard& shard_of(Key key) { return shards_[index_of(key) % shards]; }
    bool is_safe(Key key, Oracle::Stamp invocation) const;
    void note_held(Key key, std::uint64_t packed, Instant now);

    const Oracle& oracle_;
    const std::uint64_t keys_;
    // Session and sequence of the write that the store holds of each key, packed, or that it
    // holds none.
    std::unique_ptr<std::atomic<std::uint64_t>[]> stored_;
    std::vector<Shard> shards_;
    std::atomic<std::uint64_t> exposed_ = 0;
    std::atomic<std::uint64_t> exposed_max_ = 0;
};

}  // namespace stalemark
