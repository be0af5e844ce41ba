// SPDX-License-Identifier: Apache-2.0
#include "explore/schedule_sampling.h"

#include <algorithm>

#include "core/random.h"

namespace stalemark {
namespace {

using Kind = ScheduleChoice::Kind;

constexpr std::size_t questions_most = 32;  // Of a step.
constexpr std::size_t changes_of_pct = 2;   // Of priorities in a schedule.
constexpr std::uint64_t lowest_by_lot =
    16;  // Below are the priorities that change points give.

// Chooses the steps of one schedule.
class Sampler {
public:
    Sampler(Sampling kind, std::uint64_t seed, std::size_t length)
        : kind_(kind), random_(Random::named(seed, "schedule")), length_(length) {
        for (std::size_t& change : changes_) change = random_.below(length);
    }

    ScheduleChoice choose(const std::vector<ScheduleChoice>& possible) {
        const auto first_fault = std::ranges::find_if(
            possible, [](const ScheduleChoice& one) { return one.kind != Kind::step; });
        const auto steps = static_cast<std::size_t>(first_fault - possible.begin());
        const std::size_t faults = possible.size() - steps;
        if (steps == 0) return possible[random_.below(faults)];
        if (faults > 0 && random_.below(length_) == 0)
            return possible[steps + random_.below(faults)];
        ScheduleChoice choice = possible[step_of(possible, steps)];
        for (std::size_t i = 0; i < questions_most; ++i)
            choice.answers += random_.below(2) == 0 ? '0' : '1';
        return choice;
    }

    // The choice was made, and has touched this.
    void note(const ScheduleChoice& taken, const Footprint& footprint,
              const ScheduleRuntime& runtime) {
        ++steps_;
        if (kind_ != Sampling::pos) return;
        for (std::uint16_t number = 0; number < runtime.tasks() && number < priorities_.size();
             ++number) {
            const ScheduleTask& task = runtime.task(number);
            Footprint next;
            next.add(task.pending.object, task.pending.writes);
            const bool draws = (taken.kind == Kind::step && number == taken.who) ||
                               footprint.is_everything || meet(next, footprint);
            if (draws) priorities_[number] = draw();
        }
    }

private:
    std::size_t step_of(const std::vector<ScheduleChoice>& possible, std::size_t steps) {
        if (kind_ == Sampling::random) return random_.below(steps);
        std::size_t place = highest(possible, steps);
        for (std::size_t i = 0; kind_ == Sampling::pct && i < changes_.size(); ++i) {
            if (changes_[i] != steps_) continue;
            priorities_[possible[place].who] = i;
            place = highest(possible, steps);
        }
        return place;
    }

    std::size_t highest(const std::vector<ScheduleChoice>& possible, std::size_t steps) {
        std::size_t best = 0;
        for (std::size_t i = 0; i < steps; ++i) {
            while (priorities_.size() <= possible[i].who) priorities_.push_back(draw());
            if (priorities_[possible[i].who] > priorities_[possible[best].who]) best = i;
        }
        return best;
    }

    std::uint64_t draw() { return std::max(random_.next(), lowest_by_lot); }

    const Sampling kind_;
    Random random_;
    const std::size_t length_;
    std::array<std::size_t, changes_of_pct> changes_{};
    std::vector<std::uint64_t> priorities_;  // By task.
    std::size_t steps_ = 0;
};

}  // namespace

SearchCounts sample_schedules(const ExploredSetup& setup, ScheduleRuntime& runtime,
                              const SamplingSettings& settings,
                              const std::function<bool(const FoundSchedule&)>& see) {
    SearchCounts counts{.is_exhaustive = false};
    std::size_t length =
        4 * setup.program.operations.size();  // Of the longest; a guess at first.
    std::vector<ScheduleChoice> choices;
    for (std::uint64_t seed = 1; seed <= settings.seeds; ++seed) {
        Execution execution(setup, runtime);
        Sampler sampler(settings.kind, seed, length);
        std::uint32_t preemptions = 0;
        choices.clear();
        while (choices.size() < settings.choices_most) {
            const auto& possible = execution.possible();
            if (possible.empty()) break;
            ScheduleChoice choice = sampler.choose(possible);
            if (!choices.empty() && execution.is_preemption(choices.back(), choice))
                ++preemptions;
            sampler.note(choice, execution.take(choice), runtime);
            choice.answers = choice.kind == Kind::step ? execution.answers() : "";
            choices.push_back(std::move(choice));
        }
        if (!execution.possible().empty()) {
            ++counts.cut_off;
            continue;
        }
        ++counts.schedules;
        length = std::max(length, choices.size());
        if (!see({execution.outcome(), choices, preemptions})) break;
    }
    return counts;
}

}  // namespace stalemark
