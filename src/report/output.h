// SPDX-License-Identifier: Apache-2.0
// Where a result goes: a file that is whole or not there at all, or standard output.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace stalemark {

// What a file holds, by which one that may be written over is known.
struct OutputKind {
    std::string_view option;     // That names the file.
    std::string_view beginning;  // Of its text.
    std::string_view noun;
};
constexpr OutputKind result_output = {"--out", "{\n  \"schema\":", "result"};

class Output {
public:
    // "-" is standard output. A path is checked at once, so that no run is wasted on it: throws
    // InputError if its folder does not exist or cannot be written, if it is a folder or a link
    // to nothing, or if a file is there that is neither empty nor of this kind.
    explicit Output(std::string_view path, const OutputKind& kind = result_output);

    // Writes all of `text`, then a new line. A file appears under its name only when it is
    // whole. Throws InputError if it cannot be written; what was there before is then still
    // there.
    void write(std::string_view text) const;

    // A device or pipe is written as it is; a link is followed.
    bool is_plain_file() const;

private:
    std::string path_;
    OutputKind kind_;
};

}  // namespace stalemark
