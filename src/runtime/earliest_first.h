// SPDX-License-Identifier: Apache-2.0
// The earliest turn is next, and of those of one instant the one that the seed says: a run is a
// function of its seed.

#pragma once

#include <optional>

#include "core/random.h"
#include "runtime/turns.h"

namespace stalemark {

class EarliestFirst final : public Turns {
public:
    // Without a seed, turns of one instant come in the order of their making.
    explicit EarliestFirst(std::optional<std::uint64_t> seed)
        : is_seeded_(seed.has_value()), random_(seed.value_or(0)) {}

    void add(FiberTask& task, Instant when) override {
        queue_.add(make(task, when, next_order()));
    }
    Turn take() override { return queue_.empty() ? Turn{} : queue_.take(); }
    Turn exchange(FiberTask& task, Instant when) override {
        return queue_.exchange(make(task, when, next_order()));
    }
    const FiberTask* next() const override {
        return queue_.empty() ? nullptr : queue_.first().owner;
    }
    void clear() override { queue_ = {}; }
    std::uint64_t random_state() const override { return random_.state(); }

private:
    // SplitMix64 gives no number twice, so that a drawn order is an order, too.
    std::uint64_t next_order() {
        if (!is_seeded_) return ++orders_made_;
        const std::uint64_t order = random_.next();
        return order != 0 ? order : random_.next();
    }

    const bool is_seeded_;
    std::uint64_t orders_made_ = 0;  // Without a seed.
    Random random_;                  // With one.
    EventQueue<FiberTask> queue_;
};

}  // namespace stalemark
