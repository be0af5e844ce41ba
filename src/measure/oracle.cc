// SPDX-License-Identifier: Apache-2.0
#include "measure/oracle.h"

#include <bit>

#include "core/errors.h"

namespace stalemark {
namespace {

using Stamp = Oracle::Stamp;

// What an acknowledgement log says beside stamps. Stamps stay below, or draw() throws.
constexpr Stamp not_yet = 0;
constexpr Stamp refused_mark = 0xffff'ffff;
constexpr Stamp open_mark = 0xffff'fffe;
constexpr Stamp stamps_max = 0xffff'fff0;

constexpr std::uint32_t first_block_bits = 6;

struct Place {
    std::size_t block;
    std::size_t index;
};

// Block b holds sequences [2^(b+6) - 64, 2^(b+7) - 64).
Place place_of(std::uint32_t sequence) {
    const std::uint64_t shifted = std::uint64_t{sequence} + (1U << first_block_bits);
    const auto width = static_cast<std::size_t>(std::bit_width(shifted)) - 1;
    return {width - first_block_bits, shifted - (std::uint64_t{1} << width)};
}

void raise(std::atomic<Stamp>& to, Stamp stamp) {
    Stamp now = to.load(std::memory_order_relaxed);
    while (now < stamp && !to.compare_exchange_weak(now, stamp, std::memory_order_acq_rel)) {
    }
}

}  // namespace

Oracle::Oracle(std::uint64_t keys, std::uint64_t preloaded, std::uint32_t sessions)
    : mask_(std::bit_ceil(keys) - 1),
      keys_(std::make_unique<KeyState[]>(mask_ + 1)),
      sessions_(std::make_unique<Session[]>(sessions)),
      session_count_(sessions) {
    for (std::uint64_t key = preloaded; key < keys; ++key) {
        at(Key{key}).absence_acknowledged = 1;
    }
}

Oracle::~Oracle() {
    for (std::uint32_t i = 0; i < session_count_; ++i) {
        for (auto& block : sessions_[i].blocks) delete[] block.load();
    }
}

Stamp Oracle::draw(Key key) {
    const Stamp stamp = at(key).events.fetch_add(1, std::memory_order_acq_rel);
    if (stamp >= stamps_max)
        throw RunError("more than 2^31 writes to one key: the oracle is full");
    return stamp;
}

Header Oracle::begin_write(Key key, std::uint32_t session) {
    Session& own = sessions_[session];
    const Header header{.session = session, .sequence = own.begun++, .invocation = draw(key)};
    const Place place = place_of(header.sequence);
    if (place.index == 0) {
        const std::size_t size = std::size_t{1} << (place.block + first_block_bits);
        own.blocks[place.block].store(new std::atomic<Stamp>[size](),
                                      std::memory_order_release);
    }
    return header;
}

void Oracle::begin_delete(Key key, const Header& /*header*/) {
    at(key).deletes_pending.fetch_add(1, std::memory_order_acq_rel);
}

Stamp Oracle::acknowledge(Key key, const Header& header, bool is_delete) {
    const Stamp stamp = draw(key);
    log_of(header).store(stamp, std::memory_order_release);
    if (is_delete) {
        KeyState& state = at(key);
        raise(state.absence_acknowledged, stamp);
        state.deletes_pending.fetch_sub(1, std::memory_order_acq_rel);
    }
    raise(at(key).acknowledged, header.invocation);
    return stamp;
}

void Oracle::refuse(Key key, const Header& header, bool is_delete) {
    has_trouble_.store(true, std::memory_order_relaxed);
    log_of(header).store(refused_mark, std::memory_order_release);
    if (is_delete) at(key).deletes_pending.fetch_sub(1, std::memory_order_acq_rel);
}

void Oracle::leave_open(Key /*key*/, const Header& header, bool /*is_delete*/) {
    // An open delete stays pending for ever: no later absence of the key can be blamed.
    has_trouble_.store(true, std::memory_order_relaxed);
    log_of(header).store(open_mark, std::memory_order_release);
}

std::atomic<Stamp>& Oracle::log_of(const Header& header) {
    const Place place = place_of(header.sequence);
    return sessions_[header.session].blocks[place.block].load(
        std::memory_order_acquire)[place.index];
}

Stamp Oracle::logged(const Header& header) const {
    if (header.session == Header::preloaded) return 1;
    const Place place = place_of(header.sequence);
    return sessions_[header.session]
        .blocks[place.block]
        .load(std::memory_order_acquire)[place.index]
        .load(std::memory_order_acquire);
}

std::optional<Stamp> Oracle::acknowledged_at(Key key, const Seen& seen) const {
    if (seen) {
        const Stamp stamp = logged(*seen);
        if (stamp == not_yet || stamp >= stamps_max) return std::nullopt;
        return stamp;
    }
    // The order matters: a delete that is no longer pending has left its stamp before.
    const KeyState& state = at(key);
    if (state.deletes_pending.load(std::memory_order_acquire) > 0) return std::nullopt;
    const Stamp stamp = state.absence_acknowledged.load(std::memory_order_acquire);
    if (stamp == 0) return std::nullopt;
    return stamp;
}

bool Oracle::can_be_absent(Key key) const {
    const KeyState& state = at(key);
    return state.deletes_pending.load(std::memory_order_acquire) > 0 ||
           state.absence_acknowledged.load(std::memory_order_acquire) > 0;
}

std::size_t Oracle::memory_bytes() const {
    std::size_t bytes = (mask_ + 1) * sizeof(KeyState) + session_count_ * sizeof(Session);
    for (std::uint32_t i = 0; i < session_count_; ++i) {
        for (std::size_t block = 0; block < Session::blocks_max; ++block) {
            if (sessions_[i].blocks[block].load() == nullptr) break;
            bytes += (std::size_t{1} << (block + first_block_bits)) * sizeof(Stamp);
        }
    }
    return bytes;
}

bool Oracle::is_older_by_log(Key key, const Seen& seen, Stamp stamp) const {
    const auto acknowledged = acknowledged_at(key, seen);
    return acknowledged && *acknowledged < stamp;
}

Oracle::Status Oracle::status_of(const Header& header) const {
    switch (logged(header)) {
        case not_yet:
            return Status::pending;
        case refused_mark:
            return Status::refused;
        case open_mark:
            return Status::open;
        default:
            return Status::acknowledged;
    }
}

}  // namespace stalemark
