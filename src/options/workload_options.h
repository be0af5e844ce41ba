// SPDX-License-Identifier: Apache-2.0
// The options that change a workload, and those that a workload brings along.

#pragma once

#include "options/options.h"
#include "options/run_options.h"
#include "workload/spec.h"

namespace stalemark {

// The workload that the arguments name, with the fields that they set. Throws InputError.
WorkloadFile read_workload(const RunArguments& arguments);

// The options that the file brings along. Throws InputError for those that none may.
GivenOptions lent_options(const WorkloadFile& file);

// options.workload, changed by the other options: in every phase, and with a length. Throws
// InputError for what makes no sense there.
WorkloadSpec changed_workload(const RunOptions& options);

}  // namespace stalemark
