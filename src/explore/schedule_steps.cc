// SPDX-License-Identifier: Apache-2.0
// Of a ScheduleRuntime: steps, what they touch, and the answers to questions about time.

#include <algorithm>
#include <stdexcept>
#include <string>

#include "explore/schedule_runtime.h"

namespace stalemark {
namespace {

using State = ScheduleTask::State;

}  // namespace

bool ScheduleRuntime::is_enabled(std::uint16_t number) const {
    const ScheduleTask& one = *pool_[number];
    return one.state == State::at_step && !one.is_dead && (one.waits_for & under_way_) == 0;
}

const Footprint& ScheduleRuntime::resume(std::uint16_t number, std::string_view script) {
    ScheduleTask& one = *pool_[number];
    begin_footprint();
    footprint_.node = one.node;
    footprint_.add(one.pending.object, one.pending.writes);
    script_ = script;
    now_ += tick;
    one.waits_for = 0;
    if (one.begins) {
        one.begins = false;
        footprint_.begins = true;
        one.looks.clear();
        one.asked.clear();
        under_way_ |= 1U << one.operation;
        on_begin(one.operation);
    }
    if (one.pending.object.kind == Shared::write_queue) note_queue(one);
    // A look may grant a lease, and brings nobody else what is waited for.
    const bool is_look = one.pending.what == "get";
    if (one.pending.writes && !one.pending.is_of_tier && !is_look)
        note_changed(one.pending.object);
    go_on(one);
    note_looks(one);
    settle();
    return footprint_;
}

void ScheduleRuntime::begin_footprint() {
    footprint_ = {};
    answers_.clear();
    open_ = 0;
    if (is_recording) effect.clear();
}

void ScheduleRuntime::note_looks(ScheduleTask& one) {
    for (std::uint8_t i = 0; i < footprint_.count; ++i) {
        const std::size_t object = footprint_.accesses[i].object.index();
        one.looks.push_back({object, changes_[object]});
    }
}

void ScheduleRuntime::note_queue(ScheduleTask& one) {
    std::vector<int>& queued = queued_[one.node];
    if (one.pending.what == "add") queued.push_back(one.operation);
    if (one.pending.what != "take batch") return;
    one.taken.clear();
    std::erase_if(queued, [&](int operation) {
        if (!has_joined(operation)) return false;
        one.taken.push_back(operation);
        return true;
    });
}

// Whether the change is in the queue: its client neither waits for room there nor makes some.
bool ScheduleRuntime::has_joined(int operation) const {
    for (std::size_t i = 0; i < used_; ++i) {
        const ScheduleTask& one = *pool_[i];
        if (one.operation != operation) continue;
        const Shared kind = one.pending.object.kind;
        return one.state != State::parked && kind != Shared::write_queue &&
               kind != Shared::store;
    }
    return true;
}

bool ScheduleRuntime::waits_for_time(std::uint16_t number) const {
    const ScheduleTask& one = *pool_[number];
    if (one.is_dead) return false;
    return (one.state == State::looks && !one.asked.empty()) ||
           (one.state == State::parked && one.has_limit) || one.state == State::sleeps ||
           (one.state == State::at_step && one.waits_for != 0);
}

bool ScheduleRuntime::pass_time() {
    bool has_passed_some = false;
    begin_footprint();
    footprint_.is_everything = true;
    for (std::size_t i = 0; i < used_; ++i) {
        ScheduleTask& one = *pool_[i];
        if (!waits_for_time(one.number)) continue;
        has_passed_some = true;
        passed_.insert(passed_.end(), one.asked.begin(), one.asked.end());
        one.asked.clear();
        one.looks.clear();
        one.waits_for = 0;
        if (one.state == State::at_step) continue;
        one.is_timed_out = true;
        one.is_ready = true;
    }
    settle();
    return has_passed_some;
}

bool ScheduleRuntime::has_passed(Instant limit) const {
    return limit <= now_ || std::ranges::find(passed_, limit) != passed_.end();
}

void ScheduleRuntime::step(const SharedObject& object, std::string_view what, bool writes) {
    if (running_ == nullptr || running_->end != End::none) return;
    if (runs_free_) {
        running_->looks.push_back({object.index(), changes_[object.index()]});
        return;
    }
    stand_before(*running_, {object, what, writes, true});
}

void ScheduleRuntime::stand_before(ScheduleTask& one, const ScheduleTask::Pending& pending) {
    one.pending = pending;
    stop(one, State::at_step);
}

void ScheduleRuntime::at(const Step& step) {
    if (running_ == nullptr) return;
    if (step.where == polls.where) {
        running_->announces_look = true;
        return;
    }
    if (runs_free_ || running_->end != End::none) return;
    if (step.where == "semaphore" || (rules_.are_locks_shared && step.where == "key lock"))
        return;
    ScheduleTask& one = *running_;
    const auto key = static_cast<std::uint8_t>(index_of(step.key));
    const auto of = [&](Shared kind, bool writes, bool has_key) {
        const SharedObject object{kind, one.node, has_key ? key : SharedObject::all_keys};
        stand_before(one, {object, step.what, writes, false});
    };
    if (step.where == "cache") {
        const bool has_key = step.what != "clear" && !rules_.do_near_keys_couple;
        return of(Shared::near_cache, step.what != "get" || rules_.near_gets_write, has_key);
    }
    if (step.where == "lock") return of(Shared::mutex, true, true);
    if (step.where == "write queue") return of(Shared::write_queue, step.what != "find", false);
    if (step.where == "flight") return of(Shared::flight, true, false);
    if (step.where == "reloads") return of(Shared::reloads, true, false);
    if (step.where == "throttle") return of(Shared::throttle, step.what != "look", true);
    if (step.where == "key lock") {
        of(Shared::node_locks, true, true);
        return;
    }
    if (step.where == "late deletes") return note_late_delete(one, step.what == "due");
    if (step.where == "bus") {
        const bool publishes = step.what == "publish";
        const SharedObject object{publishes ? Shared::bus : Shared::inbox,
                                  publishes ? std::uint8_t{0} : one.node,
                                  SharedObject::all_keys};
        return stand_before(one, {object, step.what, true, false});
    }
    throw std::logic_error("a step of an unknown kind: " + std::string(step.where));
}

// To plan a late delete belongs to the step before: a delay that begins later waits for no
// other read that could fill in what is old. To begin with it belongs to the erase that
// follows.
void ScheduleRuntime::note_late_delete(ScheduleTask& one, bool is_due) {
    std::deque<std::uint32_t>& planned = late_deletes_[one.node];
    touch({Shared::late_deletes, one.node, SharedObject::all_keys}, true);
    if (!is_due) {
        footprint_.marks_operations = true;
        planned.push_back(under_way_ & reads_);
    } else if (!planned.empty()) {
        one.waits_for = planned.front();
        planned.pop_front();
    }
}

bool ScheduleRuntime::is_over(Instant deadline, Timer timer) {
    if (deadline <= now_) return true;
    if (timer == Timer::work) return true;
    if (are_limits_over_) return timer == Timer::limit;
    if (running_ == nullptr || runs_free_ || running_->end != End::none)
        return timer == Timer::limit && has_passed(deadline);
    if (timer == Timer::window) return answer(true);
    if (has_passed(deadline)) return true;
    if (!answer(limits_left_ > 0)) {
        running_->asked.push_back(deadline);
        return false;
    }
    --limits_left_;
    passed_.push_back(deadline);
    footprint_.spent |= Footprint::of_limits;
    for (std::uint8_t i = 0; i < footprint_.count; ++i) footprint_.accesses[i].writes = true;
    if (is_recording) effect = "its time is over";
    return true;
}

bool ScheduleRuntime::is_lost() {
    if (running_ == nullptr || runs_free_ || running_->end != End::none) return false;
    if (!answer(losses_left_ > 0)) return false;
    --losses_left_;
    footprint_.spent |= Footprint::of_losses;
    if (is_recording) effect = "lost";
    return true;
}

// '0' or '1' for one question more.
bool ScheduleRuntime::answer(bool may_be_over) {
    const std::size_t place = answers_.size();
    if (may_be_over && place < 32) open_ |= 1U << place;
    const bool is_yes = may_be_over && place < script_.size() && script_[place] == '1';
    answers_ += is_yes ? '1' : '0';
    return is_yes;
}

}  // namespace stalemark
