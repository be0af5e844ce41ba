#include "strategies/write_queue.h"

#include <algorithm>
#include <unordered_set>

namespace stalemark {
namespace {

constexpr Duration first_pause =
    std::chrono::milliseconds(1);                            // After trouble; then twice that,
constexpr Duration longest_pause = std::chrono::seconds(1);  // and so on up to this.

}  // namespace

WriteQueue::WriteQueue(Runtime& runtime, Store& store, const Settings& settings)
    : runtime_(runtime),
      store_(store),
      settings_(settings),
      room_(runtime, settings.queue_max),
      flushing_(runtime) {
    runtime_.spawn("write-behind", [this] { work(); });
}

Result<void> WriteQueue::add(Key key, const std::optional<Bytes>& bytes) {
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
    if (settings_.when_full == WhenFull::caller_runs) {
        do flush();
        while (!room_.try_acquire());
    } else {
        {
            const std::lock_guard lock(guard_);
            ++writers_waiting_;
            if (worker_ != nullptr) runtime_.unpark(worker_);
        }
        room_.acquire("room in the write-behind queue");
        const std::lock_guard lock(guard_);
        --writers_waiting_;
    }
    const std::lock_guard lock(guard_);
    counts_.blocked += runtime_.now() - began;
    return {};
}

void WriteQueue::append(Change change) {
    const Instant ripe = runtime_.now() + settings_.flush_delay;
    const std::lock_guard lock(guard_);
    newest_[change.key] = first_ + entries_.size();
    entries_.push_back({std::move(change), ripe});
    counts_.queued_max = std::max<std::uint64_t>(counts_.queued_max, entries_.size());
    if (entries_.size() == 1 && worker_ != nullptr) runtime_.unpark(worker_);
}

std::optional<Change> WriteQueue::find(Key key) {
    const std::lock_guard lock(guard_);
    const auto found = newest_.find(key);
    if (found == newest_.end()) return std::nullopt;
    return entries_[found->second - first_].change;
}

void WriteQueue::work() {
    {
        const std::lock_guard lock(guard_);
        worker_ = runtime_.self();
    }
    while (true) {
        wait_for_work();
        {
            const std::lock_guard lock(guard_);
            if (draining_ && entries_.empty()) break;
        }
        flush();
    }
    const std::lock_guard lock(guard_);
    ended_ = true;
    runtime_.unpark(drainer_);
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
    const Instant now = runtime_.now();
    const std::lock_guard lock(guard_);
    if (draining_) return true;
    return !entries_.empty() && (writers_waiting_ > 0 || entries_.front().ripe <= now);
}

void WriteQueue::flush() {
    const std::lock_guard one_in_flight(flushing_);
    const std::vector<Change> batch = take_batch();
    if (batch.empty()) return;
    if (send(batch)) {
        retire(batch.size());
    } else {
        give_up();
    }
}

// The changes at the front that go together: no more than a batch holds, no key twice.
std::vector<Change> WriteQueue::take_batch() {
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

// Until the store has taken the batch; false if the queue is drained and out of patience.
bool WriteQueue::send(const std::vector<Change>& batch) {
    for (Duration pause = first_pause; !store_.write(batch);
         pause = std::min(pause * 2, longest_pause)) {
        {
            const std::lock_guard lock(guard_);
            if (runtime_.now() >= give_up_at_) return false;
            ++counts_.retried;
        }
        runtime_.sleep_for(pause);
    }
    return true;
}

void WriteQueue::retire(std::size_t stored) {
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
    }
    room_.release(stored);
}

void WriteQueue::give_up() {
    const std::lock_guard lock(guard_);
    counts_.dropped += entries_.size();
    first_ += entries_.size();
    in_flight_ = 0;
    entries_.clear();
    newest_.clear();
}

void WriteQueue::drain(Duration patience) {
    {
        const std::lock_guard lock(guard_);
        draining_ = true;
        give_up_at_ = runtime_.now() + patience;
        drainer_ = runtime_.self();
        if (worker_ != nullptr) runtime_.unpark(worker_);
    }
    const auto has_ended = [&] {
        const std::lock_guard lock(guard_);
        return ended_;
    };
    while (!has_ended()) runtime_.park("write-behind to drain");
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
