// SPDX-License-Identifier: Apache-2.0
#include "experiment/recording.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/random.h"
#include "experiment/data_set.h"
#include "workload/source.h"

namespace stalemark {
namespace {

// Enough for a key that is asked for once in 1,000 times to come within 7% of that.
constexpr int draws = 200'000;

CheckSettings settings() { return {.window = 64}; }  // They come in order.

// Keys that the first phase asks for, the most frequent first.
std::vector<Key> hottest_keys(const WorkloadSpec& workload, std::uint64_t seed) {
    const Phase& phase = workload.phases.front();
    const auto source = is_open_loop(workload, phase) ? open_arrivals(workload, seed, 0, 1)
                                                      : open_source(workload, {.seed = seed});
    std::unordered_map<std::uint64_t, std::uint64_t> counts;
    for (int i = 0; i < draws; ++i) {
        const auto operation = source->next();
        if (!operation) break;
        ++counts[index_of(operation->key)];
    }
    std::vector<std::pair<std::uint64_t, std::uint64_t>> sorted(counts.begin(), counts.end());
    std::ranges::sort(sorted, [](const auto& one, const auto& other) {
        return one.second != other.second ? one.second > other.second : one.first < other.first;
    });
    std::vector<Key> keys;
    for (const auto& [key, count] : sorted) keys.push_back(Key{key});
    return keys;
}

}  // namespace

KeySample choose_keys(const WorkloadSpec& workload, std::uint64_t wanted, std::uint64_t seed) {
    KeySample sample(workload.keys);
    if (wanted >= workload.keys) {
        for (std::uint64_t i = 0; i < workload.keys; ++i) sample.choose(Key{i});
        return sample;
    }
    Random random = Random::named(seed, "keys of the history");
    if (!workload.trace) {
        for (const Key key : hottest_keys(workload, random.next())) {
            if (sample.size() >= (wanted + 1) / 2) break;
            sample.choose(key);
        }
    }
    while (sample.size() < wanted) sample.choose(Key{random.below(workload.keys)});
    return sample;
}

Recording::Recording(const Experiment& experiment)
    : recorder_(
          choose_keys(experiment.workload, experiment.history.keys, experiment.system.seed),
          preloaded_keys(experiment.workload), experiment.clients,
          experiment.history.file ? &writer_.emplace(*experiment.history.file) : nullptr,
          experiment.history.is_judged ? &checker_.emplace(settings()) : nullptr) {}

HistoryFacts Recording::finish() {
    recorder_.finish();
    HistoryFacts facts{.keys = recorder_.sample().size(), .lost = recorder_.lost()};
    if (checker_) facts.findings = checker_->findings();
    return facts;
}

}  // namespace stalemark
