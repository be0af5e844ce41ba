// SPDX-License-Identifier: Apache-2.0
// A store that answers nothing through one stretch of time: who asks then waits for its end.

#pragma once

#include "runtime/runtime.h"
#include "stores/store.h"

namespace stalemark {

class StallingStore final : public Store {
public:
    StallingStore(Runtime& runtime, Store& store, Instant from, Instant to)
        : runtime_(runtime), store_(store), from_(from), to_(to) {}

    Result<Row> get(Key key) override {
        stall();
        return store_.get(key);
    }
    Result<Version> put(Key key, const Bytes& bytes) override {
        stall();
        return store_.put(key, bytes);
    }
    Result<Version> erase(Key key) override {
        stall();
        return store_.erase(key);
    }
    Result<void> write(std::span<const Change> changes) override {
        stall();
        return store_.write(changes);
    }

private:
    void stall() {
        if (runtime_.now() >= from_ && runtime_.now() < to_) runtime_.sleep_until(to_);
    }

    Runtime& runtime_;
    Store& store_;
    const Instant from_, to_;
};

}  // namespace stalemark
