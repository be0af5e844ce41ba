// SPDX-License-Identifier: Apache-2.0
// A runtime that is only a clock, which a test sets.

#pragma once

#include <atomic>
#include <stdexcept>

#include "runtime/runtime.h"

namespace stalemark {

class ManualClock final : public Runtime {
public:
    void advance(Duration by) { now_ += by.count(); }
    int readings() const { return readings_; }

    Instant now() const override {
        ++readings_;
        return Instant(now_);
    }
    Task* self() const override { return nullptr; }

    void sleep_until(Instant /*when*/) override { refuse(); }
    void run() override { refuse(); }
    void park(std::string_view /*why*/) override { refuse(); }
    bool park_until(Instant /*when*/, std::string_view /*why*/) override {
        refuse();
        return false;
    }
    void unpark(Task* /*task*/) override { refuse(); }
    void wake(Task* /*task*/) override { refuse(); }
    End ending() const override { return End::none; }

private:
    std::unique_ptr<Group> make_group() override {
        refuse();
        return nullptr;
    }
    static void refuse() { throw std::logic_error("a cache must not wait"); }

    std::atomic<Instant::rep> now_ = 0;
    mutable std::atomic<int> readings_ = 0;
};

}  // namespace stalemark
