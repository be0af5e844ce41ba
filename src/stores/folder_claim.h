// SPDX-License-Identifier: Apache-2.0
// A folder that is ours alone for as long as this object lives.
//
// Only a folder that is new, is empty or carries our marker is taken; nothing in any other is
// touched. In it we make and delete these and nothing else:
//   stalemark.json   the marker
//   stalemark.lock   locked by the process that has the claim, whose number it holds
//   the folders that remove() is called for

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace stalemark {

class FolderClaim {
public:
    // Makes the folder if it does not exist; its parent must. A symbolic link to a folder is as
    // good as the folder. Throws InputError.
    explicit FolderClaim(const std::filesystem::path& folder);
    ~FolderClaim();

    FolderClaim(const FolderClaim&) = delete;
    FolderClaim& operator=(const FolderClaim&) = delete;

    const std::filesystem::path& folder() const { return folder_; }  // Absolute, without links.

    // Deletes the folder of this name and what is in it, if there is one. Symbolic links are
    // deleted and not followed; should the name itself be one, or a file, it is left alone.
    // Throws RunError.
    void remove(std::string_view name) const;

    // Deletes marker and lock, and the folder if nothing else is in it. The claim is then void.
    void give_up() noexcept;

private:
    void lock();
    void mark() const;

    std::filesystem::path folder_;
    int lock_ = -1;
};

}  // namespace stalemark
