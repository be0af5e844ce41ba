// SPDX-License-Identifier: Apache-2.0
// A wired store that can be told to be in trouble, and what it tells, in virtual time.

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "stores/memory_store.h"
#include "wire/latencies.h"
#include "wire/wired_store.h"

namespace stalemark {

using std::chrono::milliseconds;

// A memory store that can be told to be in trouble.
class FragileStore final : public Store {
public:
    Result<Row> get(Key key) override {
        if (trouble) return std::unexpected(*trouble);
        auto row = store_->get(key);
        if (lender && row->bytes) row->bytes = Bytes::lent(lender, row->bytes->view());
        return row;
    }
    Result<Version> put(Key key, const Bytes& bytes) override {
        if (trouble) return std::unexpected(*trouble);
        return store_->put(key, bytes);
    }
    Result<Version> erase(Key key) override {
        if (trouble) return std::unexpected(*trouble);
        return store_->erase(key);
    }
    Result<void> write(std::span<const Change> changes) override {
        if (trouble) return std::unexpected(*trouble);
        return store_->write(changes);
    }
    CommitLog* log() override { return store_->log(); }
    void fetch(Key key) override { fetched.push_back(key); }

    std::optional<Trouble> trouble;
    std::vector<Key> fetched;
    std::shared_ptr<int> lender;  // If set, rows are lent, and it is shared for as long.

private:
    std::unique_ptr<Store> store_ = make_memory_store({.keeps_log = true});
};

// A value whose header says that it is the `number`-th write of a session.
inline Bytes written(std::uint32_t number) {
    return Bytes::make(20, [&](std::span<char> to) {
        std::ranges::fill(to, 'x');
        seal(Key{0}, Header{.session = 0, .sequence = number, .invocation = 0}, to);
    });
}

class WiredStoreTest : public testing::Test {
protected:
    void at(int ms, std::function<void()> play) {
        tasks.spawn("player", [this, ms, play = std::move(play)] {
            runtime->sleep_until(milliseconds(ms));
            play();
        });
    }

    void note(const Stored& stored) {
        const std::string what =
            stored.header ? std::to_string(stored.header->sequence) : "deleted";
        told.push_back(std::to_string(runtime->now() / milliseconds(1)) + "ms " +
                       std::to_string(index_of(stored.key)) + "=" + what);
    }

    std::unique_ptr<Runtime> runtime = make_virtual_runtime();
    TaskGroup tasks{*runtime};
    FragileStore far;
    std::vector<std::string> told;  // Of each change stored: when, which, what.
    Wire wire{*runtime, {.latency = latency("10ms")}, "wire", 1};
    WiredStore store{far, wire, 10, [this](const Stored& stored) { note(stored); }};
    Wire bare_wire{*runtime, {.latency = latency("0s")}, "bare wire", 1};
    WiredStore bare_store{far, bare_wire, 10, [this](const Stored& stored) { note(stored); }};
};

}  // namespace stalemark
