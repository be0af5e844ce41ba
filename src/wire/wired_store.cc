#include "wire/wired_store.h"

namespace stalemark {

WiredStore::WiredStore(Store& store, Wire& wire, std::uint64_t keys,
                       std::function<void(const Change&)> on_stored,
                       std::function<void(Duration)> on_read)
    : store_(store),
      wire_(wire),
      on_stored_(std::move(on_stored)),
      on_read_(std::move(on_read)),
      reading_(std::make_unique<std::atomic<std::uint32_t>[]>(keys)),
      calls_(wire.runtime()) {
    if (CommitLog* const far = store_.log()) log_.emplace(*this, *far);
}

Result<std::optional<Value>> WiredStore::get(Key key) {
    reads_.add();
    auto& reading = reading_[index_of(key)];
    if (!wire_.is_bare()) {  // Others have their turns before the row is read.
        __builtin_prefetch(&reading);
        store_.fetch(key);
    }
    const std::uint32_t before = reading.fetch_add(1, std::memory_order_relaxed);
    if (before > 0) {
        redundant_.add();
        crowds_.grew(before + 1);
    }
    note_concurrent(before + 1);
    const Instant began = on_read_ ? wire_.now() : Instant{0};
    auto answer = ask(key);
    if (on_read_) on_read_(wire_.now() - began);
    return answer;
}

Result<std::optional<Value>> WiredStore::ask(Key key) {
    if (wire_.has_timeout()) {  // It is under way for as long as the call is, asker or no.
        const std::shared_ptr<void> under_way(nullptr,
                                              [this, key](void*) { end_reading(key); });
        return carry(Trouble::failed, [this, key, under_way] { return store_.get(key); });
    }
    auto answer = carry(Trouble::failed, [this, key] { return store_.get(key); });
    end_reading(key);
    return answer;
}

std::uint64_t WiredStore::take_concurrent_reads_max() {
    const std::uint64_t most = concurrent_max_.exchange(0);
    note_concurrent(concurrent_now());  // After: whoever begins meanwhile notes itself.
    return most;
}

std::uint32_t WiredStore::concurrent_now() const {
    if (const std::uint32_t most = crowds_.most()) return most;
    const std::uint64_t returned = returned_.get();
    return reads_.get() > returned ? 1 : 0;
}

void WiredStore::note_concurrent(std::uint32_t reads) {
    std::uint64_t most = concurrent_max_.load(std::memory_order_relaxed);
    while (most < reads && !concurrent_max_.compare_exchange_weak(most, reads)) {
    }
}

Result<Version> WiredStore::put(Key key, const Bytes& bytes) {
    writes_.add();
    return carry(Trouble::unknown, [this, key, bytes] {
        auto version = store_.put(key, bytes);
        if (version) on_stored_({key, bytes});
        return version;
    });
}

Result<Version> WiredStore::erase(Key key) {
    deletes_.add();
    return carry(Trouble::unknown, [this, key] {
        auto version = store_.erase(key);
        if (version) on_stored_({key, std::nullopt});
        return version;
    });
}

Result<void> WiredStore::write(std::span<const Change> changes) {
    for (const Change& change : changes) (change.bytes ? writes_ : deletes_).add();
    batches_.add();
    return carry(Trouble::unknown, [this, kept = std::vector(changes.begin(), changes.end())] {
        auto done = store_.write(kept);
        if (done) {
            for (const Change& change : kept) on_stored_(change);
        }
        return done;
    });
}

Result<LogPosition> WiredStore::WiredLog::end() {
    store_.log_reads_.add();
    return store_.carry(Trouble::failed, [this] { return far_.end(); });
}

Result<std::vector<LoggedChange>> WiredStore::WiredLog::read(LogPosition from,
                                                             std::size_t most) {
    store_.log_reads_.add();
    return store_.carry(Trouble::failed, [this, from, most] { return far_.read(from, most); });
}

StoreCounts WiredStore::counts() const {
    return {.reads = reads_.get(),
            .writes = writes_.get(),
            .deletes = deletes_.get(),
            .batches = batches_.get(),
            .failed = failed_.get(),
            .redundant_reads = redundant_.get(),
            .log_reads = log_reads_.get()};
}

}  // namespace stalemark
