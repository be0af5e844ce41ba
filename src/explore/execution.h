// SPDX-License-Identifier: Apache-2.0
// One schedule of a program, one choice after the other.

#pragma once

#include <optional>
#include <vector>

#include "explore/explored_system.h"

namespace stalemark {

class Execution {
public:
    // The clients stand before their first steps.
    Execution(const ExploredSetup& setup, ScheduleRuntime& runtime);
    ~Execution();
    Execution(const Execution&) = delete;
    Execution& operator=(const Execution&) = delete;

    // What can happen next: steps in the order of their tasks, then faults; of nothing else,
    // the passing of time. Empty: the system is at rest. The choices have no answers yet.
    const std::vector<ScheduleChoice>& possible();

    // Makes it happen; what it has touched. Of a step, the answers to questions that follow
    // those in the choice are "no".
    const Footprint& take(const ScheduleChoice& choice);

    // All answers of the step that was taken last, and which could have been "yes", as bits.
    const std::string& answers() const { return runtime_.answers(); }
    std::uint32_t open_answers() const { return runtime_.open_answers(); }

    // Whether `next` comes in the middle of an operation that could go on after `last`.
    bool is_preemption(const ScheduleChoice& last, const ScheduleChoice& next) const;

    // Requires: possible() is empty.
    ExploredOutcome outcome();

    ExploredSystem& system() { return *system_; }
    ScheduleRuntime& runtime() { return runtime_; }
    const std::vector<ExploredOperation>& operations() const { return operations_; }
    bool is_alive(std::uint32_t node) const { return (dead_ & (1U << node)) == 0; }

private:
    void warm();
    void live(std::uint32_t client);
    void carry_out(int operation);
    void add_faults();
    bool is_worth_a_crash(std::uint32_t node) const;
    void crash(std::uint32_t node);
    void add_copies(ExploredOutcome& outcome);
    void add_copies_of(LocalCache& cache, std::int8_t node, ExploredOutcome& outcome);

    const ExploredSetup& setup_;
    ScheduleRuntime& runtime_;
    std::optional<ExploredSystem> system_;
    std::optional<TaskGroup> clients_;
    std::vector<ExploredOperation> operations_;
    std::vector<ScheduleChoice> possible_;
    ExploredFaults left_;
    Footprint fault_;
    std::uint32_t dead_ = 0;  // Nodes, as bits.
    std::uint32_t died_ = 0;  // Operations, as bits.
};

}  // namespace stalemark
