// SPDX-License-Identifier: Apache-2.0
#include "core/in_parallel.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace stalemark {

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    const auto work_on = [&] {
        for (std::size_t mine = next++; mine < count; mine = next++) work(mine);
    };
    const std::size_t threads =
        std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
    std::vector<std::future<void>> workers;
    for (std::size_t i = 0; i < threads; ++i)
        workers.push_back(std::async(std::launch::async, work_on));
    for (const std::future<void>& worker : workers) worker.wait();
    for (std::future<void>& worker : workers) worker.get();
}

}  // namespace stalemark
