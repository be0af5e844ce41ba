// SPDX-License-Identifier: Apache-2.0
#include "explore/shortest_search.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "explore/judge.h"

namespace stalemark {
namespace {

constexpr std::uint32_t preemptions_most = 4;

std::size_t switches_of(const std::vector<ScheduleChoice>& choices) {
    std::size_t switches = 0;
    for (std::size_t i = 1; i < choices.size(); ++i) {
        if (!choices[i].is_same_actor(choices[i - 1])) ++switches;
    }
    return switches;
}

class ShortestSearch {
public:
    ShortestSearch(const ExploredSetup& setup, ScheduleRuntime& runtime, AnomalySet wanted,
                   std::uint64_t schedules_most)
        : setup_(setup), runtime_(runtime), wanted_(wanted), left_(schedules_most) {
        const std::size_t operations = setup.program.operations.size();
        for (std::size_t size = 1; size <= operations; ++size) add_parts(size);
    }

    ShortSchedules all() {
        for (std::uint32_t bound = 0; bound <= preemptions_most; ++bound) {
            for (std::size_t i = 0; i < parts_.size() && wanted_ != 0 && left_ > 0; ++i) {
                search(parts_[i], bound);
                const bool is_last_of_size =
                    i + 1 == parts_.size() ||
                    parts_[i + 1].operations.size() > parts_[i].operations.size();
                if (is_last_of_size && left_ > 0) wanted_ &= static_cast<AnomalySet>(~found_);
            }
        }
        // What was found when the search was cut off may not be the shortest.
        for (std::size_t i = 0; i < schedule_anomalies; ++i) {
            if (has(wanted_, static_cast<ScheduleAnomaly>(i))) shortest_[i].reset();
        }
        return std::move(shortest_);
    }

private:
    // Those of so many operations. An m counts as two, and is not parted.
    void add_parts(std::size_t size) {
        const std::uint32_t all = 1U << setup_.program.operations.size();
        for (std::uint32_t kept = 1; kept < all; ++kept) {
            if (static_cast<std::size_t>(std::popcount(kept)) != size) continue;
            Program part = setup_.program.only(kept);
            if (part.operations.size() == size) parts_.push_back(std::move(part));
        }
    }

    void search(const Program& part, std::uint32_t bound) {
        ExploredSetup setup = setup_;
        setup.program = part;
        prepare(setup);
        const SearchCounts counts = search_schedules(
            setup, runtime_,
            {.is_reduced = false, .preemptions_most = bound, .schedules_most = left_},
            [&](const FoundSchedule& found) {
                note(part, found);
                return true;
            });
        left_ -= std::min(left_, counts.schedules + counts.abandoned + counts.cut_off);
    }

    void note(const Program& part, const FoundSchedule& found) {
        const auto seen = static_cast<AnomalySet>(judge(found.outcome) & wanted_);
        if (seen == 0) return;
        const std::tuple rank(switches_of(found.choices), found.choices.size());
        for (std::size_t i = 0; i < schedule_anomalies; ++i) {
            if (!has(seen, static_cast<ScheduleAnomaly>(i))) continue;
            if (has(found_, static_cast<ScheduleAnomaly>(i)) && ranks_[i] <= rank) continue;
            found_ |= set_of(static_cast<ScheduleAnomaly>(i));
            ranks_[i] = rank;
            shortest_[i] = {part, found.choices};
        }
    }

    const ExploredSetup& setup_;
    ScheduleRuntime& runtime_;
    AnomalySet wanted_;
    AnomalySet found_ = 0;
    std::uint64_t left_;
    std::vector<Program> parts_;
    std::array<std::tuple<std::size_t, std::size_t>, schedule_anomalies> ranks_;
    ShortSchedules shortest_;
};

}  // namespace

ShortSchedules find_shortest(const ExploredSetup& setup, ScheduleRuntime& runtime,
                             AnomalySet wanted, std::uint64_t schedules_most) {
    if (setup.program.operations.size() > 10) return {};
    return ShortestSearch(setup, runtime, wanted, schedules_most).all();
}

}  // namespace stalemark
