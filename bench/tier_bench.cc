// SPDX-License-Identifier: Apache-2.0
// What a call to a tier costs, alone and from two threads at once.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "caches/catalog.h"
#include "core/random.h"
#include "runtime/thread_runtime.h"
#include "stores/catalog.h"
#include "stores/data_folder.h"

namespace stalemark {
namespace {

constexpr std::uint64_t keys = 100'000;
constexpr std::size_t choices = 1 << 20;

// Zipfian keys, theta 0.99, the ranks scattered; drawn beforehand, so that drawing costs
// nothing.
const std::vector<Key>& zipfian_keys() {
    static const std::vector<Key> drawn = [] {
        std::vector<double> up_to(keys);
        double sum = 0;
        for (std::uint64_t rank = 0; rank < keys; ++rank) {
            up_to[rank] = sum += std::pow(static_cast<double>(rank + 1), -0.99);
        }
        Random random(1);
        std::vector<Key> result;
        for (std::size_t i = 0; i < choices; ++i) {
            const auto rank =
                std::ranges::lower_bound(up_to, random.unit() * sum) - up_to.begin();
            result.push_back(Key{mix(static_cast<std::uint64_t>(rank)) % keys});
        }
        return result;
    }();
    return drawn;
}

// Each thread walks through the choices from a place of its own.
class Walk {
public:
    explicit Walk(const benchmark::State& state)
        : at_(static_cast<std::size_t>(state.thread_index()) * 7'919 * 64) {}
    Key next() { return keys_[at_++ % choices]; }

private:
    const std::vector<Key>& keys_ = zipfian_keys();
    std::size_t at_;
};

// One for each key: sharing one would make all threads write to its counter of references.
const std::vector<Row>& values() {
    static const std::vector<Row> made = [] {
        std::vector<Row> result;
        for (std::uint64_t key = 0; key < keys; ++key) {
            result.push_back({.bytes = Bytes(std::string(100, 'x'))});
        }
        return result;
    }();
    return made;
}

std::unique_ptr<Runtime> runtime;
std::unique_ptr<LocalCache> cache;

// `share` of the keys have room.
void fill_cache(const CacheEntry& entry, double share) {
    if (!runtime) runtime = make_thread_runtime();
    CacheSettings settings{.capacity_bytes = std::uint64_t{1} << 40, .value_bytes = 100};
    cache = entry.make(settings, *runtime);
    for (std::uint64_t key = 0; key < keys; ++key) {
        (void)cache->put(Key{key}, values()[key], Duration::max());
    }
    if (share == 1) return;
    settings.capacity_bytes =
        static_cast<std::uint64_t>(share * static_cast<double>(cache->use().bytes));
    cache = entry.make(settings, *runtime);
    for (const Key key : zipfian_keys()) {
        (void)cache->put(key, values()[index_of(key)], Duration::max());
    }
}

void cache_hit(benchmark::State& state, const CacheEntry& entry) {
    if (state.thread_index() == 0) fill_cache(entry, 1);
    Walk walk(state);
    for (auto _ : state) benchmark::DoNotOptimize(cache->get(walk.next()));
}

void cache_miss(benchmark::State& state, const CacheEntry& entry) {
    if (state.thread_index() == 0) fill_cache(entry, 1);
    Walk walk(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(cache->get(Key{index_of(walk.next()) + keys}));
    }
}

void cache_put(benchmark::State& state, const CacheEntry& entry) {
    if (state.thread_index() == 0) fill_cache(entry, 0.1);
    Walk walk(state);
    for (auto _ : state) {
        const Key key = walk.next();
        benchmark::DoNotOptimize(cache->put(key, values()[index_of(key)], Duration::max()));
    }
}

void cache_erase(benchmark::State& state, const CacheEntry& entry) {
    if (state.thread_index() == 0) fill_cache(entry, 1);
    Walk walk(state);
    for (auto _ : state) benchmark::DoNotOptimize(cache->erase(walk.next()));
}

// Cache-aside with a store that costs nothing: a get, and a put after a miss.
void cache_mix(benchmark::State& state, const CacheEntry& entry) {
    if (state.thread_index() == 0) fill_cache(entry, 0.1);
    Walk walk(state);
    std::uint64_t hits = 0;
    for (auto _ : state) {
        const Key key = walk.next();
        if (cache->get(key)) {
            ++hits;
        } else {
            (void)cache->put(key, values()[index_of(key)], Duration::max());
        }
    }
    state.counters["hit_ratio"] =
        benchmark::Counter(static_cast<double>(hits) / static_cast<double>(state.iterations()),
                           benchmark::Counter::kAvgThreads);
}

constexpr std::uint64_t row_bytes = 1'000;

void load(Store& rows) {
    const Bytes bytes(std::string(row_bytes, 'x'));
    for (std::uint64_t key = 0; key < keys; ++key) (void)rows.put(Key{key}, bytes);
}

std::unique_ptr<DataFolder> folder;  // Of the store that is durable.
std::unique_ptr<Store> store;

void open_store(const StoreEntry& entry, const StoreSettings& settings) {
    store.reset();
    if (entry.traits.durable) {
        if (!folder) folder = DataFolder::temporary(entry);
        folder->prepare("tier_bench", load);
        store = folder->open_run(settings);
    } else {
        store = entry.open(settings);
        load(*store);
    }
    for (std::uint64_t key = 0; key < keys; ++key) (void)store->get(Key{key});
}

StoreSettings with_block_cache(const benchmark::State& state) {
    return {.block_cache_bytes = static_cast<std::uint64_t>(state.range(0))};
}

// Every row is as likely as any other, as in db_bench's readrandom.
void store_get(benchmark::State& state, const StoreEntry& entry) {
    if (state.thread_index() == 0) open_store(entry, with_block_cache(state));
    Random random(static_cast<std::uint64_t>(state.thread_index()));
    for (auto _ : state) benchmark::DoNotOptimize(store->get(Key{random.below(keys)}));
}

void store_put(benchmark::State& state, const StoreEntry& entry) {
    if (state.thread_index() == 0) open_store(entry, with_block_cache(state));
    const Bytes bytes(std::string(row_bytes, 'y'));
    Random random(static_cast<std::uint64_t>(state.thread_index()));
    for (auto _ : state) benchmark::DoNotOptimize(store->put(Key{random.below(keys)}, bytes));
}

void store_put_logged(benchmark::State& state, const StoreEntry& entry) {
    if (state.thread_index() == 0) open_store(entry, {.keeps_log = true});
    const Bytes bytes(std::string(row_bytes, 'y'));
    Random random(static_cast<std::uint64_t>(state.thread_index()));
    for (auto _ : state) benchmark::DoNotOptimize(store->put(Key{random.below(keys)}, bytes));
}

// Follows 100,000 puts from the first on, so many changes a call, and then from the first
// again.
void log_read(benchmark::State& state, const StoreEntry& entry) {
    open_store(entry, {.keeps_log = true});
    CommitLog& log = *store->log();
    const LogPosition first = log.end().value();
    load(*store);
    LogPosition at = first;
    std::int64_t changes = 0;
    for (auto _ : state) {
        const auto read = log.read(at, static_cast<std::size_t>(state.range(0))).value();
        changes += static_cast<std::int64_t>(read.size());
        at = read.empty() || read.back().position == log.end().value() ? first
                                                                       : read.back().position;
    }
    state.SetItemsProcessed(changes);
}

// Begins again at the 50,000th of 100,000 puts, where no read has ended.
void log_resume(benchmark::State& state, const StoreEntry& entry) {
    open_store(entry, {.keeps_log = true});
    CommitLog& log = *store->log();
    const LogPosition first = log.end().value();
    load(*store);
    const LogPosition middle = log.read(first, keys / 2)->back().position;
    (void)log.read(middle, 1);
    for (auto _ : state) benchmark::DoNotOptimize(log.read(middle, 1));
}

// A poll that finds nothing new.
void log_poll(benchmark::State& state, const StoreEntry& entry) {
    open_store(entry, {.keeps_log = true});
    const LogPosition at = store->log()->end().value();
    for (auto _ : state) benchmark::DoNotOptimize(store->log()->read(at, 100));
}

// What a run waits for when the rows are loaded already: until the first answer.
void run_open(benchmark::State& state) {
    store.reset();  // Of the benchmark before: a folder has one run at a time.
    folder->prepare("tier_bench", load);
    for (auto _ : state) benchmark::DoNotOptimize(folder->open_run({})->get(Key{1}));
}

}  // namespace
}  // namespace stalemark

int main(int argc, char** argv) {
    using namespace stalemark;
    const auto add = [](std::string name, auto call, const auto& entry) {
        name += "/" + std::string(entry.name);
        return benchmark::RegisterBenchmark(name.c_str(), call, entry)
            ->ThreadRange(1, 2)
            ->UseRealTime();
    };
    for (const auto& entry : all_caches()) {
        add("cache_hit", cache_hit, entry);
        add("cache_miss", cache_miss, entry);
        add("cache_put", cache_put, entry);
        add("cache_erase", cache_erase, entry);
        add("cache_mix", cache_mix, entry);
    }
    for (const auto& entry : all_stores()) {
        const std::vector<std::int64_t> block_caches =
            entry.traits.durable ? std::vector<std::int64_t>{8 << 20, 256 << 20}
                                 : std::vector<std::int64_t>{0};
        add("store_get", store_get, entry)->ArgsProduct({block_caches});
        add("store_put", store_put, entry)->ArgsProduct({block_caches});
        if (!entry.traits.has_log) continue;
        add("store_put_logged", store_put_logged, entry);
        const std::string name(entry.name);
        benchmark::RegisterBenchmark(("log_read/" + name).c_str(), log_read, entry)
            ->Arg(1)
            ->Arg(100);
        benchmark::RegisterBenchmark(("log_resume/" + name).c_str(), log_resume, entry);
        benchmark::RegisterBenchmark(("log_poll/" + name).c_str(), log_poll, entry);
    }
    benchmark::RegisterBenchmark("run_open/rocksdb", run_open)->Unit(benchmark::kMillisecond);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    store.reset();
    folder.reset();
}
