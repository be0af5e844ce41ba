// SPDX-License-Identifier: Apache-2.0
// Workloads of a few fields, as a test writes them down.

#pragma once

#include <string>
#include <vector>

#include "workload/files.h"
#include "workload/files_on_disk.h"

namespace stalemark {

// A workload file with these fields besides its caption, which stands on line 1.
inline WorkloadSpec load(const std::string& fields,
                         const std::vector<Override>& overrides = {}) {
    const std::string text =
        "{\"caption\": \"A test\"" + (fields.empty() ? "" : ",\n" + fields) + "\n}\n";
    return load_workload(write_file(scratch_folder() / "x.json", text), overrides);
}

// What is said of it, from the name of the file or the option on.
inline std::string complaint_about(const std::string& fields,
                                   const std::vector<Override>& overrides = {}) {
    const std::string said = complaint([&] { load(fields, overrides); });
    const std::size_t name = said.find("x.json:");
    return name == std::string::npos ? said : said.substr(name);
}

}  // namespace stalemark
