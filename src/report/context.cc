// SPDX-License-Identifier: Apache-2.0
#include "report/context.h"

#include <fmt/format.h>
#include <rocksdb/version.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xxhash.h>

#include <boost/version.hpp>
#include <fstream>

#include "report/build_facts.h"

namespace stalemark {
namespace {

// The value of the first line "name : value" of a file of /proc; empty if there is none.
std::string fact_of(const char* path, std::string_view name) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(name)) continue;
        const auto value = line.find_first_not_of(" \t", line.find(':') + 1);
        return value == std::string::npos ? "" : line.substr(value);
    }
    return "";
}

std::string first_line_of(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::string rocksdb_version() {
    return fmt::format("{}.{}.{}", ROCKSDB_MAJOR, ROCKSDB_MINOR, ROCKSDB_PATCH);
}

Json libraries() {
    return {{"boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100'000,
                                  BOOST_VERSION / 100 % 1'000, BOOST_VERSION % 100)},
            {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10'000, FMT_VERSION / 100 % 100,
                                FMT_VERSION % 100)},
            {"nlohmann_json",
             fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                         NLOHMANN_JSON_VERSION_PATCH)},
            {"xxhash", fmt::format("{}.{}.{}", XXH_VERSION_MAJOR, XXH_VERSION_MINOR,
                                   XXH_VERSION_RELEASE)}};
}

}  // namespace

Json context_section() {
    utsname system{};
    uname(&system);
    Json section = {{"version", build_facts::version},
                    {"commit", build_facts::commit},
                    {"dirty", build_facts::is_dirty},
                    {"compiler", build_facts::compiler},
                    {"flags", build_facts::flags},
                    {"build_type", build_facts::build_type},
                    {"cpu", fact_of("/proc/cpuinfo", "model name")},
                    {"cores", sysconf(_SC_NPROCESSORS_ONLN)},
                    {"memory_bytes", static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                                         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))},
                    {"kernel", fmt::format("{} {}", system.sysname, system.release)}};
    const std::string governor =
        first_line_of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    if (!governor.empty()) section["governor"] = governor;
    section["rocksdb"] = rocksdb_version();
    section["libraries"] = libraries();
    return section;
}

std::string version_text() {
    std::string text = fmt::format("stalemark {} (commit {}{})\nrocksdb {}",
                                   build_facts::version, build_facts::commit,
                                   build_facts::is_dirty ? ", dirty" : "", rocksdb_version());
    const Json versions = libraries();
    for (const auto& [name, version] : versions.items()) {
        text += fmt::format("\n{} {}", name, version.get<std::string>());
    }
    return text;
}

}  // namespace stalemark
