// SPDX-License-Identifier: Apache-2.0
// An immutable run of bytes. A copy shares the memory, so that a value can lie in the cache, in
// a queue and in a reader's hand at once at the price of a counter.
//
// Any number of threads may read and copy one at once.

#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace stalemark {

class Bytes {
public:
    Bytes() = default;

    explicit Bytes(std::string_view text)
        : Bytes(make(text.size(), [&](std::span<char> to) {
              if (!text.empty()) std::memcpy(to.data(), text.data(), text.size());
          })) {}

    // `size` bytes that `write` fills in before anybody else can see them.
    template <std::invocable<std::span<char>> Write>
    static Bytes make(std::size_t size, Write write) {
        auto memory = std::make_shared_for_overwrite<char[]>(size);
        write(std::span<char>(memory.get(), size));
        Bytes bytes;
        bytes.memory_ = std::move(memory);
        bytes.size_ = size & size_mask;
        return bytes;
    }

    // Bytes that lie in the memory of `lender`, for as long as one of their copies lives. They
    // are for a short while: what is to be kept takes kept().
    template <typename Lender>
    static Bytes lent(const std::shared_ptr<Lender>& lender, std::string_view text) {
        Bytes bytes;
        bytes.memory_ = std::shared_ptr<const char[]>(lender, text.data());
        bytes.size_ = text.size() & size_mask;
        bytes.is_lent_ = true;
        return bytes;
    }

    // The same bytes in memory of their own: a copy if they were lent.
    Bytes kept() const { return is_lent_ ? Bytes(view()) : *this; }

    std::size_t size() const { return size_; }
    std::string_view view() const { return {memory_.get(), size_}; }

    // Begins to bring the contents, if they are few, near the processor.
    // (Inlined, or g++ 12 takes a function that only fetches for one without effect.)
    [[gnu::always_inline]] void fetch() const {
        const char* const begin = memory_.get();
        for (std::size_t at = 0; at < std::min(size_, fetched_bytes); at += line_bytes) {
            __builtin_prefetch(begin + at);
        }
    }

    // Whether the contents are equal, wherever they lie.
    bool operator==(const Bytes& other) const { return view() == other.view(); }

private:
    static constexpr std::size_t size_mask = ~std::size_t{0} >> 1;
    static constexpr std::size_t line_bytes = 64;
    static constexpr std::size_t fetched_bytes = 1'024;

    std::shared_ptr<const char[]> memory_;
    std::size_t size_ : 63 = 0;
    bool is_lent_ : 1 = false;
};

}  // namespace stalemark
