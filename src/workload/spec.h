// SPDX-License-Identifier: Apache-2.0
// What is asked: one of workloads/*.json, read and checked. docs/workloads.md explains every
// field.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/distribution.h"
#include "core/types.h"
#include "workload/cache_size.h"

namespace stalemark {

// Shares of the operations; they sum to 1.
struct Mix {
    double read = 1;
    double write = 0;
    double erase = 0;  // "delete" in files.
    double read_modify_write = 0;

    bool operator==(const Mix&) const = default;
};

// Which keys are popular.
struct Popularity {
    enum class Kind : std::uint8_t {
        uniform,
        zipfian,    // P(rank) ~ rank^-theta; rank 1 is key 0.
        scrambled,  // Zipfian, the ranks scattered over the keys by a permutation.
        latest,     // Reads: zipfian over recency. Writes: the key after the newest, in a ring.
        hot_set,    // A share of the operations goes to a share of the keys.
        drifting_hot_set,  // A hot set that moves on.
        sequential,        // Key after key, each client through its own part.
    };
    Kind kind = Kind::zipfian;
    double theta = 0.99;          // zipfian, scrambled, latest: >= 0; 0 is uniform.
    double hot_keys = 0.2;        // hot sets: share of the keys that is hot.
    double hot_operations = 0.8;  // hot sets: share of the operations that goes to them.
    // drifting_hot_set: operations of all clients per step...
    std::uint64_t drift_every = 100'000;
    double drift_by = 0.01;  // ...of this share of the keys.

    bool operator==(const Popularity&) const = default;
};

enum class Arrival : std::uint8_t { poisson, constant };

// A stretch of a run with a mix and a rate of its own.
struct Phase {
    std::string name;
    std::optional<Duration> duration;         // Whichever of the two comes first; a last phase
    std::optional<std::uint64_t> operations;  // without either lasts as long as the run.
    Mix mix;
    Popularity popularity;
    std::optional<double> rate;  // Operations per second of all clients; nothing: closed loop.
    Arrival arrival = Arrival::poisson;

    bool operator==(const Phase&) const = default;
};

// What an application with this workload needs; the decision scripts read it from the result.
struct Requirements {
    std::optional<Duration> stale_age_max;
    std::optional<double> stale_fraction_max;  // Of reads.
    bool read_your_writes = false;
    std::optional<double> own_writes_missed_max;  // Of the reads that could see one.
    bool monotonic_reads = false;
    std::optional<std::uint64_t> writes_lost_max;  // Acknowledged writes that a crash may cost.
    std::optional<Duration> read_p99_max;
    std::optional<Duration> write_p99_max;
    std::optional<double> store_reads_max;  // Per operation.
    std::string why;

    bool operator==(const Requirements&) const = default;
};

// A recorded run: CSV time_ns,operation,key,value_bytes,ttl_ns, gzipped or not.
struct TraceFile {
    std::string path;
    double speed = 1;  // 1: as recorded; 2: twice as fast; 0: as fast as it goes.

    bool operator==(const TraceFile&) const = default;
};

struct WorkloadSpec {
    std::string name;
    std::string caption;  // One line.
    std::uint64_t keys = 100'000;
    double preload = 1;  // Share of the keys, from key 0 on, that the store holds at the start.
    Distribution value_size{1'000};  // Bytes, header included.
    double compressibility = 0.5;    // Share of a payload that a compressor can remove.
    Distribution ttl{static_cast<std::uint64_t>(Duration::max().count())};  // Per key, in ns.
    double ttl_jitter = 0;     // An entry's TTL is cut by up to this share, at random.
    Duration negative_ttl{0};  // How long an absent key is remembered; 0: not at all.
    CacheSize cache_size{.percent = 10};
    // Nothing: four in a closed loop, and in an open one as many as its rate takes.
    std::optional<std::uint32_t> clients;
    // Users of an open loop. Nothing: 1,000.
    std::optional<std::uint32_t> sessions;
    // Of the measured part; whichever comes first. With neither, ten seconds.
    std::optional<Duration> duration;
    std::optional<std::uint64_t> operations;
    std::optional<Duration> warmup;  // Nothing: until the hit ratio is stable.
    std::vector<Phase> phases;       // At least one.
    std::optional<TraceFile> trace;  // Instead of mix and popularity.
    Requirements requirements;

    bool operator==(const WorkloadSpec&) const = default;
};

// An option of `stalemark run` that a file brings along. What it means is known elsewhere.
struct FileOption {
    std::string name;
    std::vector<std::string> values;  // One, unless the file has an array of them.
    std::string place;                // Where it stands, for messages: "workloads/x.json:12".
};

struct WorkloadFile {
    WorkloadSpec spec;
    std::vector<FileOption> options;  // No part of the workload: the same operations without.
};

}  // namespace stalemark
