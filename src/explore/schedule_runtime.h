// SPDX-License-Identifier: Apache-2.0
// A runtime whose caller says which task goes on at every step, and whether a deadline has
// passed.
//
// A task runs up to its next step (runtime/step.h) and stops before it. resume() lets it make
// that step; what follows up to the next one is local, also in the tasks that were woken, and
// is done at once. So two schedules differ in the order of their steps alone.
//
// Time is a choice. Work that was planned is due at once: its next step may come at any time. A
// window may have begun or not (Timer::window). A limit passes where a fault is spent on it, or
// where nothing else can go on (pass_time()). A task that looks again and again goes on when
// what it has looked at has changed. A wait that ends by the clock alone, as that of a late
// delete, is meant to be longer than any read takes: it ends when the reads that were under way
// at its beginning have ended.

#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "explore/footprint.h"
#include "explore/schedule_task.h"
#include "runtime/runtime.h"
#include "runtime/stacks.h"

namespace stalemark {

class ScheduleRuntime final : public Runtime, private StepWatch {
public:
    ScheduleRuntime();
    ~ScheduleRuntime() override;

    // A new schedule begins, in which so many limits may pass as faults and so many events be
    // lost. Requires: no task is left of the one before.
    void begin(std::uint32_t limits, std::uint32_t losses);

    // What is made from now on belongs to this node.
    void make_for(std::uint8_t node) { making_for_ = node; }

    // Steps that are no steps of their own in the system at hand, and reads that may write.
    struct Rules {
        bool are_locks_shared = false;     // A lock of a key is a call of a tier.
        bool near_gets_write = false;      // They may grant leases.
        bool do_near_keys_couple = false;  // As of ExploredCache.
    };
    void set_rules(const Rules& rules) { rules_ = rules; }

    // Tasks are numbered in the order of their making.
    std::uint16_t tasks() const { return static_cast<std::uint16_t>(used_); }
    const ScheduleTask& task(std::uint16_t number) const { return *pool_[number]; }

    // Whether the task stands before a step that it may make.
    bool is_enabled(std::uint16_t number) const;

    // Lets the task make its step, and all that were woken go on to theirs. `script` begins the
    // answers to questions about time, '1' for "it is over"; beyond it the answer is "no".
    // Answers what was touched.
    const Footprint& resume(std::uint16_t number, std::string_view script);

    // Of what was done last: a step, the passing of time or the end of a node.
    const Footprint& footprint() const { return footprint_; }

    // Whether pass_time() would let it go on.
    bool waits_for_time(std::uint16_t number) const;

    // All answers in the last step, and which could have been "yes", as bits.
    const std::string& answers() const { return answers_; }
    std::uint32_t open_answers() const { return open_; }

    // What was made or woken outside of resume() goes on to its first step.
    void settle();

    // What is waited for is over, for all that wait for a time. False: nothing waits so.
    bool pass_time();

    // The tasks of the node take no further step before run_out(). That the process is gone,
    // and they with it, makes no difference to others; to unwind them takes longer than a
    // schedule.
    void kill_node(std::uint8_t node);

    // Whether a task of the node does something, or waits for a time.
    bool is_busy(std::uint8_t node) const;

    // From now on, or no longer, no task stops before a step.
    void let_run(bool free) { runs_free_ = free; }

    // The schedule is over: all tasks, also dead ones, go on by themselves, and all limits have
    // passed. Who then still looks again and again is ended.
    void run_out();

    // Whether the limit has passed.
    bool has_passed(Instant limit) const;
    std::uint32_t limits_left() const { return limits_left_; }

    // For clients: the operation begins with the next step of the calling task, and has ended.
    // `on_begin` is told in the step.
    void begin_operation(int operation, bool is_read);
    void end_operation(int operation);
    std::function<void(int)> on_begin;
    std::uint32_t returned() const { return returned_; }
    void forget_operation(int operation);  // Its node has died.

    // The operation of the calling task, -1: none; and of those that wait in its node's queue
    // of writes, the ones that it has taken.
    int running_operation() const { return running_ == nullptr ? -1 : running_->operation; }
    std::vector<int> taken_operations() const {
        return running_ == nullptr ? std::vector<int>() : running_->taken;
    }

    // For tiers: the calling task is about to make this call. Then, when it has been made:
    // whether it has changed something; that it wrote; and what else it has touched.
    void step(const SharedObject& object, std::string_view what, bool writes);
    void note_changed(const SharedObject& object) { ++changes_[object.index()]; }
    void note_write() { footprint_.accesses[0].writes = true; }
    void touch(const SharedObject& object, bool writes) { footprint_.add(object, writes); }

    // What the last step came to, for people. Filled in while it is recording.
    bool is_recording = false;
    std::string effect;

    // As in Runtime.
    Instant now() const override { return now_; }
    void sleep_until(Instant when) override;
    void run() override {}
    Task* self() const override { return running_; }
    void park(std::string_view why) override;
    bool park_until(Instant when, std::string_view why) override;
    void unpark(Task* task) override;
    void wake(Task* task) override;
    End ending() const override { return running_ == nullptr ? End::none : running_->end; }
    using Runtime::is_over;

private:
    friend class ScheduleGroup;

    std::unique_ptr<Group> make_group() override;
    void at(const Step& step) override;
    bool is_over(Instant deadline, Timer timer) override;
    bool is_lost() override;

    static constexpr Duration tick = std::chrono::microseconds(1);  // A step.

    bool answer(bool may_be_over);
    void begin_footprint();
    void start(std::string_view name, std::function<void()> body, ScheduleGroup& group);
    void stop(ScheduleTask& task, ScheduleTask::State state);
    void stop_and_wait(ScheduleTask& task, ScheduleTask::State state);
    static bool leaves(const ScheduleTask& task);
    void go_on(ScheduleTask& task);
    void note_looks(ScheduleTask& task);
    void note_queue(ScheduleTask& task);
    bool has_joined(int operation) const;
    void note_late_delete(ScheduleTask& task, bool is_due);
    bool wake_waiting();
    void stand_before(ScheduleTask& task, const ScheduleTask::Pending& pending);
    void end_tasks(const ScheduleGroup& group, End how);
    Fiber& live();

    Stacks stacks_;
    Fiber outside_;
    std::vector<std::unique_ptr<ScheduleTask>> pool_;
    std::size_t used_ = 0;
    ScheduleTask* running_ = nullptr;
    std::exception_ptr error_;
    Rules rules_;
    std::uint8_t making_for_ = 0;
    bool runs_free_ = false;
    bool are_limits_over_ = false;
    Instant now_{0};

    Footprint footprint_;
    std::string answers_;
    std::string_view script_;
    std::uint32_t open_ = 0;
    std::uint32_t limits_left_ = 0;
    std::uint32_t losses_left_ = 0;
    std::vector<Instant> passed_;
    std::uint32_t reads_ = 0;  // Of the operations below.
    std::uint32_t under_way_ = 0;
    std::uint32_t returned_ = 0;
    std::array<std::deque<std::uint32_t>, SharedObject::nodes_most> late_deletes_;
    std::array<std::vector<int>, SharedObject::nodes_most> queued_;
    std::array<std::uint16_t, SharedObject::indexes> changes_{};
};

}  // namespace stalemark
