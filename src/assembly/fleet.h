// SPDX-License-Identifier: Apache-2.0
// The application: its nodes, the cache that they share, and how they hear of each other's
// writes.

#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "assembly/node.h"
#include "events/log_tail.h"
#include "measure/histogram.h"
#include "measure/witness.h"

namespace stalemark {

// Of the events so far.
struct EventCounts {
    BusCounts bus;
    ReceiverCounts received;
    InvalidationCounts invalidations;
    LossCounts losses;
    Histogram delay;  // From published to delivered.
};

class Fleet {
public:
    // `store`: at the end of its wire; `far_store`: the same, without. `cache_faults` hit the
    // shared cache or, where there is none, the near ones.
    Fleet(const SystemSettings& system, Runtime& runtime, Store& store, Store& far_store,
          Judges& judges, Disturbance& cache_faults);

    std::span<Strategy* const> strategies() const { return strategies_; }

    // The bus's faults count their time from now on.
    void start_faults() { faults_from_ = runtime_.now(); }

    // Called once, from a task, after the last operation: stores every acknowledged write,
    // delivers every event and ends the tasks. Throws RunError if the store's log could not be
    // read to its end: nobody was told of some writes.
    void drain();

    // Sums over the nodes; of the caches where they have none of their own, of the one they
    // share.
    CacheCounts cache_counts() const;
    CacheUse cache_use() const;
    std::vector<ShieldCount> shield_counts() const;
    std::uint64_t reloads() const;
    std::optional<QueueCounts> queue_counts() const;
    void forget_peaks();

    // Of the cache behind the near ones, if there is one.
    std::optional<CacheCounts> shared_counts() const;
    std::optional<CacheUse> shared_use() const;

    std::optional<EventCounts> event_counts() const;

    // Shows every entry of every cache that would still be handed out at `at`.
    void visit(Instant at, const std::function<void(Key, const Cached&)>& see);
    // Likewise the entries of one key.
    void peek(Key key, Instant at, const std::function<void(const Cached&)>& see) const;

private:
    void share_cache(const SystemSettings& system, Disturbance& faults);
    void follow_log(const SystemSettings& system, CommitLog& log);
    BusWatch watch();
    void wait_for_gaps();
    std::optional<std::vector<Event>> read_log(CommitLog& log);

    Runtime& runtime_;
    Judges& judges_;
    const bool has_near_;
    std::unique_ptr<LocalCache> shared_cache_;
    std::unique_ptr<LocalCache> leases_;
    std::unique_ptr<LocalCache> locks_;
    std::optional<Wire> shared_wire_;
    std::optional<WiredCache> wired_shared_;
    std::optional<WiredCache> wired_leases_;
    std::optional<WiredCache> wired_locks_;
    std::unique_ptr<Guard> guard_of_log_;  // Where the store's log is followed.
    std::atomic<Instant> faults_from_ = never;
    Duration gap_grace_{0};
    std::optional<Bus> bus_;
    LogPosition log_position_{};
    std::deque<Node> nodes_;
    std::vector<Strategy*> strategies_;
    std::optional<LogTail> log_tail_;
    mutable std::mutex guard_;  // Of the histogram.
    Histogram delay_;
};

}  // namespace stalemark
