// One line on standard error that says how far things are; silent where nobody looks.

#pragma once

#include <string>
#include <string_view>

namespace stalemark {

class Progress {
public:
    // Shows nothing if `is_quiet` or if standard error is no terminal.
    explicit Progress(bool is_quiet);

    // Leaves a clean line behind.
    ~Progress();

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // Replaces what is shown.
    void show(std::string_view text);

private:
    bool is_shown_;
    std::size_t width_ = 0;
};

}  // namespace stalemark
