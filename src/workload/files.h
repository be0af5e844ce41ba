// SPDX-License-Identifier: Apache-2.0
// Finds, reads and checks workload files. Whatever is wrong with one is an InputError of one
// line that names the file, the line and the path of the field.

#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workload/spec.h"

namespace stalemark {

// A field to set before the file is checked: `--set mix.read=0.5`. The value is JSON, or, if it
// is not, a string.
struct Override {
    std::string path;
    std::string value;
    std::string typed;   // By the user, for messages.
    std::string option;  // That sets it, for an InputError; empty: it is --set.
};

// `name_or_path`: a name from the workloads folder, or a path (it has a '/' or ends in .json).
WorkloadFile read_workload_file(std::string_view name_or_path,
                                std::span<const Override> overrides);

// Without the options that the file brings along.
WorkloadSpec load_workload(std::string_view name_or_path, std::span<const Override> overrides);

// The fully resolved workload: load_workload() of this is equal to `spec`.
nlohmann::ordered_json to_json(const WorkloadSpec& spec);

struct WorkloadEntry {
    std::string name;
    std::string caption;
};

// The workloads folder's files, by name.
std::vector<WorkloadEntry> all_workloads();

// Whether it is a path and no name: it has a '/' or ends in .json.
bool is_path(std::string_view name_or_path);

// What a name or a path means: a path itself, a name the file
// NAME.json in `folder`. Throws InputError with the nearest right name if there is none; `kind`
// says of what, for the message.
std::filesystem::path find_json(std::string_view kind, std::string_view name_or_path,
                                const std::filesystem::path& folder);

// Of the JSON files in a folder, sorted. Throws InputError if it cannot be read.
std::vector<std::string> names_in(const std::filesystem::path& folder);

// A folder of files that the program comes with: what the environment's variable names, if it
// is set, else share/stalemark/NAME beside an installed program, else the source tree's.
std::filesystem::path shipped_folder(const char* name, const char* variable);

std::filesystem::path workloads_folder();

}  // namespace stalemark
