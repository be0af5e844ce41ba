// SPDX-License-Identifier: Apache-2.0
// A folder for a test to work in, gone when the test is.

#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace stalemark {

class TemporaryPlace {
public:
    TemporaryPlace() {
        std::string name = std::filesystem::path(testing::TempDir()) / "stalemark-test-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no place for a test");
        path_ = std::filesystem::canonical(name);
    }
    ~TemporaryPlace() { std::filesystem::remove_all(path_); }
    TemporaryPlace(const TemporaryPlace&) = delete;
    TemporaryPlace& operator=(const TemporaryPlace&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

    // Makes a file, and the folders that it lies in.
    void write(std::string_view name, std::string_view text) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name) << text;
    }

    // Every file, link and folder below and what it holds: to tell whether something was
    // touched.
    std::map<std::string, std::string> contents() const {
        std::map<std::string, std::string> result;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
            std::string& text = result[entry.path().string()];
            if (entry.is_symlink()) {
                text = "-> " + std::filesystem::read_symlink(entry.path()).string();
            } else if (entry.is_regular_file()) {
                std::getline(std::ifstream(entry.path()), text, '\0');
            }
        }
        return result;
    }

private:
    std::filesystem::path path_;
};

}  // namespace stalemark
