// SPDX-License-Identifier: Apache-2.0
#include "report/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/errors.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;

std::string reason() { return std::strerror(errno); }

// What lies at a path, links followed. Throws InputError if that cannot be told.
fs::file_type type_of(const fs::path& path) {
    std::error_code error;
    const fs::file_type type = fs::status(path, error).type();
    if (type != fs::file_type::none) return type;
    throw InputError(fmt::format("--out {}: {}", path.string(), error.message()));
}

bool exists(const fs::path& path) { return type_of(path) != fs::file_type::not_found; }

// Whether a file is empty or begins as a result of this program does.
bool is_ours(const fs::path& path) {
    constexpr std::string_view beginning = "{\n  \"schema\":";
    std::string text(beginning.size(), ' ');
    std::ifstream file(path, std::ios::binary);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    return file.gcount() == 0 ? file.eof() : text == beginning;
}

// Writes everything to an open file and closes it; answers whether it arrived.
bool write_and_close(int file, std::string_view text) {
    bool is_written = true;
    while (is_written && !text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        is_written = written > 0;
        if (is_written) text.remove_prefix(static_cast<std::size_t>(written));
    }
    const int error = errno;
    const bool is_closed = file == STDOUT_FILENO || ::close(file) == 0;
    if (!is_written) errno = error;
    return is_written && is_closed;
}

}  // namespace

Output::Output(std::string_view path) : path_(path) {
    if (path_ == "-") return;
    if (path_.empty()) throw InputError("--out: expected a file name or '-'");
    if (type_of(path_) == fs::file_type::directory) {
        throw InputError(fmt::format("--out {}: is a folder; expected a file name", path_));
    }
    if (exists(path_)) {
        if (::access(path_.c_str(), W_OK) != 0) {
            throw InputError(fmt::format("--out {}: cannot be written: {}", path_, reason()));
        }
        if (!is_plain_file() || is_ours(path_)) return;
        throw InputError(fmt::format(
            "--out {}: holds something else than a result; not overwritten", path_));
    }
    if (fs::is_symlink(path_)) {
        throw InputError(fmt::format("--out {}: is a link to nothing", path_));
    }
    const fs::path folder = fs::absolute(path_).parent_path();
    if (type_of(folder) != fs::file_type::directory ||
        ::access(folder.c_str(), W_OK | X_OK) != 0) {
        throw InputError(
            fmt::format("--out {}: its folder does not exist or cannot be written", path_));
    }
}

bool Output::is_plain_file() const {
    return path_ != "-" && (!exists(path_) || type_of(path_) == fs::file_type::regular);
}

void Output::write(std::string_view text) const {
    const std::string whole = std::string(text) + "\n";
    if (path_ == "-") {
        if (!write_and_close(STDOUT_FILENO, whole)) {
            throw InputError("standard output: cannot be written: " + reason());
        }
        return;
    }
    const fs::path target = exists(path_) ? fs::canonical(path_) : fs::path(path_);
    std::string name = is_plain_file() ? target.string() + ".XXXXXX" : path_;
    const int file = is_plain_file() ? ::mkstemp(name.data()) : ::open(name.c_str(), O_WRONLY);
    if (file < 0) throw InputError(fmt::format("{}: cannot be written: {}", path_, reason()));
    if (is_plain_file()) ::fchmod(file, 0644);
    if (!write_and_close(file, whole) ||
        (is_plain_file() && ::rename(name.c_str(), target.c_str()) != 0)) {
        const std::string why = reason();
        if (is_plain_file()) ::unlink(name.c_str());
        throw InputError(fmt::format("{}: cannot be written: {}", path_, why));
    }
}

}  // namespace stalemark
