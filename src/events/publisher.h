// SPDX-License-Identifier: Apache-2.0
// A node's voice on the bus.

#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "events/bus.h"

namespace stalemark {

class Publisher {
public:
    Publisher(Bus& bus, std::uint32_t node) : bus_(bus), node_(node) {}

    // Tells all other nodes that the row of `key` has come to `version` (0: not known to
    // which), and, where it was put, to `bytes`, which begin with a Header.
    void publish(Key key, Version version, const std::optional<Bytes>& bytes) {
        Event event{.key = key, .version = version, .publisher = node_};
        if (bytes) event.write = peek_header(bytes->view());
        bus_.publish(event);
    }

private:
    Bus& bus_;
    const std::uint32_t node_;
};

}  // namespace stalemark
