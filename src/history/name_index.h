// SPDX-License-Identifier: Apache-2.0
// Numbers names from 0 in the order in which they first occur.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "history/flat_table.h"
#include "history/name.h"

namespace stalemark {

class NameIndex {
public:
    // The number of a name, which may be new.
    std::uint32_t number_of(const Name& name) {
        if (const auto small = name.small_integer()) {
            if (*small >= small_.size()) small_.resize(*small + std::size_t{1}, none);
            if (small_[*small] == none) small_[*small] = add(name);
            return small_[*small];
        }
        if (const Entry* const entry = others_.find(name, name.hash())) return entry->number;
        return others_.add({name, add(name)}).number;
    }

    // Of a long text, which is then kept.
    std::uint32_t number_of(const Name& name, std::string_view text) {
        const std::uint32_t number = number_of(name);
        if (!name.is_exact()) texts_.try_emplace(number, text);
        return number;
    }

    std::size_t size() const { return names_.size(); }

    std::string text_of(std::uint32_t number) const {
        const auto found = texts_.find(number);
        return found == texts_.end() ? names_[number].text() : found->second;
    }

    std::size_t memory_bytes() const {
        return small_.capacity() * sizeof(std::uint32_t) + others_.memory_bytes() +
               names_.capacity() * sizeof(Name);
    }

private:
    static constexpr std::uint32_t none = 0xffffffff;

    struct Entry {
        Name name;
        std::uint32_t number = none;

        bool is_free() const { return number == none; }
        std::uint64_t hash() const { return name.hash(); }
        bool belongs_to(const Name& other) const { return name == other; }
    };

    std::uint32_t add(const Name& name) {
        names_.push_back(name);
        return static_cast<std::uint32_t>(names_.size() - 1);
    }

    std::vector<std::uint32_t> small_;  // By integer.
    FlatTable<Entry> others_;
    std::vector<Name> names_;
    std::unordered_map<std::uint32_t, std::string> texts_;  // Of those that are not exact.
};

}  // namespace stalemark
