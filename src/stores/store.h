// SPDX-License-Identifier: Apache-2.0
// The source of truth: slow and complete.
//
// Any number of tasks may call a store at once. Each row is linearizable: its changes have one
// order, numbered by the version that the store draws while it makes the change.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/row.h"
#include "stores/commit_log.h"

namespace stalemark {

// One change of a batch: nothing as bytes deletes.
struct Change {
    Key key;
    std::optional<Bytes> bytes;
};

// What a store says of itself, as numbers by name: counts since it was opened, or levels, whose
// names end in _now.
using StoreFacts = std::vector<std::pair<std::string, std::uint64_t>>;

class Store {
public:
    virtual ~Store() = default;

    // The row of `key` as it is now. An absent one comes with the version of its delete; 0:
    // there was none. The bytes may be lent by the store: they must be gone before it is, and
    // keep memory from it meanwhile.
    virtual Result<Row> get(Key key) = 0;

    // `key` is soon to be read: a store in memory begins to bring it near the processor.
    virtual void fetch(Key /*key*/) {}

    // Replaces the value of `key`; answers the row's new version. What then survives a crash is
    // the store's own setting.
    virtual Result<Version> put(Key key, const Bytes& bytes) = 0;

    virtual Result<Version> erase(Key key) = 0;

    // Makes all changes or none, in one step where the store can. A key may occur once.
    virtual Result<void> write(std::span<const Change> changes) = 0;

    // Its changes since it was opened, or nullptr if it keeps no log of them. Lives as long as
    // the store.
    virtual CommitLog* log() { return nullptr; }

    // Empty if it says nothing.
    virtual StoreFacts facts() { return {}; }

    // The end of loading: what was put lies where later work on it is least. Nobody may write
    // meanwhile. Throws RunError if that, or a change before it, has failed.
    virtual void settle() {}
};

}  // namespace stalemark
