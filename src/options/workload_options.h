// The options that change a workload, and those that a workload brings along.

#pragma once

#include "options/options.h"
#include "workload/spec.h"

namespace stalemark {

// The workload that the options name, changed as they say. Throws InputError.
WorkloadFile read_workload(const RunOptions& options);

// The options that the file brings along, by name. Throws InputError for those that none may.
OptionValues lent_options(const WorkloadFile& file);

}  // namespace stalemark
