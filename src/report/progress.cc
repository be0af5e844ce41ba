#include "report/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace stalemark {

Progress::Progress(bool is_quiet) : is_shown_(!is_quiet && ::isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() { show(""); }

void Progress::show(std::string_view text) {
    if (!is_shown_ || (text.empty() && width_ == 0)) return;
    fmt::print(stderr, "\r{:<{}}", text, width_);
    if (text.empty()) fmt::print(stderr, "\r");
    std::fflush(stderr);
    width_ = text.size();
}

}  // namespace stalemark
