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
fs::file_type type_of(const fs::path& path, std::string_view option) {
    std::error_code error;
    const fs::file_type type = fs::status(path, error).type();
    if (type != fs::file_type::none) return type;
    throw InputError(fmt::format("{} {}: {}", option, path.string(), error.message()));
}

bool exists(const fs::path& path, std::string_view option) {
    return type_of(path, option) != fs::file_type::not_found;
}

// Whether a file is empty or begins as what this program writes does.
bool is_ours(const fs::path& path, std::string_view beginning) {
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

Output::Output(std::string_view path, const OutputKind& kind) : path_(path), kind_(kind) {
    if (path_ == "-") return;
    const auto refuse = [&](const std::string& why) {
        throw InputError(fmt::format("{} {}: {}", kind_.option, path_, why));
    };
    if (path_.empty())
        throw InputError(fmt::format("{}: expected a file name or '-'", kind_.option));
    if (type_of(path_, kind_.option) == fs::file_type::directory)
        refuse("is a folder; expected a file name");
    if (exists(path_, kind_.option)) {
        if (::access(path_.c_str(), W_OK) != 0) refuse("cannot be written: " + reason());
        if (!is_plain_file() || is_ours(path_, kind_.beginning)) return;
        refuse(fmt::format("holds something else than a {}; not overwritten", kind_.noun));
    }
    if (fs::is_symlink(path_)) refuse("is a link to nothing");
    const fs::path folder = fs::absolute(path_).parent_path();
    if (type_of(folder, kind_.option) != fs::file_type::directory ||
        ::access(folder.c_str(), W_OK | X_OK) != 0) {
        refuse("its folder does not exist or cannot be written");
    }
}

bool Output::is_plain_file() const {
    return path_ != "-" && (!exists(path_, kind_.option) ||
                            type_of(path_, kind_.option) == fs::file_type::regular);
}

void Output::write(std::string_view text) const {
    const std::string whole = std::string(text) + "\n";
    if (path_ == "-") {
        if (!write_and_close(STDOUT_FILENO, whole)) {
            throw InputError("standard output: cannot be written: " + reason());
        }
        return;
    }
    const fs::path target =
        exists(path_, kind_.option) ? fs::canonical(path_) : fs::path(path_);
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
