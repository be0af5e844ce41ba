// SPDX-License-Identifier: Apache-2.0
// Two witnesses of one run, and what they see of a key: sealed and handed back as a store
// would.

#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "core/header.h"
#include "measure/witness.h"

namespace stalemark {

constexpr Key witnessed_key{3};

inline std::string sealed(const Header& header, Key of = witnessed_key) {
    std::string value(40, 'v');
    seal(of, header, value);
    return value;
}

class WitnessTest : public testing::Test {
protected:
    static constexpr Key key = witnessed_key;

    static Header write(Witness& witness, Instant ended = Instant{0}) {
        const Header header = witness.before_write(key, false);
        witness.after_write(key, header, false, ended);
        return header;
    }
    static bool read(Witness& witness, const std::optional<std::string>& value,
                     Instant began = Instant{0}) {
        return witness.after_read(key, witness.before_read(key), began, value);
    }

    Judges judges{10, 10, 2};
    Witness anna{judges, 0};
    Witness bert{judges, 1};
};

}  // namespace stalemark
