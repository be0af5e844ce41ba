// SPDX-License-Identifier: Apache-2.0
#include "history/line_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/errors.h"

namespace stalemark {
namespace {

constexpr std::size_t line_bytes_most = std::size_t{1} << 20;
constexpr std::size_t read_bytes = std::size_t{1} << 18;  // At once: stays in a near cache.

}  // namespace

LineSource::LineSource(const std::string& path)
    : name_(path == "-" ? "standard input" : path),
      file_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)),
      buffer_(line_bytes_most + 2 * read_bytes) {
    struct stat facts{};
    if (file_ < 0 || ::fstat(file_, &facts) != 0)
        throw InputError(fmt::format("{}: cannot be read: {}", name_, std::strerror(errno)));
    if (S_ISDIR(facts.st_mode))
        throw InputError(fmt::format("{}: is a folder; expected a history", name_));
}

LineSource::~LineSource() {
    if (file_ > STDIN_FILENO) ::close(file_);
}

bool LineSource::next(std::string_view& line) {
    std::size_t searched = 0;
    while (true) {
        const char* const begin = buffer_.data() + begin_;
        const std::size_t size = end_ - begin_;
        const auto* const found =
            static_cast<const char*>(std::memchr(begin + searched, '\n', size - searched));
        if (found != nullptr) {
            line = {begin, static_cast<std::size_t>(found - begin)};
            begin_ += line.size() + 1;
            ++number_;
            return true;
        }
        searched = size;
        if (size > line_bytes_most) {
            throw InputError(
                fmt::format("{}:{}: a line of more than 1 MiB", name_, number_ + 1));
        }
        if (fill()) continue;
        if (size == 0) return false;
        line = {buffer_.data() + begin_, size};
        begin_ = end_;
        is_ended_ = false;
        ++number_;
        return true;
    }
}

// Reads more; answers false at the end.
bool LineSource::fill() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    ssize_t count = 0;
    do {
        count =
            ::read(file_, buffer_.data() + end_, std::min(read_bytes, buffer_.size() - end_));
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        throw InputError(fmt::format("{}: cannot be read: {}", name_, std::strerror(errno)));
    end_ += static_cast<std::size_t>(count);
    return count > 0;
}

}  // namespace stalemark
