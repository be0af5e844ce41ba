// SPDX-License-Identifier: Apache-2.0
#include "workload/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <system_error>

#include "core/errors.h"
#include "core/words.h"
#include "workload/json_document.h"
#include "workload/spec_json.h"

namespace stalemark {
namespace {

// Fields of a workload that its phases may have for themselves.
constexpr auto demand_names =
    std::to_array<std::string_view>({"mix", "popularity", "rate", "arrival"});

std::size_t phases_of(const JsonDocument& document) {
    const auto& root = document.root();
    return root.is_object() && root.contains("phases") && root["phases"].is_array()
               ? root["phases"].size()
               : 0;
}

void expand_popularity(JsonDocument& document) {
    document.expand("popularity", "kind");
    for (std::size_t i = 0; i < phases_of(document); ++i) {
        document.expand(fmt::format("phases.{}.popularity", i), "kind");
    }
}

void apply(const Override& change, JsonDocument& document) {
    expand_popularity(document);
    document.set(change.path, change.value, {change.typed, change.option});
    const std::string_view path = change.path;
    const auto field = path.substr(0, path.find('.'));
    if (std::ranges::find(demand_names, field) == demand_names.end()) return;
    for (std::size_t i = 0; i < phases_of(document); ++i) {
        document.remove(fmt::format("phases.{}.{}", i, field));
    }
}

}  // namespace

bool is_path(std::string_view name_or_path) {
    return name_or_path.find('/') != std::string_view::npos || name_or_path.ends_with(".json");
}

std::filesystem::path find_json(std::string_view kind, std::string_view name_or_path,
                                const std::filesystem::path& folder) {
    if (is_path(name_or_path)) return name_or_path;
    const auto names = names_in(folder);
    if (std::ranges::find(names, name_or_path) == names.end()) {
        const std::vector<std::string_view> known(names.begin(), names.end());
        throw InputError(unknown_word(kind, name_or_path, known));
    }
    return folder / fmt::format("{}.json", name_or_path);
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code trouble;
    for (const auto& entry : std::filesystem::directory_iterator(folder, trouble)) {
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    }
    if (trouble) {
        throw InputError(fmt::format("{}: expected a folder of JSON files: {}", folder.string(),
                                     trouble.message()));
    }
    std::ranges::sort(names);
    return names;
}

WorkloadFile read_workload_file(std::string_view name_or_path,
                                std::span<const Override> overrides) {
    const std::filesystem::path path = find_json("workload", name_or_path, workloads_folder());
    JsonDocument document = JsonDocument::read(path);
    if (!document.root().is_object()) {
        throw InputError(fmt::format("{}: expected an object {{...}}, got {}", path.string(),
                                     in_quotes(document.root().dump())));
    }
    for (const Override& change : overrides) apply(change, document);
    expand_popularity(document);
    return read_spec(document, path.stem().string(), path.parent_path());
}

WorkloadSpec load_workload(std::string_view name_or_path, std::span<const Override> overrides) {
    return read_workload_file(name_or_path, overrides).spec;
}

std::vector<WorkloadEntry> all_workloads() {
    std::vector<WorkloadEntry> all;
    for (const std::string& name : names_in(workloads_folder())) {
        all.push_back({.name = name, .caption = load_workload(name, {}).caption});
    }
    return all;
}

std::filesystem::path shipped_folder(const char* name, const char* variable) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment.
    const char* const chosen = std::getenv(variable);
    if (chosen != nullptr && *chosen != '\0') return chosen;
    std::error_code trouble;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", trouble);
    auto installed = program.parent_path().parent_path() / "share/stalemark" / name;
    if (!trouble && std::filesystem::is_directory(installed, trouble)) return installed;
    return std::filesystem::path(STALEMARK_SOURCES) / name;
}

std::filesystem::path workloads_folder() {
    return shipped_folder("workloads", "STALEMARK_WORKLOADS");
}

}  // namespace stalemark
