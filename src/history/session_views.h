// SPDX-License-Identifier: Apache-2.0
// What each client has written to, and read of, each key: the newest of both, by the instant at
// which the write began.

#pragma once

#include <cstdint>

#include "history/flat_table.h"
#include "history/history_operation.h"

namespace stalemark {

struct SessionView {
    std::uint32_t key = 0;
    std::uint32_t client = HistoryOperation::no_client;  // That: the entry is free.

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

    bool is_free() const { return client == HistoryOperation::no_client; }
    static std::uint64_t hash_of(std::uint32_t key, std::uint32_t client) {
        return mix((std::uint64_t{key} << 32) | client);
    }
    std::uint64_t hash() const { return hash_of(key, client); }
    bool belongs_to(const HistoryOperation& operation) const {
        return key == operation.key && client == operation.client;
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
        const std::uint64_t hash = SessionView::hash_of(operation.key, operation.client);
        if (SessionView* const found = table_.find(operation, hash)) return *found;
        SessionView fresh;
        fresh.key = operation.key;
        fresh.client = operation.client;
        return table_.add(fresh);
    }

    void fetch(const HistoryOperation& operation) const {
        table_.fetch(SessionView::hash_of(operation.key, operation.client));
    }

    std::size_t memory_bytes() const { return table_.memory_bytes(); }

private:
    FlatTable<SessionView> table_;
};

}  // namespace stalemark
