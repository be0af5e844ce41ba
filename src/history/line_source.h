// SPDX-License-Identifier: Apache-2.0
// The lines of a file or pipe, one after the other, in memory that does not grow with it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stalemark {

class LineSource {
public:
    // "-" is standard input. Throws InputError if it cannot be opened, or is a folder.
    explicit LineSource(const std::string& path);
    ~LineSource();
    LineSource(const LineSource&) = delete;
    LineSource& operator=(const LineSource&) = delete;

    // The next line, without its end; valid until the next call. Answers false if there is
    // none. Throws InputError if it cannot be read or is longer than 1 MiB.
    bool next(std::string_view& line);

    std::uint64_t number() const { return number_; }   // Of the line that came last.
    bool is_ended() const { return is_ended_; }        // Whether that had an end.
    const std::string& name() const { return name_; }  // For messages.

private:
    bool fill();

    std::string name_;
    int file_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // Of what is not handed out yet.
    std::size_t end_ = 0;
    std::uint64_t number_ = 0;
    bool is_ended_ = true;
};

}  // namespace stalemark
