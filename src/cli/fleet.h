// The application: its nodes, the cache that they share, and how they hear of each other's
// writes.

#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "cli/node.h"
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
    // `log_end`: the end of the store's log, where events come from there.
    Fleet(const Experiment& experiment, Runtime& runtime, Store& store, Judges& judges,
          std::optional<LogPosition> log_end);

    std::span<Strategy* const> strategies() const { return strategies_; }

    // Called once, from a task, after the last operation: stores every acknowledged write,
    // delivers every event and ends the tasks. Throws RunError if the store's log could not be
    // read to its end: nobody was told of some writes.
    void drain();

    // Sums over the nodes.
    CacheCounts near_counts() const;
    CacheUse near_use() const;
    std::vector<ShieldCount> shield_counts() const;
    std::optional<QueueCounts> queue_counts() const;
    void forget_peaks();

    // The shared cache itself, without its wire; nullptr if there is none.
    Cache* shared_cache() { return shared_cache_.get(); }

    std::optional<EventCounts> event_counts() const;

    // Shows every entry of every cache that would still be handed out at `at`.
    void visit(Instant at, const std::function<void(Key, const Cached&)>& see);
    // Likewise the entries of one key.
    void peek(Key key, Instant at, const std::function<void(const Cached&)>& see) const;

private:
    void share_cache(const Experiment& experiment);
    void connect(const Experiment& experiment, Store& store);
    BusWatch watch();
    std::optional<std::vector<Event>> read_log(CommitLog& log);

    Runtime& runtime_;
    Judges& judges_;
    std::unique_ptr<Cache> shared_cache_;
    std::unique_ptr<Cache> leases_;
    std::optional<Wire> shared_wire_;
    std::optional<WiredCache> wired_shared_;
    std::optional<WiredCache> wired_leases_;
    std::optional<Bus> bus_;
    std::optional<LogPosition> log_position_;
    std::deque<Node> nodes_;
    std::vector<Strategy*> strategies_;
    std::optional<LogTail> log_tail_;
    mutable std::mutex guard_;  // Of the histogram.
    Histogram delay_;
};

}  // namespace stalemark
