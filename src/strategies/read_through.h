// SPDX-License-Identifier: Apache-2.0
// Read-through: the cache itself loads what it lacks, one load per key at a time.
//
// Strength: a hundred readers of one missing key cost the store one read.
// Hazard: that load is not ordered with writers, so it may still cache an old value after a
// write; and the readers who wait for it wait as long as it takes.

#pragma once

#include "runtime/key_mutexes.h"
#include "strategies/strategy.h"

namespace stalemark {

class ReadThrough final : public Strategy {
public:
    explicit ReadThrough(const Parts& parts) : Strategy(parts), loading_(runtime) {}

    Result<Answer> read(Key key) override {
        auto cached = find(key);
        if (cached) return answer_of(std::move(*cached));

        const KeyMutexes::Lock one_load_a_key(loading_, key);
        auto loaded = find_again(key, cached.error());
        if (loaded) {
            const Outcome outcome = loaded->is_stale ? Outcome::stale_hit : Outcome::wait;
            return Answer{std::move(loaded->row), outcome, loaded->slack};
        }
        return load(key, loaded.error());
    }

    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        return change(key, bytes, [&](const Result<Row>& stored) { invalidate(key, stored); });
    }

private:
    KeyMutexes loading_;
};

}  // namespace stalemark
