// SPDX-License-Identifier: Apache-2.0
// Strategies with a mistake that is counted where it is made, for the judges to find.

#pragma once

#include <set>
#include <string>

#include "core/header.h"
#include "strategies/strategy.h"

namespace stalemark {

// No cache; every tenth write is acknowledged and goes nowhere.
class ForgetfulStrategy final : public Strategy {
public:
    ForgetfulStrategy(const Parts& parts, std::set<Key>& forgotten)
        : Strategy(parts), forgotten_(forgotten) {}

    Result<Answer> read(Key key) override {
        return Answer{store.get(key).value(), Outcome::bypass};
    }
    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        if (++writes_ % 10 == 0) {
            forgotten_.insert(key);
            return {};
        }
        forgotten_.erase(key);
        return acknowledge(commit(key, bytes));
    }

private:
    std::set<Key>& forgotten_;  // Keys whose last write went nowhere.
    int writes_ = 0;
};

// No cache; of the reads every 20th answers a flipped bit, every 30th another key's value and
// every 50th that there is nothing.
class GarblingStrategy final : public Strategy {
public:
    struct Counts {
        std::uint64_t corrupt = 0;
        std::uint64_t absent = 0;
    };
    GarblingStrategy(const Parts& parts, Counts& counts) : Strategy(parts), counts_(counts) {}

    Result<Answer> read(Key key) override {
        ++reads_;
        if (reads_ % 50 == 0) {
            ++counts_.absent;
            return Answer{Row(), Outcome::bypass};
        }
        const bool is_swapped = reads_ % 30 == 0;
        const bool is_flipped = reads_ % 20 == 0;
        if (is_swapped || is_flipped) ++counts_.corrupt;
        Row row = store.get(is_swapped ? Key{index_of(key) ^ 1} : key).value();
        if (is_flipped) {
            std::string text(row.bytes->view());
            text[static_cast<std::size_t>(reads_) % text.size()] ^= 1;
            row.bytes = Bytes(text);
        }
        return Answer{row, Outcome::bypass};
    }
    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        return acknowledge(commit(key, bytes));
    }

private:
    Counts& counts_;
    int reads_ = 0;
};

// Caches first and stores then; every tenth time the store refuses, and the cache keeps what is
// in no store.
class HastyStrategy final : public Strategy {
public:
    HastyStrategy(const Parts& parts, std::uint64_t& phantoms)
        : Strategy(parts), phantoms_(phantoms) {}

    Result<Answer> read(Key key) override {
        auto cached = find(key);
        if (!cached) return load(key, cached.error());
        if (refused_.contains(cached->row.bytes->view())) ++phantoms_;
        return Answer{cached->row, Outcome::hit};
    }
    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        cache.put(key, Row{*bytes}, Duration::max());
        if (++writes_ % 10 == 0) {
            refused_.emplace(bytes->view());
            return std::unexpected(Trouble::failed);
        }
        return acknowledge(commit(key, bytes));
    }

private:
    std::set<std::string, std::less<>> refused_;
    std::uint64_t& phantoms_;  // Answers that were refused writes.
    int writes_ = 0;
};

// Reads take turns between the store and what it held when the key was first read.
class TwoFacedStrategy final : public Strategy {
public:
    using Strategy::Strategy;

    Result<Answer> read(Key key) override {
        if (++reads_ % 2 == 0) return Answer{store.get(key).value(), Outcome::bypass};
        auto cached = find(key);
        if (cached) return Answer{cached->row, Outcome::hit};
        return load(key, cached.error());
    }
    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        return acknowledge(commit(key, bytes));
    }

private:
    int reads_ = 0;
};

}  // namespace stalemark
