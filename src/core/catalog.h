// SPDX-License-Identifier: Apache-2.0
// Rows of a catalogue, found by their names.

#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/errors.h"
#include "core/words.h"

namespace stalemark {

// Throws InputError with the nearest right name if no row has this one. `kind`: what the rows
// are, in messages.
template <typename Row>
const Row& find_row(std::string_view kind, std::string_view name, std::span<const Row> rows) {
    std::vector<std::string_view> known;
    for (const Row& row : rows) {
        if (row.name == name) return row;
        known.push_back(row.name);
    }
    throw InputError(unknown_word(kind, name, known));
}

}  // namespace stalemark
