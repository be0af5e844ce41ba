// The processors of a simulated application node: so many operations compute at once, the
// others queue. Without a limit a thousand clients would compute at once, and saturation not
// exist.

#pragma once

#include <cstdint>

#include "runtime/runtime.h"
#include "runtime/semaphore.h"

namespace stalemark {

struct ProcessorSettings {
    std::uint64_t count = 8;
    Duration cost = std::chrono::microseconds(2);  // Of one operation, apart from its calls.
};

class Processors {
public:
    Processors(Runtime& runtime, const ProcessorSettings& settings)
        : runtime_(runtime), cost_(settings.cost), free_(runtime, settings.count) {}

    // Computes for one operation.
    void use() {
        free_.acquire("a processor");
        runtime_.sleep_for(cost_);
        free_.release();
    }

private:
    Runtime& runtime_;
    const Duration cost_;
    Semaphore free_;
};

}  // namespace stalemark
