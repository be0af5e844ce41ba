// SPDX-License-Identifier: Apache-2.0
// A line on standard error with the share done and the time left; silent where nobody looks.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/types.h"

namespace stalemark {

// How long the rest takes if it goes on as what is done: spent * (1 - share) / share. Nothing
// while nothing is done, or no time is spent. `share`: 0 to 1.
std::optional<Duration> time_left(Duration spent, double share);

// "measuring  50%, 00:03 left [###############               ] note", cut to so many columns;
// of what has no known end "measuring note". Time that is left is rounded up to seconds.
std::string progress_text(std::string_view stage, std::optional<double> share, Duration spent,
                          std::string_view note, std::size_t columns);

class Progress {
public:
    // Shows nothing if `is_quiet` or if standard error is no terminal.
    explicit Progress(bool is_quiet);

    // Leaves a clean line behind.
    ~Progress() { clear(); }

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // Whether anybody would see more than a moment ago. Cheap: for those who have to count
    // before they can tell a share.
    bool is_due() const;

    // Replaces what is shown, at once for another stage and else ten times a second at most.
    // `share`: of this stage, whose time left is counted from when it was first shown; nothing:
    // not known.
    void show(std::string_view stage, std::optional<double> share = std::nullopt,
              std::string_view note = "");

    void clear();

private:
    bool is_shown_;
    bool is_dirty_ = false;  // The line has something in it.
    std::string stage_;
    Duration stage_began_{0};
    Duration shown_at_{0};
};

}  // namespace stalemark
