// SPDX-License-Identifier: Apache-2.0
#include "experiment/data_set.h"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "core/errors.h"
#include "core/header.h"
#include "core/random.h"
#include "workload/payload.h"

namespace stalemark {
namespace {

constexpr std::uint64_t data_seed = 0;
constexpr std::size_t rows_a_batch = 1'000;

}  // namespace

std::uint64_t preloaded_keys(const WorkloadSpec& workload) {
    return static_cast<std::uint64_t>(
        std::ceil(workload.preload * static_cast<double>(workload.keys)));
}

std::string data_digest(const WorkloadSpec& workload, Compression compression) {
    std::string facts =
        fmt::format("rows 1; {} keys; {}; compressible {}", preloaded_keys(workload),
                    workload.value_size.text(), workload.compressibility);
    if (compression != Compression::none) {
        facts += fmt::format("; {}", compression_names[static_cast<std::size_t>(compression)]);
    }
    return fmt::format("{:016x}", mix(hash_of(facts)));
}

void load_data(const WorkloadSpec& workload, Store& store, const std::atomic<bool>& stop,
               const std::function<void(double)>& tell) {
    const Payload payload(workload.compressibility, data_seed);
    const std::uint64_t rows = preloaded_keys(workload);
    std::vector<Change> batch;
    for (std::uint64_t number = 0; number < rows; ++number) {
        const Key key{number};
        Random random = Random::named(data_seed, "row size", number);
        batch.push_back(
            {key, Bytes::make(workload.value_size.sample(random), [&](std::span<char> to) {
                 payload.fill(to.subspan(Header::size_bytes), number);
                 seal(key, Header{}, to);
             })});
        if (batch.size() < rows_a_batch && number + 1 < rows) continue;
        if (stop) throw RunError("interrupted while loading");
        if (!store.write(batch)) throw RunError("the store refused a row while loading");
        batch.clear();
        tell(static_cast<double>(number + 1) / static_cast<double>(rows));
    }
}

}  // namespace stalemark
