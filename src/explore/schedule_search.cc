// SPDX-License-Identifier: Apache-2.0
#include "explore/schedule_search.h"

#include <algorithm>

namespace stalemark {
namespace {

// A choice that was made here or before, and what it touched.
struct Explored {
    ScheduleChoice choice;
    Footprint footprint;
};

// A place on the way, at which one choice is being followed.
struct Place {
    std::vector<ScheduleChoice> possible;
    std::vector<bool> preempts;  // Whether each is a preemption.
    std::size_t next = 0;        // Of `possible`, the one that is followed.
    std::vector<Explored> asleep;
    std::vector<Explored> done;
    ScheduleChoice taken;  // With all its answers.
    Footprint footprint;
    std::uint32_t open_answers = 0;
    std::uint32_t preemptions = 0;  // Before this choice.

    std::uint32_t preemptions_after() const {
        return preemptions + (preempts.empty() || !preempts[next] ? 0U : 1U);
    }
};

class Search {
public:
    Search(const ExploredSetup& setup, ScheduleRuntime& runtime, const SearchSettings& settings,
           const std::function<bool(const FoundSchedule&)>& see)
        : setup_(setup), runtime_(runtime), settings_(settings), see_(see) {}

    SearchCounts all() {
        bool goes_on = true;
        while (goes_on && (run_once(), is_going_on_)) goes_on = has_another();
        if (!is_going_on_) counts_.is_exhaustive = false;
        return counts_;
    }

private:
    // From the beginning, along the path, and on to the end of a schedule.
    void run_once() {
        Execution execution(setup_, runtime_);
        for (std::size_t depth = 0; depth < depth_; ++depth) {
            Place& place = places_[depth];
            const bool is_new = depth + 1 == depth_;
            const Footprint& footprint = execution.take(place.taken);
            if (!is_new) continue;
            if (!note_taken(execution, place, footprint)) return abandon();
        }
        while (add_place(execution)) {
            Place& place = places_[depth_ - 1];
            if (place.next == place.possible.size()) {
                --depth_;
                return abandon();
            }
            place.taken = place.possible[place.next];
            const Footprint& footprint = execution.take(place.taken);
            if (!note_taken(execution, place, footprint)) return abandon();
        }
        count(execution);
    }

    void abandon() {
        ++counts_.abandoned;
        check_bound();
    }

    void count(Execution& execution) {
        if (is_cut_off_) {
            is_cut_off_ = false;
            ++counts_.cut_off;
            counts_.is_exhaustive = false;
            return check_bound();
        }
        ++counts_.schedules;
        const ExploredOutcome outcome = execution.outcome();
        choices_.clear();
        for (std::size_t i = 0; i < depth_; ++i) choices_.push_back(places_[i].taken);
        const std::uint32_t preemptions =
            depth_ == 0 ? 0 : places_[depth_ - 1].preemptions_after();
        if (!see_({outcome, choices_, preemptions})) is_going_on_ = false;
        check_bound();
    }

    void check_bound() {
        if (settings_.schedules_most != 0 &&
            counts_.schedules + counts_.abandoned + counts_.cut_off >= settings_.schedules_most)
            is_going_on_ = false;
    }

    // What the choice came to. False: it is asleep, with these answers.
    bool note_taken(Execution& execution, Place& place, const Footprint& footprint) {
        place.footprint = footprint;
        place.open_answers = execution.open_answers();
        if (place.taken.kind == ScheduleChoice::Kind::step)
            place.taken.answers = execution.answers();
        return place.taken.answers.empty() || !is_asleep(place, place.taken);
    }

