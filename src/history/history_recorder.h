// SPDX-License-Identifier: Apache-2.0
// Gathers the operations of a run on the keys of a sample, from all clients, and passes them on
// in the order in which they began: to a file, to a judge, or both.
//
// An operation is passed on when every operation that is under way began later, so that as many
// are held as end during the longest. Where that would be more than a bound, the rest is
// counted as lost.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/header.h"
#include "core/types.h"
#include "history/history_checker.h"
#include "history/history_writer.h"
#include "history/key_sample.h"

namespace stalemark {

class HistoryRecorder {
public:
    // `preloaded`: keys from this on have no value at first, the others version 0.
    // `writer`, `checker`: either may be nullptr. `held_most`: operations.
    HistoryRecorder(KeySample sample, std::uint64_t preloaded, std::uint32_t clients,
                    HistoryWriter* writer, HistoryChecker* checker,
                    std::size_t held_most = std::size_t{1} << 20);

    bool follows(Key key) const { return sample_.contains(key); }
    const KeySample& sample() const { return sample_; }

    // Before a client reads the clock to begin an operation on a key of the sample. `earlier`:
    // an instant that it has read before, or 0.
    void begin(std::uint32_t client, Instant earlier) {
        under_way_[client].since.store(earlier.count(), std::memory_order_seq_cst);
    }

    // What came of it. `recorded.operation` has key and client as the run numbers them, and the
    // client may be a session that another client serves next. Nothing: a read without an
    // answer.
    void end(std::uint32_t client, const std::optional<RecordedOperation>& recorded);

    // The version that a value or write with this header is of.
    static Name version_of(const Header& header);

    // All clients have ended. Once; throws RunError.
    void finish();

    std::uint64_t lost() const { return lost_; }

private:
    struct alignas(64) UnderWay {
        std::atomic<HistoryTime> since = after_history;  // That: nothing is.
    };

    void pass_on(HistoryTime low);
    HistoryTime low_mark(HistoryTime now) const;

    const KeySample sample_;
    const std::uint32_t clients_;
    HistoryWriter* const writer_;
    HistoryChecker* const checker_;
    const std::size_t held_most_;
    const std::unique_ptr<UnderWay[]> under_way_;  // By client.

    std::mutex guard_;  // Of the rest.
    std::vector<RecordedOperation> held_;
    std::size_t since_look_ = 0;  // Operations.
    std::uint64_t lost_ = 0;
    std::uint32_t line_ = 1;
};

}  // namespace stalemark
