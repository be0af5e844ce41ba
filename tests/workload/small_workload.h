// SPDX-License-Identifier: Apache-2.0
// A workload of every kind of operation.

#pragma once

#include "workload/spec.h"

namespace stalemark {

inline WorkloadSpec small_workload() {
    WorkloadSpec spec;
    spec.keys = 1'000;
    spec.phases = {
        {.name = "all",
         .mix = {.read = 0.6, .write = 0.2, .erase = 0.05, .read_modify_write = 0.15}}};
    return spec;
}

}  // namespace stalemark