    // False: the schedule has come to its end.
    bool add_place(Execution& execution) {
        const auto& possible = execution.possible();
        if (possible.empty()) return false;
        if (depth_ == settings_.choices_most) {
            is_cut_off_ = true;
            return false;
        }
        if (depth_ == places_.size()) places_.emplace_back();
        Place& place = places_[depth_];
        place.possible = possible;
        place.next = 0;
        place.done.clear();
        place.asleep.clear();
        place.preempts.clear();
        place.preemptions = 0;
        if (depth_ > 0) follow(execution, places_[depth_ - 1], place);
        ++depth_;
        skip(place);
        return true;
    }

    void follow(Execution& execution, const Place& before, Place& place) {
        if (settings_.is_reduced) {
            fall_asleep(before.asleep, before, place);
            fall_asleep(before.done, before, place);
            wake_last_step(before, place);
            return;
        }
        place.preemptions = before.preemptions_after();
        const bool is_at_bound =
            settings_.preemptions_most && place.preemptions >= *settings_.preemptions_most;
        const auto preempts = [&](const ScheduleChoice& next) {
            return execution.is_preemption(before.taken, next);
        };
        if (is_at_bound) std::erase_if(place.possible, preempts);
        for (const ScheduleChoice& one : place.possible)
            place.preempts.push_back(preempts(one));
    }

    static void fall_asleep(const std::vector<Explored>& from, const Place& before,
                            Place& place) {
        for (const Explored& one : from) {
            if (!one.choice.is_same_actor(before.taken) &&
                !are_dependent(one.footprint, before.footprint))
                place.asleep.push_back(one);
        }
    }

    // At rest there are no faults. So a fault cannot change places with the only step that is
    // left, also where the two touch nothing in common.
    static void wake_last_step(const Place& before, Place& place) {
        using Kind = ScheduleChoice::Kind;
        if (before.taken.kind != Kind::evict && before.taken.kind != Kind::crash) return;
        const auto is_step = [](const ScheduleChoice& one) { return one.kind == Kind::step; };
        if (std::ranges::count_if(place.possible, is_step) != 1) return;
        std::erase_if(place.asleep, [&](const Explored& one) { return is_step(one.choice); });
    }

    static bool is_asleep(const Place& place, const ScheduleChoice& choice) {
        return std::ranges::any_of(place.asleep,
                                   [&](const Explored& one) { return one.choice == choice; });
    }

    // Past choices that are asleep whatever the answers: there are none.
    static void skip(Place& place) {
        while (place.next < place.possible.size() &&
               is_asleep(place, place.possible[place.next]))
            ++place.next;
    }

    // Back to the last place with another choice.
    bool has_another() {
        for (; depth_ > 0; --depth_) {
            Place& place = places_[depth_ - 1];
            if (settings_.is_reduced) place.done.push_back({place.taken, place.footprint});
            if (next_answers(place)) return true;
            ++place.next;
            skip(place);
            if (place.next == place.possible.size()) continue;
            place.taken = place.possible[place.next];
            return true;
        }
        return false;
    }

    // The last answer that was "no" and could have been "yes" is "yes" now.
    static bool next_answers(Place& place) {
        std::string& answers = place.taken.answers;
        while (!answers.empty()) {
            const std::size_t last = answers.size() - 1;
            if (answers[last] == '0' && (place.open_answers & (1U << last)) != 0) {
                answers[last] = '1';
                return true;
            }
            answers.pop_back();
        }
        return false;
    }

    const ExploredSetup& setup_;
    ScheduleRuntime& runtime_;
    const SearchSettings& settings_;
    const std::function<bool(const FoundSchedule&)>& see_;
    std::vector<Place> places_;
    std::size_t depth_ = 0;
    std::vector<ScheduleChoice> choices_;
    SearchCounts counts_;
    bool is_going_on_ = true;
    bool is_cut_off_ = false;
};

}  // namespace

SearchCounts search_schedules(const ExploredSetup& setup, ScheduleRuntime& runtime,
                              const SearchSettings& settings,
                              const std::function<bool(const FoundSchedule&)>& see) {
    return Search(setup, runtime, settings, see).all();
}

}  // namespace stalemark
