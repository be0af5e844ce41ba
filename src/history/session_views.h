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

    HistoryTime own_began = before_history;   // Of `own`; before_history: there is none.
    HistoryTime seen_began = before_history;  // Of `seen`, likewise.
    HistoryOperation own;                     // The write.
    HistoryOperation read;                    // The read...
    HistoryOperation seen;                    // ...and the write that it saw.

    bool is_free() const { return client == HistoryOperation::no_client; }
    static std::uint64_t hash_of(std::uint32_t key, std::uint32_t client) {
        return mix((std::uint64_t{key} << 32) | client);
    }
    std::uint64_t hash() const { return hash_of(key, client); }
    bool belongs_to(const HistoryOperation& operation) const {
        return key == operation.key && client == operation.client;
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
