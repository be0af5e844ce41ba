// SPDX-License-Identifier: Apache-2.0
// Where cache and store are, by name: a JSON file with the options that say so, each with the
// source of its value.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "options/run_options.h"

namespace stalemark {

struct Deployment {
    std::string name;
    std::string caption;
    GivenOptions options;
};

// `name_or_path`: a name from the folder of deployments, or a path (it has a '/' or ends in
// .json). Throws InputError.
Deployment read_deployment(std::string_view name_or_path);

// The names in that folder. Throws InputError if it cannot be read.
std::vector<std::string> deployment_names();

}  // namespace stalemark
