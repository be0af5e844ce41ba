// SPDX-License-Identifier: Apache-2.0
// Every knob that a shield may read, with its default.

#pragma once

#include <cstdint>

#include "core/types.h"

namespace stalemark {

struct ShieldSettings {
    std::uint64_t seed = 1;  // Of what a shield draws.

    // lock: how long a reader waits for another's load before it asks the store itself; a load
    // that has taken longer holds up nobody who comes later. nginx: proxy_cache_lock_timeout.
    Duration lock_timeout = std::chrono::seconds(5);

    // lock: whether a read that comes after a change of the key may wait for a load that began
    // before it. Otherwise it starts a load of its own.
    bool joins_overtaken = false;

    // early: how early to reload, in loads' durations; 0: never (Vattani et al. 2015; 1 is the
    // optimum for equal loads).
    double beta = 1;

    // stale: how long past its TTL an entry may answer while it is reloaded in the background
    // (Varnish's default), and while the store fails; and how long after a failure the store is
    // left alone for this key.
    Duration grace = std::chrono::seconds(10);
    Duration stale_if_error{0};
    Duration error_throttle = std::chrono::seconds(1);

    // stale and refresh_ahead: reloads in the background at once, and how many more may wait;
    // what would come on top is not begun.
    std::uint64_t reloads = 8;
    std::uint64_t reload_queue_max = 10'000;
};

}  // namespace stalemark
