// SPDX-License-Identifier: Apache-2.0
// What falls due at an instant, earliest first; of one instant, in the order of adding. Any
// task adds, one takes: it sleeps until the next item is due, not longer and not in between.

#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/runtime.h"

namespace stalemark {

template <typename Item>
class Agenda {
public:
    // `why` shows up in diagnoses: what the taker waits for.
    Agenda(Runtime& runtime, std::string_view why) : runtime_(runtime), why_(why) {}

    // Never waits.
    void add(Instant due, Item item) {
        const std::lock_guard lock(guard_);
        entries_.push_back({due, ++added_, std::move(item)});
        std::ranges::push_heap(entries_, later);
        if (due < waits_until_) wake();
    }

    // Waits for the next item to be due. Nothing once the agenda is closed and either empty or
    // out of patience. Requires: one task calls it.
    std::optional<Item> next() {
        for (;;) {
            Instant until = never;
            {
                const std::lock_guard lock(guard_);
                if (runtime_.is_over(give_up_at_)) return std::nullopt;
                if (!entries_.empty() && runtime_.is_over(entries_.front().due, Timer::work))
                    return take();
                if (entries_.empty() && closed_) return std::nullopt;
                if (!entries_.empty()) until = std::min(entries_.front().due, give_up_at_);
                waits_until_ = until;
                is_waiting_ = true;
                taker_ = runtime_.self();
            }
            struct Leaving {
                Agenda& agenda;
                ~Leaving() {
                    const std::lock_guard lock(agenda.guard_);
                    agenda.stop_waiting();
                }
            } const leaving{*this};
            if (until == never) {
                runtime_.park(why_);
            } else {
                runtime_.park_until(until, why_);
            }
        }
    }

    // next() still hands out what is due before `give_up_at`.
    void close(Instant give_up_at) {
        const std::lock_guard lock(guard_);
        closed_ = true;
        give_up_at_ = give_up_at;
        if (is_waiting_) wake();
    }

    // What nobody took, in no order.
    std::vector<Item> left() const {
        const std::lock_guard lock(guard_);
        std::vector<Item> items;
        for (const Entry& entry : entries_) items.push_back(entry.item);
        return items;
    }

private:
    struct Entry {
        Instant due;
        std::uint64_t order;
        Item item;
    };

    static bool later(const Entry& a, const Entry& b) {
        return std::pair(a.due, a.order) > std::pair(b.due, b.order);
    }

    Item take() {
        std::ranges::pop_heap(entries_, later);
        Item item = std::move(entries_.back().item);
        entries_.pop_back();
        return item;
    }

    // Once only: an unpark that nobody waits for would wake the taker out of its next wait.
    void wake() {
        stop_waiting();
        runtime_.unpark(taker_);
    }

    void stop_waiting() {
        is_waiting_ = false;
        waits_until_ = Instant::min();
    }

    Runtime& runtime_;
    const std::string_view why_;
    mutable std::mutex guard_;    // Never held while parked.
    std::vector<Entry> entries_;  // A heap, the earliest at the front.
    std::uint64_t added_ = 0;
    Task* taker_ = nullptr;
    bool is_waiting_ = false;
    Instant waits_until_ = Instant::min();  // While it waits.
    bool closed_ = false;
    Instant give_up_at_ = never;
};

}  // namespace stalemark
