// SPDX-License-Identifier: Apache-2.0
// Lets no file of this process grow beyond a size, as if the disk were full.

#pragma once

#include <sys/resource.h>

#include <csignal>

namespace stalemark {

class DiskLimit {
public:
    explicit DiskLimit(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~DiskLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    DiskLimit(const DiskLimit&) = delete;
    DiskLimit& operator=(const DiskLimit&) = delete;

private:
    rlimit before_{};
};

}  // namespace stalemark
