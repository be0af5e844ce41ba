// SPDX-License-Identifier: Apache-2.0
// A small program: what a few clients ask, each one operation after the other.
//
// In text, "w r | w | r r2": a bar stands between two clients. r reads, w writes, d deletes, m
// reads and then writes what it makes of that; a number behind the letter is the key, 1 if
// there is none. A client that asks nothing, as only() may leave one, is a "-".

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"

namespace stalemark {

struct ProgramStep {
    enum class Kind : std::uint8_t { read, write, erase };

    Kind kind = Kind::read;
    Key key{0};
    std::uint32_t client = 0;
    bool is_of_modify = false;  // One of the two that an m consists of.

    bool changes() const { return kind != Kind::read; }
    bool operator==(const ProgramStep&) const = default;
};

// The operations of all clients: those of one client in order, one client after the other.
struct Program {
    std::vector<ProgramStep> operations;
    std::uint32_t clients = 0;
    std::uint32_t keys = 0;

    // More than these are not explored: sets of operations are words of 32 bits.
    static constexpr std::size_t operations_most = 32;
    static constexpr std::uint32_t clients_most = 8;
    static constexpr std::uint32_t keys_most = 4;

    // As read_program() takes it, and makes the same of it if there is an operation.
    std::string text() const;

    // Without the operations whose bits are not in `kept`. A client without operations stays,
    // so that each has its number still. An m needs the bits of both its halves to be kept.
    Program only(std::uint32_t kept) const;

    // In how many orders whole operations can follow each other: no fewer schedules there are.
    double orders() const;

    bool operator==(const Program&) const = default;
};

// Throws InputError, with the position, from 1, of what does not parse.
Program read_program(std::string_view text);

}  // namespace stalemark
