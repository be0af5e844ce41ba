// SPDX-License-Identifier: Apache-2.0
// How the text of each option becomes a value: one table for what is typed, lent by a
// workload's file or lent by a suite.

#pragma once

#include <span>
#include <string_view>

#include "options/run_options.h"

namespace stalemark {

struct OptionText {
    std::string_view option;  // Its name.
    std::string_view text;
};

struct OptionReader {
    std::string_view option;

    // Throws InputError for what is no such value. It names the option if the message does; the
    // option and the text are to be put before any other message.
    void (*read)(OptionText given, RunOptions& options);
};

// Of all options but those that are a field of the workload, which reads them. In the order in
// which to read: an option stands after those that decide whether a run reads it.
std::span<const OptionReader> option_readers();

}  // namespace stalemark
