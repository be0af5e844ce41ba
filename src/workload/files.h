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
// is not, a string. `option` is what the user typed, for messages.
struct Override {
    std::string path;
    std::string value;
    std::string option;
};

// `name_or_path`: a name from the workloads folder, or a path (it has a '/' or ends in .json).
WorkloadSpec load_workload(std::string_view name_or_path, std::span<const Override> overrides);

// The fully resolved workload: load_workload() of this is equal to `spec`.
nlohmann::ordered_json to_json(const WorkloadSpec& spec);

struct WorkloadEntry {
    std::string name;
    std::string caption;
};

// The workloads folder's files, by name.
std::vector<WorkloadEntry> all_workloads();

// $STALEMARK_WORKLOADS if set, else share/stalemark/workloads beside an installed program, else
// the source tree's workloads.
std::filesystem::path workloads_folder();

}  // namespace stalemark
