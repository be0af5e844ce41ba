// SPDX-License-Identifier: Apache-2.0
// Texts into typed values, once: what is typed, and what files lend.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "options/options.h"
#include "options/run_options.h"

namespace stalemark {

// What becomes of an option that is typed and that another strategy or shield would read.
enum class Unread : std::uint8_t { refused, passed_over };

// The arguments of a run: its workload, read and changed, and its options. What is typed goes
// before what the deployment says that is named, and that before what the workload's file
// lends. Throws InputError.
RunOptions read_arguments(const RunArguments& arguments, Unread unread = Unread::refused);

// The options alone. One that is typed and that the run does not read is refused: it would look
// as if it had an effect. Only where the strategy or the shield is the reason may it be passed
// over: its value is checked, and it is in `unread` of the answer. One that is lent, for many
// runs, is left out where the run does not read it, and where it is typed, too. Throws
// InputError.
RunOptions read_options(const OptionTexts& typed, const GivenOptions& lent,
                        Unread unread = Unread::refused);

// What the deployment says, over what `lent` has. Throws InputError.
void lend_deployment(const std::string& name_or_path, GivenOptions& lent);

// One value of an option that is no field of the workload. Throws InputError.
void read_option(std::string_view option, std::string_view text, RunOptions& options);

}  // namespace stalemark
