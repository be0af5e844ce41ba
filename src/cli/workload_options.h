// The options that change a workload.

#pragma once

#include "cli/options.h"
#include "workload/spec.h"

namespace stalemark {

// The workload that the options name, changed as they say. Throws InputError.
WorkloadSpec read_workload(const RunOptions& options);

}  // namespace stalemark
