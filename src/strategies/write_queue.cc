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
      flushing_(runtime, settings.flushers),
      tasks_(runtime) {
    for (std::uint64_t i = 0; i < settings.flushers; ++i)
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
    if (found == newest_.end()) return false;
    Entry& waiting = entries_[found->second - first_];
    if (waiting.state != State::waits) return false;
    waiting.change = change;
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
        wake_workers();
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
    counts_.queued_max = std::max<std::uint64_t>(counts_.queued_max, entries_.size() - stored_);
    // A worker that has a batch in flight looks again by itself; another may be waiting.
    if (entries_.size() == 1 || settings_.flushers > 1) wake_workers();
}

std::optional<Change> WriteQueue::find(Key key) {
    runtime_.point({"write queue", "find", key});
    const std::lock_guard lock(guard_);
    const auto found = newest_.find(key);
    if (found == newest_.end()) return std::nullopt;
    return entries_[found->second - first_].change;
}

void WriteQueue::work() {
    {
        const std::lock_guard lock(guard_);
        workers_.push_back(runtime_.self());
    }
    struct Leaving {
        WriteQueue& queue;
        Task* worker;
        ~Leaving() {
            const std::lock_guard lock(queue.guard_);
            std::erase(queue.workers_, worker);
        }
    } const leaving{*this, runtime_.self()};
    while (true) {
        wait_for_work();
        {
            const std::lock_guard lock(guard_);
            // What other workers have in flight is theirs.
            const bool is_done =
                entries_.empty() || (settings_.flushers > 1 && first_waiting() == nullptr);
            if (draining_ && is_done) break;
        }
        flush(never);
    }
}

// Requires the mutex.
void WriteQueue::wake_workers() {
    for (Task* const worker : workers_) runtime_.unpark(worker);
}

// nullptr: there is none. Requires the mutex.
const WriteQueue::Entry* WriteQueue::first_waiting() const {
    const auto found = std::ranges::find(entries_, State::waits, &Entry::state);
    return found == entries_.end() ? nullptr : &*found;
}

// nullptr: it was given up. Requires the mutex.
WriteQueue::Entry* WriteQueue::entry(std::uint64_t number) {
    return number < first_ || number >= first_ + entries_.size() ? nullptr
                                                                 : &entries_[number - first_];
}

// Until the first that waits is ripe or the queue is drained.
void WriteQueue::wait_for_work() {
    while (!is_ripe()) {
        std::optional<Instant> ripe;
        {
            const std::lock_guard lock(guard_);
            if (const Entry* const first = first_waiting()) ripe = first->ripe;
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
    const Entry* const first = draining_ ? nullptr : first_waiting();
    if (first == nullptr) return draining_;
    return writers_waiting_ > 0 || runtime_.is_over(first->ripe, Timer::work);
}

// Tries until `deadline`, or until the queue is drained and out of patience.
void WriteQueue::flush(Instant deadline) {
    if (!flushing_.acquire_by(deadline, "another batch")) return;
    struct Flight {
        WriteQueue& queue;
        Batch batch = {};
        ~Flight() {
            queue.put_back(batch);
            queue.flushing_.release();
        }
    } flight{*this};
    flight.batch = take_batch();
    if (!flight.batch.changes.empty() && send(flight.batch.changes, deadline)) {
        retire(flight.batch);
    } else if (runtime_.is_over(give_up_at())) {
        give_up();
    }
}

// The next changes that go together: no more than a batch holds, no key twice.
WriteQueue::Batch WriteQueue::take_batch() {
    runtime_.point({"write queue", "take batch"});
    const std::lock_guard lock(guard_);
    Batch batch;
    std::unordered_set<Key> keys;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        Entry& entry = entries_[i];
        if (entry.state != State::waits) continue;
        if (batch.changes.size() == settings_.flush_batch ||
            !keys.insert(entry.change.key).second)
            break;
        entry.state = State::in_flight;
        batch.numbers.push_back(first_ + i);
        batch.changes.push_back(entry.change);
    }
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

void WriteQueue::retire(const Batch& batch) {
    runtime_.point({"write queue", "retire"});
    {
        const std::lock_guard lock(guard_);
        for (const std::uint64_t number : batch.numbers) {
            Entry* const stored = entry(number);
            if (stored == nullptr) continue;
            stored->state = State::stored;
            ++stored_;
            const auto newest = newest_.find(stored->change.key);
            if (newest != newest_.end() && newest->second == number) newest_.erase(newest);
        }
        while (!entries_.empty() && entries_.front().state == State::stored) {
            entries_.pop_front();
            ++first_;
            --stored_;
        }
        ++counts_.batches;
        moved_ = runtime_.now();
    }
    room_.release(batch.numbers.size());
}

void WriteQueue::put_back(const Batch& batch) {
    const std::lock_guard lock(guard_);
    for (const std::uint64_t number : batch.numbers) {
        Entry* const left = entry(number);
        if (left != nullptr && left->state == State::in_flight) left->state = State::waits;
    }
}

void WriteQueue::give_up() {
    const std::lock_guard lock(guard_);
    counts_.dropped += entries_.size() - stored_;
    stored_ = 0;
    first_ += entries_.size();
    entries_.clear();
    newest_.clear();
}

void WriteQueue::drain(Duration limit) {
    {
        const std::lock_guard lock(guard_);
        draining_ = true;
        give_up_at_ = runtime_.now() + limit;
        wake_workers();
    }
    tasks_.join();
}

void WriteQueue::forget_peaks() {
    const std::lock_guard lock(guard_);
    counts_.queued_max = entries_.size() - stored_;
}

QueueCounts WriteQueue::counts() const {
    const std::lock_guard lock(guard_);
    return counts_;
}

}  // namespace stalemark
