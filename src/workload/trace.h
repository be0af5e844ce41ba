// SPDX-License-Identifier: Apache-2.0
// A recorded run, read from CSV, gzipped or not:
//
//   time_ns,operation,key,value_bytes,ttl_ns
//   1715000000000000000,read,user:17,,
//   1715000000000120000,write,user:17,480,300000000000
//
// Operations are read or get, write, set or put, delete, and read_modify_write. Keys are any
// text without a comma; they are numbered 0 .. N-1 in order of their first appearance. Times
// may begin anywhere but never go back. A write needs its value_bytes; a ttl_ns that is empty
// or 0 says none.
//
// In memory a record takes 24 bytes and a key 8; while a file is read, each key takes some 100
// more.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/types.h"
#include "workload/operation.h"

namespace stalemark {

struct TraceRecord {
    Duration at{0};  // Since the first record.
    std::uint32_t key = 0;
    std::uint32_t value_bytes = 0;  // At least Header::size_bytes if it writes, else 0.
    OperationKind kind = OperationKind::read;
};

struct Trace {
    std::vector<TraceRecord> records;   // At least one, by time.
    std::vector<Duration> ttl_of_keys;  // By key: the last in the file; Duration::max(): none.

    std::uint64_t keys() const { return ttl_of_keys.size(); }
};

// Throws InputError that names file and line. The trace that was read last is kept, so that the
// clients of a run share one; it is read anew when the file has changed. Any thread may call.
std::shared_ptr<const Trace> read_trace(const std::string& path);

}  // namespace stalemark
