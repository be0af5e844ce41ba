// SPDX-License-Identifier: Apache-2.0
#include "explore/execution.h"

#include <algorithm>

namespace stalemark {

using Kind = ScheduleChoice::Kind;

Execution::Execution(const ExploredSetup& setup, ScheduleRuntime& runtime)
    : setup_(setup), runtime_(runtime), left_(setup.faults) {
    runtime_.begin(setup.faults.limits, setup.faults.losses);
    runtime_.on_begin = [this](int operation) {
        ExploredOperation& one = operations_[static_cast<std::size_t>(operation)];
        one.has_begun = true;
        one.before = runtime_.returned();
    };
    for (const ProgramStep& step : setup.program.operations)
        operations_.push_back({.step = step});
    system_.emplace(setup, runtime);
    if (setup.is_warm) {
        warm();
    } else {
        runtime_.settle();
    }
    clients_.emplace(runtime_);
    for (std::uint32_t client = 0; client < setup.program.clients; ++client) {
        runtime_.make_for(static_cast<std::uint8_t>(setup.node_of(client)));
        clients_->spawn("client", [this, client] { live(client); });
    }
    runtime_.settle();
}

// The tasks of the strategies end by themselves, as at the end of a run: to unwind them takes
// ten times as long as the schedule. What still waits then is unwound.
Execution::~Execution() {
    runtime_.run_out();
    {
        TaskGroup draining(runtime_);
        for (std::uint32_t node = 0; node < setup_.system.fleet.nodes; ++node) {
            runtime_.make_for(static_cast<std::uint8_t>(node));
            draining.spawn("drain", [this, node] { system_->strategy(node).drain(); });
        }
        runtime_.settle();
    }
    clients_.reset();
    system_.reset();
}

void Execution::warm() {
    runtime_.let_run(true);
    {
        TaskGroup warming(runtime_);
        for (std::uint32_t node = 0; node < setup_.system.fleet.nodes; ++node) {
            runtime_.make_for(static_cast<std::uint8_t>(node));
            warming.spawn("warm-up", [this, node] {
                for (std::uint32_t key = 0; key < setup_.program.keys; ++key)
                    (void)system_->strategy(node).read(Key{key});
            });
            runtime_.settle();
        }
    }
    runtime_.let_run(false);
}

void Execution::live(std::uint32_t client) {
    for (std::size_t i = 0; i < operations_.size(); ++i) {
        if (operations_[i].step.client == client) carry_out(static_cast<int>(i));
    }
}

void Execution::carry_out(int operation) {
    ExploredOperation& one = operations_[static_cast<std::size_t>(operation)];
    Strategy& strategy = system_->strategy(setup_.node_of(one.step.client));
    const Key key = one.step.key;
    const bool is_read = one.step.kind == ProgramStep::Kind::read;
    runtime_.begin_operation(operation, is_read);
    ValueId seen = nothing_returned;
    bool has_failed = false;
    if (is_read) {
        const auto answer = strategy.read(key);
        has_failed = !answer;
        if (answer) seen = system_->store().value_of(key, answer->row);
    } else {
        std::optional<Bytes> bytes;
        if (one.step.kind == ProgramStep::Kind::write)
            bytes = setup_.values[static_cast<std::size_t>(operation) + 1];
        has_failed = !strategy.write(key, bytes);
    }
    if (!one.has_begun) return;  // It was let run at the end.
    one.seen = seen;
    one.has_failed = has_failed;
    one.has_ended = true;
    runtime_.end_operation(operation);
}

const std::vector<ScheduleChoice>& Execution::possible() {
    possible_.clear();
    bool is_waiting = false;
    for (std::uint16_t task = 0; task < runtime_.tasks(); ++task) {
        if (runtime_.is_enabled(task)) possible_.push_back({Kind::step, task, Key{0}, {}});
        is_waiting = is_waiting || runtime_.waits_for_time(task);
    }
    if (!possible_.empty()) {
        add_faults();
    } else if (is_waiting) {
        possible_.push_back({Kind::time, 0, Key{0}, {}});
    }
    return possible_;
}

void Execution::add_faults() {
    for (std::uint32_t i = 0; left_.evictions > 0 && i < setup_.program.keys; ++i) {
        const Key key{i};
        if (ExploredCache* const shared = system_->shared();
            shared != nullptr && shared->has(key))
            possible_.push_back({Kind::evict, 0, key, {}});
        for (std::uint32_t node = 0; node < setup_.system.fleet.nodes; ++node) {
            LocalCache* const near = system_->near(node);
            if (near != nullptr && is_alive(node) && near->peek(key, runtime_.now()))
                possible_.push_back(
                    {Kind::evict, static_cast<std::uint16_t>(node + 1), key, {}});
        }
    }
    for (std::uint32_t node = 0; left_.crashes > 0 && node < setup_.system.fleet.nodes;
         ++node) {
        if (is_alive(node) && is_worth_a_crash(node))
            possible_.push_back({Kind::crash, static_cast<std::uint16_t>(node), Key{0}, {}});
    }
}

// Before anything was begun a crash only leaves operations out; when all is done it takes a
// near cache along, or nothing.
bool Execution::is_worth_a_crash(std::uint32_t node) const {
    if (!setup_.system.fleet.has_near && !runtime_.is_busy(static_cast<std::uint8_t>(node)))
        return false;
    for (const ExploredOperation& one : operations_) {
        if (setup_.node_of(one.step.client) == node && one.has_begun) return true;
    }
    return false;
}

const Footprint& Execution::take(const ScheduleChoice& choice) {
    switch (choice.kind) {
        case Kind::step:
            return runtime_.resume(choice.who, choice.answers);
        case Kind::time:
            runtime_.pass_time();
            return runtime_.footprint();
        case Kind::crash:
            crash(choice.who);
            return runtime_.footprint();
        case Kind::evict:
            break;
    }
    --left_.evictions;
    fault_ = {};
    fault_.spent = Footprint::of_evictions;
    fault_.node = SharedObject::nodes_most - 1;
    const auto key = static_cast<std::uint8_t>(index_of(choice.key));
    if (choice.who == 0) {
        system_->shared()->evict(choice.key);
        fault_.add({Shared::cache, 0, key}, true);
    } else {
        system_->near(choice.who - 1U)->evict(choice.key);
        fault_.add({Shared::near_cache, static_cast<std::uint8_t>(choice.who - 1), key}, true);
    }
    runtime_.settle();
    return fault_;
}

void Execution::crash(std::uint32_t node) {
    --left_.crashes;
    dead_ |= 1U << node;
    runtime_.kill_node(static_cast<std::uint8_t>(node));
    for (std::size_t i = 0; i < operations_.size(); ++i) {
        ExploredOperation& one = operations_[i];
        if (setup_.node_of(one.step.client) != node || !one.has_begun || one.has_ended)
            continue;
        died_ |= 1U << i;
        runtime_.forget_operation(static_cast<int>(i));
    }
    runtime_.settle();
}

bool Execution::is_preemption(const ScheduleChoice& last, const ScheduleChoice& next) const {
    if (last.kind != Kind::step || next.kind != Kind::step || last.who == next.who)
        return false;
    const ScheduleTask& task = runtime_.task(last.who);
    return runtime_.is_enabled(last.who) && task.operation >= 0 && !task.begins;
}

ExploredOutcome Execution::outcome() {
    ExploredOutcome outcome{.operations = operations_,
                            .committed = system_->store().committed(),
                            .died = died_,
                            .is_initially_absent = setup_.are_rows_absent};
    for (std::size_t i = 0; i < operations_.size(); ++i) {
        const bool is_stuck =
            operations_[i].has_begun && !operations_[i].has_ended && (died_ & (1U << i)) == 0;
        if (is_stuck) outcome.stuck |= 1U << i;
    }
    add_copies(outcome);
    return outcome;
}

void Execution::add_copies(ExploredOutcome& outcome) {
    for (std::uint32_t node = 0; node < setup_.system.fleet.nodes; ++node) {
        LocalCache* const near = system_->near(node);
        if (near != nullptr && is_alive(node))
            add_copies_of(*near, static_cast<std::int8_t>(node), outcome);
    }
    if (ExploredCache* const shared = system_->shared())
        add_copies_of(shared->local(), -1, outcome);
}

void Execution::add_copies_of(LocalCache& cache, std::int8_t node, ExploredOutcome& outcome) {
    for (std::uint32_t i = 0; i < setup_.program.keys; ++i) {
        const Key key{i};
        const auto cached = cache.peek(key, runtime_.now());
        if (!cached || runtime_.has_passed(cached->kept_until())) continue;
        // What is left of a quarantine, as of a dead writer, takes the entry along.
        const Instant last = cached->kept_until() - Duration{1};
        const Instant free = runtime_.now() + setup_.system.settings.guarding.quarantine_ttl;
        if (!cache.peek(key, std::min(last, free))) continue;
        outcome.copies.push_back(
            {node, key, system_->store().value_of(key, cached->row), cached->expires == never});
    }
}

}  // namespace stalemark
