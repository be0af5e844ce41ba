// SPDX-License-Identifier: Apache-2.0
// The folder in which the data set of durable stores lies, loaded once and used by many runs.
//
//   loaded/           the data set, settled in tables; never written again
//   loaded.partial/   the data set while it is being loaded
//   run/              what a run works on: a copy of loaded/, which shares the files that the
//                     store never writes again by hard links
//
// Used by one thread.

#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "stores/catalog.h"
#include "stores/folder_claim.h"

namespace stalemark {

class DataFolder {
public:
    // A folder that stays, claimed for the life of this object; FolderClaim tells which ones
    // can be used. Throws InputError.
    DataFolder(const StoreEntry& entry, const std::filesystem::path& folder)
        : DataFolder(entry, folder, false) {}

    // A new folder among the system's temporary files, deleted by the destructor. Throws
    // InputError if there is no place for such files.
    static std::unique_ptr<DataFolder> temporary(const StoreEntry& entry);

    // Deletes run/ and what a failed load left. Requires: the stores opened here are closed.
    ~DataFolder();

    const std::filesystem::path& path() const { return claim_.folder(); }

    // Whether the store has the data set loaded that `digest` names. Any one-line text serves
    // as a digest.
    bool holds(std::string_view digest) const;

    // Loads the data set that `digest` names, if it is not there, instead of what is: `load`
    // puts the rows. Throws RunError, for instance when the disk is full.
    void prepare(std::string_view digest, const std::function<void(Store&)>& load,
                 Compression compression = Compression::none);

    // A fresh copy of the loaded data set, opened with these settings; their folder is set
    // here. Requires: prepare() was called, and the store of the last run is closed. Throws
    // RunError.
    std::unique_ptr<Store> open_run(StoreSettings settings);

private:
    DataFolder(const StoreEntry& entry, const std::filesystem::path& folder, bool is_temporary)
        : entry_(entry), claim_(folder), is_temporary_(is_temporary) {}

    std::string marked(std::string_view digest) const;
    void copy_loaded() const;
    void remove_all_but_loaded() const;

    const StoreEntry entry_;
    FolderClaim claim_;
    const bool is_temporary_;
};

}  // namespace stalemark
