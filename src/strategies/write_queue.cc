// SPDX-License-Identifier: Apache-2.0
#include "strategies/write_queue.h"

#include <algorithm>
#include <unordered_set>

namespace stalemark {
namespace {

// After trouble; then twice that,
constexpr Duration first_pause = std::chrono::milliseconds(1);
constexpr Duration longest_pause = std::chrono::seconds(1);  // and so on up to this.
constexpr Duration patience = std::chrono::seconds(10);      // Of those who wait for room.

}  // namespace

WriteQueue::WriteQueue(Runtime& runtime, Store& store, const Settings& settings)
    : runtime_(runtime),
      store_(store),
      settings_(settings),
      room_(runtime, settings.queue_max),
      flushing_(runtime, 1),
      tasks_(runtime) {
    tasks_.spawn("write-behind", [this] { work(); });
}

Result<void> WriteQueue::add(Key key, const std::optional<Bytes>& bytes) {
    runtime_.point({"write queue", "add", key});
    Change change{key, bytes};
    if (settings_.coalescing && replace_waiting(change)) return {};
    if (auto room = find_room(); !room) return room;
    append(std::move(change));
    return {};
}

bool WriteQueue::replace_waiting(const Change& change) {
    const std::lock_guard lock(guard_);
    const auto found = newest_.find(change.key);
    if (found == newest_.end() || found->second < first_ + in_flight_) return false;
    entries_[found->second - first_].change = change;
    ++counts_.coalesced;
    return true;
}

Result<void> WriteQueue::find_room() {
    if (room_.try_acquire()) return {};
    if (settings_.when_full == WhenFull::reject) {
        const std::lock_guard lock(guard_);
        ++counts_.rejected;
        return std::unexpected(Trouble::failed);
    }
    const Instant began = runtime_.now();
    const bool has_room =
        settings_.when_full == WhenFull::caller_runs ? make_room() : wait_for_room();
    const std::lock_guard lock(guard_);
    counts_.blocked_ns += static_cast<std::uint64_t>((runtime_.now() - began).count());
    if (has_room) return {};
    ++counts_.rejected;
    return std::unexpected(Trouble::failed);
}

bool WriteQueue::wait_for_room() {
    {
        const std::lock_guard lock(guard_);
        ++writers_waiting_;
        if (worker_ != nullptr) runtime_.unpark(worker_);
    }
    struct Leaving {
        WriteQueue& queue;
        ~Leaving() {
            const std::lock_guard lock(queue.guard_);
            --queue.writers_waiting_;
        }
    } const leaving{*this};
    bool has_room = false;
    while (!has_room && !runtime_.is_over(refuses_from()))
        has_room = room_.acquire_by(refuses_from(), "room in the write-behind queue");
    return has_room;
}

bool WriteQueue::make_room() {
    while (!room_.try_acquire()) {
        if (runtime_.is_over(refuses_from())) return false;
        flush(refuses_from());
    }
    return true;
}

Instant WriteQueue::refuses_from() {
    const std::lock_guard lock(guard_);
    return moved_ + patience;
}

void WriteQueue::append(Change change) {
    const Instant now = runtime_.now();
    const Instant ripe = now + settings_.flush_delay;
    const std::lock_guard lock(guard_);
    moved_ = now;
    newest_[change.key] = first_ + entries_.size();
    entries_.push_back({std::move(change), ripe});
    counts_.queued_max = std::max<std::uint64_t>(counts_.queued_max, entries_.size());
    if (entries_.size() == 1 && worker_ != nullptr) runtime_.unpark(worker_);
}

std::optional<Change> WriteQueue::find(Key key) {
    runtime_.point({"write queue", "find", key});
    const std::lock_guard lock(guard_);
    const auto found = newest_.find(key);
    if (found == newest_.end()) return std::nullopt;
    return entries_[found->second - first_].change;
}

void WriteQueue::work() {
    set_worker(runtime_.self());
    struct Leaving {
        WriteQueue& queue;
        ~Leaving() { queue.set_worker(nullptr); }
    } const leaving{*this};
    while (true) {
        wait_for_work();
        {
            const std::lock_guard lock(guard_);
            if (draining_ && entries_.empty()) break;
        }
        flush(never);
    }
}

void WriteQueue::set_worker(Task* task) {
    const std::lock_guard lock(guard_);
    worker_ = task;
}

// Until the front is ripe or the queue is drained.
void WriteQueue::wait_for_work() {
    while (!is_ripe()) {
        std::optional<Instant> ripe;
        {
            const std::lock_guard lock(guard_);
            if (!entries_.empty()) ripe = entries_.front().ripe;
        }
        if (ripe) {
            runtime_.park_until(*ripe, "a change to ripen");
        } else {
            runtime_.park("a change");
        }
    }
}

bool WriteQueue::is_ripe() {
    const std::lock_guard lock(guard_);
    if (draining_) return true;
    return !entries_.empty() &&
           (writers_waiting_ > 0 || runtime_.is_over(entries_.front().ripe));
}

// Tries until `deadline`, or until the queue is drained and out of patience.
void WriteQueue::flush(Instant deadline) {
    if (!flushing_.acquire_by(deadline, "another batch")) return;
    struct Leaving {
        WriteQueue& queue;
        ~Leaving() {
            queue.put_back();
            queue.flushing_.release();
        }
    } const leaving{*this};
    const std::vector<Change> batch = take_batch();
    if (!batch.empty() && send(batch, deadline)) {
        retire(batch.size());
    } else if (runtime_.is_over(give_up_at())) {
        give_up();
    }
}

// The changes at the front that go together: no more than a batch holds, no key twice.
std::vector<Change> WriteQueue::take_batch() {
    runtime_.point({"write queue", "take batch"});
    const std::lock_guard lock(guard_);
    std::vector<Change> batch;
    std::unordered_set<Key> keys;
    for (const Entry& entry : entries_) {
        if (batch.size() == settings_.flush_batch || !keys.insert(entry.change.key).second)
            break;
        batch.push_back(entry.change);
    }
    in_flight_ = batch.size();
    return batch;
}

// Whether the store has taken the batch in time.
bool WriteQueue::send(const std::vector<Change>& batch, Instant deadline) {
    for (Duration pause = first_pause; !store_.write(batch);
         pause = std::min(pause * 2, longest_pause)) {
        if (runtime_.is_over(std::min(deadline, give_up_at()))) return false;
        {
            const std::lock_guard lock(guard_);
            ++counts_.retried;
        }
        runtime_.sleep_for(pause);
    }
    return true;
}

Instant WriteQueue::give_up_at() {
    const std::lock_guard lock(guard_);
    return give_up_at_;
}

void WriteQueue::retire(std::size_t stored) {
    runtime_.point({"write queue", "retire"});
    {
        const std::lock_guard lock(guard_);
        for (std::size_t i = 0; i < stored; ++i) {
            const auto newest = newest_.find(entries_.front().change.key);
            if (newest->second == first_) newest_.erase(newest);
            entries_.pop_front();
            ++first_;
        }
        in_flight_ = 0;
        ++counts_.batches;
        moved_ = runtime_.now();
    }
    room_.release(stored);
}

void WriteQueue::put_back() {
    const std::lock_guard lock(guard_);
    in_flight_ = 0;
}

void WriteQueue::give_up() {
    const std::lock_guard lock(guard_);
    counts_.dropped += entries_.size();
    first_ += entries_.size();
    in_flight_ = 0;
    entries_.clear();
    newest_.clear();
}

void WriteQueue::drain(Duration limit) {
    {
        const std::lock_guard lock(guard_);
        draining_ = true;
        give_up_at_ = runtime_.now() + limit;
        if (worker_ != nullptr) runtime_.unpark(worker_);
    }
    tasks_.join();
}

void WriteQueue::forget_peaks() {
    const std::lock_guard lock(guard_);
    counts_.queued_max = entries_.size();
}

QueueCounts WriteQueue::counts() const {
    const std::lock_guard lock(guard_);
    return counts_;
}

}  // namespace stalemark
