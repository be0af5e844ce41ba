// SPDX-License-Identifier: Apache-2.0
// A small, fast, seedable generator whose numbers are the same on every platform.

#pragma once

#include <cstdint>
#include <string_view>

namespace stalemark {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): spreads every input bit over the word.
constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

// FNV-1a (Fowler, Noll, Vo), 64 bits: a name as a number.
constexpr std::uint64_t hash_of(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

// SplitMix64. Not for use by two threads at once.
__extension__ using Wide = unsigned __int128;  // Products of two words.

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    // The stream that belongs to this name and number: independent of every other, so that what
    // one part draws never changes what another sees.
    static Random named(std::uint64_t seed, std::string_view name, std::uint64_t number = 0) {
        return family(seed, name).member(number);
    }

    // All streams of one name, for who needs many of them: the name is read only once.
    class Family {
    public:
        Random member(std::uint64_t number) const {
            return Random(mix(root_ + 0x9e3779b97f4a7c15 * (number + 1)));
        }

    private:
        friend class Random;
        explicit Family(std::uint64_t root) : root_(root) {}

        std::uint64_t root_;
    };
    static Family family(std::uint64_t seed, std::string_view name) {
        return Family(mix(seed ^ hash_of(name)));
    }

    std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15); }

    // Uniform in [0, 1).
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    // Uniform in 0 .. bound-1, by multiplication (Lemire 2019, without the rejection step: the
    // bias is below bound / 2^64). Requires: bound > 0.
    std::uint64_t below(std::uint64_t bound) {
        return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
    }

    std::uint64_t state() const { return state_; }

private:
    std::uint64_t state_;
};

}  // namespace stalemark
