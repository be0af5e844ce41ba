// The source of truth: slow and complete.
//
// Any number of tasks may call a store at once. Each row is linearizable: its changes have one
// order, numbered by the version that the store draws while it makes the change.

#pragma once

#include <optional>
#include <span>

#include "core/result.h"
#include "core/row.h"
#include "stores/commit_log.h"

namespace stalemark {

// One change of a batch: nothing as bytes deletes.
struct Change {
    Key key;
    std::optional<Bytes> bytes;
};

class Store {
public:
    virtual ~Store() = default;

    // The row of `key` as it is now. An absent one comes with the version of its delete; 0:
    // there was none.
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
};

}  // namespace stalemark
