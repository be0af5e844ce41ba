// SPDX-License-Identifier: Apache-2.0
#include "stores/data_folder.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

#include "core/errors.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view loaded = "loaded";
constexpr std::string_view partial = "loaded.partial";
constexpr std::string_view run = "run";
constexpr std::string_view digest_file = "stalemark.digest";  // In loaded/, of its rows.

fs::path make_temporary() {
    const char* const set = std::getenv("TMPDIR");
    const fs::path place = set != nullptr && *set != '\0' ? set : "/tmp";
    std::string name = place / "stalemark-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
        throw InputError(fmt::format("cannot make a temporary folder in '{}': {}; set TMPDIR",
                                     place.string(), std::strerror(errno)));
    }
    return name;
}

}  // namespace

std::unique_ptr<DataFolder> DataFolder::temporary(const StoreEntry& entry) {
    return std::unique_ptr<DataFolder>(new DataFolder(entry, make_temporary(), true));
}

DataFolder::~DataFolder() {
    try {
        remove_all_but_loaded();
        if (is_temporary_) claim_.remove(loaded);
    } catch (const RunError&) {
        return;  // Something is left, which does no harm.
    }
    if (is_temporary_) claim_.give_up();
}

bool DataFolder::holds(std::string_view digest) const {
    if (!fs::is_directory(fs::symlink_status(path() / loaded))) return false;
    std::ifstream file(path() / loaded / digest_file);
    std::string held;
    return std::getline(file, held) && held == marked(digest);
}

// Two stores lay out one data set differently.
std::string DataFolder::marked(std::string_view digest) const {
    return fmt::format("{} {}", entry_.name, digest);
}

void DataFolder::prepare(std::string_view digest, const std::function<void(Store&)>& load,
                         Compression compression) {
    if (holds(digest)) return;
    remove_all_but_loaded();
    claim_.remove(loaded);
    const auto check = [&](const std::string& trouble) {
        if (trouble.empty()) return;
        throw RunError(
            fmt::format("cannot load the data set into '{}': {}", path().string(), trouble));
    };
    {
        const auto store = entry_.open(
            {.folder = path() / partial, .compression = compression, .loading = true});
        load(*store);
        store->settle();
    }
    std::ofstream file(path() / partial / digest_file);
    file << marked(digest) << '\n';
    file.close();
    check(file ? "" : "its digest cannot be written; is the disk full?");
    std::error_code error;
    fs::rename(path() / partial, path() / loaded, error);
    check(error ? error.message() : "");
}

std::unique_ptr<Store> DataFolder::open_run(StoreSettings settings) {
    remove_all_but_loaded();
    copy_loaded();
    settings.folder = path() / run;
    return entry_.open(settings);
}

// What is settled and closed. rocksdb::Checkpoint would open the original, which leaves a file
// in it each time.
void DataFolder::copy_loaded() const {
    const fs::path from = path() / loaded;
    const fs::path to = path() / run;
    std::error_code error;
    fs::create_directory(to, error);
    for (const auto& entry : fs::directory_iterator(from)) {
        const fs::path copy = to / entry.path().filename();
        const std::string_view suffix = entry_.traits.settled_suffix;
        std::error_code no_link = std::make_error_code(std::errc::not_supported);
        if (!suffix.empty() && copy.native().ends_with(suffix)) {
            fs::create_hard_link(entry.path(), copy, no_link);
        }
        if (no_link && !error) fs::copy_file(entry.path(), copy, error);
    }
    if (!error) return;
    throw RunError(fmt::format("cannot copy '{}' to '{}': {}", from.string(), to.string(),
                               error.message()));
}

void DataFolder::remove_all_but_loaded() const {
    for (const auto name : {partial, run}) claim_.remove(name);
}

}  // namespace stalemark
