// SPDX-License-Identifier: Apache-2.0
// Which combinations of a product make no sense; and that each of its values does in some.

#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/errors.h"
#include "suite/suite_file.h"

namespace stalemark {

class SenseCheck {
public:
    explicit SenseCheck(const Product& product) : product_(product) {
        for (const OptionTexts& value : product.values) unproven_.emplace(value, "");
    }

    bool is_lenient() const { return product_.is_lenient; }

    void note_sense(const OptionTexts& combination) {
        std::erase_if(unproven_,
                      [&](const auto& one) { return is_part(one.first, combination); });
    }

    void note_senseless(const OptionTexts& combination, std::string_view why) {
        for (auto& [value, complaint] : unproven_) {
            if (is_part(value, combination) && complaint.empty()) complaint = why;
        }
        if (senseless_++ == 0) first_ = why;
    }

    // Throws InputError if a value never made sense: it is a mistake, and no combination. So is
    // a combination that made none, unless the product is lenient.
    void finish(std::vector<std::string>& left) const {
        for (const auto& [value, complaint] : unproven_) {
            if (complaint.empty()) continue;
            throw InputError(fmt::format("{}: {} {} makes sense in no combination: {}",
                                         product_.place, value.begin()->first,
                                         value.begin()->second, complaint));
        }
        if (senseless_ == 0) return;
        if (!product_.is_lenient) {
            throw InputError(fmt::format(
                "{}: {}; \"skip_senseless\": true leaves out combinations that make no sense",
                product_.place, first_));
        }
        left.push_back(fmt::format("{}: {} combinations that make no sense are left out ({}{})",
                                   product_.place, senseless_, first_,
                                   senseless_ > 1 ? ", ..." : ""));
    }

private:
    static bool is_part(const OptionTexts& value, const OptionTexts& combination) {
        const auto found = combination.find(value.begin()->first);
        return found != combination.end() && found->second == value.begin()->second;
    }

    const Product& product_;
    std::map<OptionTexts, std::string> unproven_;  // Value to complaint, if it was tried.
    std::size_t senseless_ = 0;
    std::string first_;
};

}  // namespace stalemark
