// SPDX-License-Identifier: Apache-2.0
#include "stores/folder_claim.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/errors.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view marker_name = "stalemark.json";
constexpr std::string_view new_marker_name = "stalemark.json.new";
constexpr std::string_view lock_name = "stalemark.lock";
constexpr std::string_view magic = "data folder";
constexpr int format_number = 1;

[[noreturn]] void refuse(const fs::path& folder, std::string_view why) {
    throw InputError(fmt::format("cannot use '{}' as data folder: {}", folder.string(), why));
}

// The folder that `name` leads to, made if there was none.
fs::path found_or_made(const fs::path& name) {
    if (name.empty()) refuse(name, "it has no name");
    std::error_code error;
    const fs::file_status status = fs::status(name, error);
    if (status.type() == fs::file_type::none) refuse(name, error.message());
    if (status.type() == fs::file_type::not_found) {
        if (fs::is_symlink(fs::symlink_status(name, error))) {
            refuse(name, "it is a symbolic link that leads nowhere");
        }
        if (!fs::create_directory(name, error)) {
            std::error_code ignored;
            const bool has_no_parent =
                error == std::errc::no_such_file_or_directory &&
                !fs::is_directory(fs::absolute(name, ignored).parent_path(), ignored);
            refuse(name, has_no_parent ? "the folder that it lies in does not exist"
                                       : error.message());
        }
    } else if (status.type() != fs::file_type::directory) {
        refuse(name, "it is not a folder");
    }
    const fs::path folder = fs::canonical(name, error);
    if (error) refuse(name, error.message());
    return folder;
}

void check_marker(const fs::path& folder) {
    const fs::path path = folder / marker_name;
    if (!fs::is_regular_file(fs::symlink_status(path))) {
        refuse(folder, fmt::format("its {} is not a file", marker_name));
    }
    std::ifstream file(path);
    const auto marker = nlohmann::json::parse(file, nullptr, false);
    if (!marker.is_object() || marker.value("stalemark", nlohmann::json()) != magic ||
        !marker.value("format", nlohmann::json()).is_number_integer()) {
        refuse(folder, fmt::format("its {} was not written by stalemark, or cannot be read",
                                   marker_name));
    }
    const auto format = marker["format"].get<std::int64_t>();
    if (format > format_number) {
        refuse(folder, fmt::format("a newer stalemark made it (format {}; this one knows {})",
                                   format, format_number));
    }
}

// Whether it has a marker; a folder that has none must be as good as empty.
bool is_marked(const fs::path& folder) {
    std::error_code error;
    const fs::directory_iterator entries(folder, error);
    if (error) refuse(folder, error.message());
    bool is_foreign = false;
    for (const auto& entry : entries) {
        const auto name = entry.path().filename();
        if (name == marker_name) {
            check_marker(folder);
            return true;
        }
        // What a process leaves that is killed while it makes the marker.
        is_foreign |= name != lock_name && name != new_marker_name;
    }
    if (is_foreign) {
        refuse(folder,
               "it is not empty and stalemark did not make it; name a new or empty one");
    }
    return false;
}

}  // namespace

FolderClaim::FolderClaim(const fs::path& folder) : folder_(found_or_made(folder)) {
    is_marked(folder_);
    lock();
    try {
        if (!is_marked(folder_)) mark();
    } catch (...) {
        ::close(lock_);
        throw;
    }
}

FolderClaim::~FolderClaim() {
    if (lock_ >= 0) ::close(lock_);
}

void FolderClaim::lock() {
    const fs::path path = folder_ / lock_name;
    lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (lock_ < 0) refuse(folder_, fmt::format("{}: {}", lock_name, std::strerror(errno)));
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        const int trouble = errno;
        char holder[32] = {};
        const auto size = ::pread(lock_, holder, sizeof holder - 1, 0);
        ::close(lock_);
        if (trouble != EWOULDBLOCK) refuse(folder_, std::strerror(trouble));
        refuse(folder_, size > 0 ? fmt::format("process {} is using it", holder)
                                 : "another process is using it");
    }
    const std::string me = std::to_string(::getpid());
    if (::ftruncate(lock_, 0) != 0 || ::pwrite(lock_, me.data(), me.size(), 0) < 0) {
        const int trouble = errno;
        ::close(lock_);
        refuse(folder_, std::strerror(trouble));
    }
}

void FolderClaim::mark() const {
    const fs::path made = folder_ / new_marker_name;
    const nlohmann::ordered_json marker = {{"stalemark", magic}, {"format", format_number}};
    std::ofstream file(made, std::ios::trunc);
    file << marker.dump(4) << '\n';
    file.close();
    std::error_code error;
    if (file) fs::rename(made, folder_ / marker_name, error);
    if (!file || error) refuse(folder_, "its marker cannot be written; is the disk full?");
}

void FolderClaim::remove(std::string_view name) const {
    const fs::path path = folder_ / name;
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (status.type() == fs::file_type::not_found) return;
    if (status.type() != fs::file_type::directory) {
        throw RunError(fmt::format("'{}' is in the way and not a folder that stalemark made",
                                   path.string()));
    }
    fs::remove_all(path, error);
    if (error) {
        throw RunError(fmt::format("cannot delete '{}': {}", path.string(), error.message()));
    }
}

void FolderClaim::give_up() noexcept {
    for (const auto name : {marker_name, lock_name}) {
        std::error_code ignored;
        fs::remove(folder_ / name, ignored);
    }
    std::error_code ignored;
    fs::remove(folder_, ignored);
}

}  // namespace stalemark
