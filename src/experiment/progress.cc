// SPDX-License-Identifier: Apache-2.0
#include "experiment/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "core/wall_clock.h"

namespace stalemark {
namespace {

constexpr std::size_t bar_columns = 30;
constexpr std::size_t usual_columns = 80;  // Of a terminal that does not tell.
constexpr Duration pause = std::chrono::milliseconds(100);
constexpr const char* erase_line = "\r\033[K";

std::size_t terminal_columns() {
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return usual_columns;
    return size.ws_col;
}

std::string clock_text(std::optional<Duration> left) {
    if (!left) return "?";
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*left).count();
    if (seconds < 3'600) return fmt::format("{:02}:{:02}", seconds / 60, seconds % 60);
    return fmt::format("{}:{:02}:{:02}", seconds / 3'600, seconds / 60 % 60, seconds % 60);
}

// Not in the middle of a character of several bytes, each of which counts for a column.
std::string cut(std::string text, std::size_t columns) {
    if (text.size() <= columns) return text;
    const auto is_inside = [&] {
        return (static_cast<unsigned char>(text[columns]) >> 6) == 2;
    };
    while (columns > 0 && is_inside()) --columns;
    text.resize(columns);
    return text;
}

}  // namespace

std::optional<Duration> time_left(Duration spent, double share) {
    if (share >= 1) return Duration{0};
    if (share <= 0 || spent <= Duration{0}) return std::nullopt;
    const double left = static_cast<double>(spent.count()) * (1 - share) / share;
    constexpr double most = 1e18;  // Thirty years: of what a Duration can hold.
    return Duration(static_cast<Duration::rep>(std::clamp(left, 0.0, most)));
}

std::string progress_text(std::string_view stage, std::optional<double> share, Duration spent,
                          std::string_view note, std::size_t columns) {
    std::string text(stage);
    if (share) {
        const double done = std::clamp(*share, 0.0, 1.0);
        const auto marks = static_cast<std::size_t>(done * bar_columns);
        text += fmt::format(" {:3.0f}%, {} left [{:<{}}]", 100 * done,
                            clock_text(time_left(spent, done)), std::string(marks, '#'),
                            bar_columns);
    }
    if (!note.empty()) text += fmt::format(" {}", note);
    return cut(std::move(text), columns);
}

Progress::Progress(bool is_quiet) : is_shown_(!is_quiet && ::isatty(STDERR_FILENO) != 0) {}

bool Progress::is_due() const { return is_shown_ && time_that_passes() >= shown_at_ + pause; }

void Progress::show(std::string_view stage, std::optional<double> share,
                    std::string_view note) {
    if (!is_shown_) return;
    const bool is_new = stage != stage_;
    if (!is_new && !is_due()) return;
    const Duration now = time_that_passes();
    if (is_new) {
        stage_ = stage;
        stage_began_ = now;
    }
    shown_at_ = now;
    // The last column stays free: some terminals begin a new line as soon as it is written.
    const std::string text =
        progress_text(stage, share, now - stage_began_, note, terminal_columns() - 1);
    fmt::print(stderr, "{}{}", erase_line, text);
    std::fflush(stderr);
    is_dirty_ = true;
}

void Progress::clear() {
    if (!is_dirty_) return;
    fmt::print(stderr, "{}", erase_line);
    std::fflush(stderr);
    is_dirty_ = false;
}

}  // namespace stalemark
