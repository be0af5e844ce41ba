// SPDX-License-Identifier: Apache-2.0
// The runtime's clock as a call of a cache reads it.

#pragma once

#include "runtime/runtime.h"

namespace stalemark {

// Reads the runtime's clock when somebody asks, and only once: reading costs as much as half a
// hit.
class LazyClock {
public:
    explicit LazyClock(const Runtime& runtime) : runtime_(runtime) {}

    Duration since(Instant began) { return began == never ? Duration{0} : now() - began; }

    bool is_past(Instant expires) {
        if (expires == never) return false;  // Without a look at the clock.
        return runtime_.is_watched() ? runtime_.is_over(expires) : expires <= now();
    }

    // For counts: nothing depends on it.
    bool was_past(Instant expires) { return expires != never && expires <= now(); }

    // The instant `ttl` from now; never if that is Duration::max() or out of range.
    Instant after(Duration ttl) {
        return ttl == Duration::max() || ttl > never - now() ? never : now() + ttl;
    }

private:
    Instant now() {
        if (now_ == unread) now_ = runtime_.now();
        return now_;
    }

    static constexpr Instant unread = Instant::min();
    const Runtime& runtime_;
    Instant now_ = unread;
};

}  // namespace stalemark
