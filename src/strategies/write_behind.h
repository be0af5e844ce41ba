// SPDX-License-Identifier: Apache-2.0
// Write-behind (write-back): a write is acknowledged once it is queued and cached; the store
// gets it later.
//
// Strength: the fastest writes, and repeated writes to one key cost the store one.
// Hazard: a crash loses every acknowledged write that is still queued, and a read of the store
// itself returns an old value. A slow reader's fill may still hide a newer cached value. A
// batch of unknown outcome is sent again: if the first one was only slow, it may overwrite a
// newer value.

#pragma once

#include "runtime/key_mutexes.h"
#include "strategies/strategy.h"
#include "strategies/write_queue.h"

namespace stalemark {

class WriteBehind final : public Strategy {
public:
    explicit WriteBehind(const Parts& parts)
        : Strategy(parts), writing_(runtime), queue_(runtime, store, settings) {
        spare_from_reloads([this](Key key) { return queue_.find(key).has_value(); });
    }

    Result<Answer> read(Key key) override {
        auto cached = find(key);
        if (cached) return answer_of(std::move(*cached));
        if (settings.looks_into_queue) {
            if (auto queued = queue_.find(key))
                return Answer{Row{.bytes = queued->bytes}, Outcome::hit};
        }
        return load(key, cached.error());
    }

    // Two writers of one key must not queue in one order and cache in the other.
    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        const Guard::Held held = hold_change(key);
        const KeyMutexes::Lock one_writer_a_key(writing_, key);
        const auto queued = queue_.add(key, bytes);
        if (!queued) return queued;
        forget(key);
        update(key, Row{.bytes = bytes});
        return {};
    }

    std::optional<QueueCounts> queue_counts() const override { return queue_.counts(); }
    void forget_peaks() override { queue_.forget_peaks(); }

private:
    void finish() override { queue_.drain(std::chrono::seconds(10)); }

    KeyMutexes writing_;
    WriteQueue queue_;
};

}  // namespace stalemark
