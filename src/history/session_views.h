// SPDX-License-Identifier: Apache-2.0
// What each client has written to, and read of, each key: the newest of both, by the instant at
// which the write began.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "history/flat_table.h"
#include "history/history_operation.h"

namespace stalemark {

struct SessionView {
    std::uint32_t key = 0;
    std::uint32_t client = HistoryOperation::no_client;

    // Of the own write, and of the write that was seen; before_history: there is none.
    HistoryTime own_began = before_history;
    HistoryTime seen_began = before_history;

    // The rest of these two operations, and the read that saw the latter.
    Name own_version;
    Name seen_version;
    HistoryTime own_ended = 0;
    HistoryTime seen_ended = 0;
    HistoryTime read_began = 0;
    HistoryTime read_ended = 0;
    std::uint32_t own_line = 0;
    std::uint32_t seen_line = 0;
    std::uint32_t seen_client = 0;
    std::uint32_t read_line = 0;

    void note_own(const HistoryOperation& write) {
        if (write.began <= own_began) return;
        own_began = write.began;
        own_ended = write.ended;
        own_version = write.version;
        own_line = write.line;
    }

    void note_read(const HistoryOperation& read, const HistoryOperation& write) {
        if (write.began <= seen_began) return;
        seen_began = write.began;
        seen_ended = write.ended;
        seen_version = write.version;
        seen_line = write.line;
        seen_client = write.client;
        read_began = read.began;
        read_ended = read.ended;
        read_line = read.line;
    }

    HistoryOperation own() const {
        return made(own_version, own_began, own_ended, own_line, client);
    }
    HistoryOperation seen() const {
        return made(seen_version, seen_began, seen_ended, seen_line, seen_client);
    }
    HistoryOperation read() const {
        HistoryOperation read = made(seen_version, read_began, read_ended, read_line, client);
        read.action = HistoryAction::read;
        return read;
    }

private:
    HistoryOperation made(Name version, HistoryTime began, HistoryTime ended,
                          std::uint32_t line, std::uint32_t by) const {
        return {.version = version,
                .began = began,
                .ended = ended,
                .line = line,
                .client = by,
                .key = key,
                .action = version.is_absent() ? HistoryAction::erase : HistoryAction::write};
    }
};

class SessionViews {
public:
    // Of the client of this operation; made if there is none. Void after the next call.
    SessionView& of(const HistoryOperation& operation) {
        if (const Slot* const slot = slots_.find(operation, hash_of(operation)))
            return views_[slot->view];
        slots_.add(
            {operation.key, operation.client, static_cast<std::uint32_t>(views_.size())});
        SessionView& fresh = views_.emplace_back();
        fresh.key = operation.key;
        fresh.client = operation.client;
        return fresh;
    }

    // In two steps, the second of which needs what the first has brought.
    void fetch_slot(const HistoryOperation& operation) const {
        slots_.fetch(hash_of(operation));
    }
    void fetch_view(const HistoryOperation& operation) {
        const Slot* const slot = slots_.find(operation, hash_of(operation));
        if (slot == nullptr) return;
        const char* const view = reinterpret_cast<const char*>(&views_[slot->view]);
        for (std::size_t at = 0; at < sizeof(SessionView); at += 64)
            __builtin_prefetch(view + at);
    }

    std::size_t memory_bytes() const {
        return slots_.memory_bytes() + views_.capacity() * sizeof(SessionView);
    }

private:
    // Small, so that growing moves little.
    struct Slot {
        std::uint32_t key = 0;
        std::uint32_t client = HistoryOperation::no_client;  // That: it is free.
        std::uint32_t view = 0;

        bool is_free() const { return client == HistoryOperation::no_client; }
        std::uint64_t hash() const { return hash_of(key, client); }
        bool belongs_to(const HistoryOperation& operation) const {
            return key == operation.key && client == operation.client;
        }
    };

    static std::uint64_t hash_of(std::uint32_t key, std::uint32_t client) {
        return mix((std::uint64_t{key} << 32) | client);
    }
    static std::uint64_t hash_of(const HistoryOperation& operation) {
        return hash_of(operation.key, operation.client);
    }

    FlatTable<Slot> slots_;
    std::vector<SessionView> views_;
};

}  // namespace stalemark
