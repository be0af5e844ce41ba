// SPDX-License-Identifier: Apache-2.0
// A suite file: what to run, before it is known which runs make sense. docs/workloads.md
// explains its fields.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "options/options.h"

namespace stalemark {

// Options, and what tells them apart from their neighbours.
struct Choice {
    std::string name;
    OptionTexts values;
    std::optional<std::size_t> product;  // Into SuiteGrid::products, if it is of one.
    std::string place;                   // For messages: "suite.json:12: protocols.0".
};

struct WorkloadChoice {
    std::string workload;  // As on the command line.
    std::string suffix;    // Its options, where one workload is there with several.
    OptionTexts options;   // For all its runs that read them: the suite's and its own.
    std::vector<Choice> protocols;
    bool is_lenient = false;  // A protocol that makes no sense here is left out.
    std::string place;
    std::map<std::string, std::string, std::less<>> places;  // Of the options, by name.
};

// Combinations that make no sense are left out of a lenient one.
struct Product {
    std::string place;
    bool is_lenient;
    // One option with one value each: all that it is made of.
    std::vector<OptionTexts> values;
};

struct SuiteGrid {
    std::uint64_t repetitions = 1;
    std::vector<WorkloadChoice> workloads;
    std::vector<Choice> settings;  // At least one.
    std::vector<Product> products;
};

// Whether the file is meant for a suite and not for a workload: it has a field, perhaps
// misspelt, that only suites have. Throws InputError if it is no JSON file.
bool is_suite_file(const std::filesystem::path& path);

// Reads a suite file. What is marked `full_only` is there if `is_full`. `workload`: takes the
// place of the file's workloads, under the options and protocols of the suite itself, as far as
// they make sense for it; empty: none does. Throws InputError.
SuiteGrid read_suite_file(const std::filesystem::path& path, bool is_full,
                          const std::string& workload);

}  // namespace stalemark
