// SPDX-License-Identifier: Apache-2.0
// Changes that are acknowledged and wait for the store: the heart of write-behind.
//
// Changes reach the store in the order in which their entries were made, a batch at a time and
// one batch in flight, so that no older value of a key can land on a newer one. Several
// flushers have a batch in flight each, and keep no order: that is what they are there to show.
// After trouble a batch is sent again until the store takes it. That keeps the order where the
// store is down or refuses, but not where the sender left a call that went on: it may land
// after what was sent later. An entry is ripe when it is `flush_delay` old; with coalescing a
// newer change to its key takes its place in the queue and its age.
//
// A full queue from which the store has taken nothing for ten seconds refuses what finds no
// room: else a store that is down for good would hold its writers for good.

#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "runtime/semaphore.h"
#include "runtime/task_group.h"
#include "stores/store.h"
#include "strategies/settings.h"
#include "strategies/strategy.h"

namespace stalemark {

class WriteQueue {
public:
    // Starts the tasks that store ripe batches.
    WriteQueue(Runtime& runtime, Store& store, const Settings& settings);

    // Appends the change or, coalescing, replaces the waiting one. On a full queue it does as
    // `when_full` says: waits, stores batches itself, or fails; at last it fails in any case.
    // Requires: one call a key at a time.
    Result<void> add(Key key, const std::optional<Bytes>& bytes);

    // The newest change of `key` that the store does not have for certain; nothing if there is
    // none.
    std::optional<Change> find(Key key);

    // Stores all that waits, then ends the tasks. Gives up after `limit`.
    void drain(Duration limit);

    QueueCounts counts() const;
    void forget_peaks();  // queued_max begins anew, with what waits now.

private:
    enum class State : std::uint8_t { waits, in_flight, stored };

    struct Entry {
        Change change;
        Instant ripe;
        State state = State::waits;
    };

    struct Batch {
        std::vector<std::uint64_t> numbers;  // Of its entries.
        std::vector<Change> changes;
    };

    bool replace_waiting(const Change& change);
    Result<void> find_room();
    bool wait_for_room();
    bool make_room();
    Instant refuses_from();
    Instant give_up_at();
    void append(Change change);

    void work();
    void wake_workers();
    const Entry* first_waiting() const;
    Entry* entry(std::uint64_t number);
    void wait_for_work();
    bool is_ripe();
    void flush(Instant deadline);
    Batch take_batch();
    bool send(const std::vector<Change>& batch, Instant deadline);
    void retire(const Batch& batch);
    void put_back(const Batch& batch);
    void give_up();

    Runtime& runtime_;
    Store& store_;
    const Settings& settings_;
    Semaphore room_;
    Semaphore flushing_;  // Held across a batch: so many are in flight.

    mutable std::mutex guard_;  // Of all below; never held while parked.
    std::deque<Entry> entries_;
    std::uint64_t first_ = 0;   // Number of entries_.front().
    std::uint64_t stored_ = 0;  // Of the entries: they wait for one before them.
    std::unordered_map<Key, std::uint64_t> newest_;  // Number of the newest entry of each key.
    QueueCounts counts_;
    Instant moved_{0};                   // When there was room, or a batch made some.
    std::uint64_t writers_waiting_ = 0;  // For room. If any, the next is ripe at once.
    bool draining_ = false;              // Everything is ripe at once.
    Instant give_up_at_ = never;
    std::vector<Task*> workers_;  // While they work.
    TaskGroup tasks_;             // The workers. The last member: the first to go.
};

}  // namespace stalemark
