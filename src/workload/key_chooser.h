// SPDX-License-Identifier: Apache-2.0
// Which key is next: one small class for each kind of Popularity, all alike:
//
//   Key next(Random& random, bool writes);   `writes`: a plain write, which may make a key
//   newest
//
// Each belongs to one client. What a chooser knows of the others' progress it takes from its
// own, so that its keys depend on nothing that happens in the run.

#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

#include "core/random.h"
#include "core/types.h"
#include "workload/permutation.h"
#include "workload/spec.h"
#include "workload/zipf.h"

namespace stalemark {

class UniformKeys {
public:
    explicit UniformKeys(std::uint64_t keys) : keys_(keys) {}
    Key next(Random& random, bool /*writes*/) const { return Key{random.below(keys_)}; }

private:
    std::uint64_t keys_;
};

class ZipfianKeys {
public:
    explicit ZipfianKeys(std::shared_ptr<const Zipf> zipf) : zipf_(std::move(zipf)) {}
    Key next(Random& random, bool /*writes*/) { return Key{zipf_->draw(random) - 1}; }

private:
    std::shared_ptr<const Zipf> zipf_;
};

class ScrambledKeys {
public:
    ScrambledKeys(std::uint64_t keys, std::shared_ptr<const Zipf> zipf)
        : zipf_(std::move(zipf)), scatter_(keys) {}
    Key next(Random& random, bool /*writes*/) { return Key{scatter_(zipf_->draw(random) - 1)}; }

private:
    std::shared_ptr<const Zipf> zipf_;
    Permutation scatter_;
};

// The keys are a ring in which all exist. The clients write on in turns; as each writes as
// often as the others on average, `clients` times a client's own writes is where the newest key
// must be.
class LatestKeys {
public:
    LatestKeys(std::uint64_t keys, std::shared_ptr<const Zipf> zipf, std::uint32_t client,
               std::uint32_t clients);
    Key next(Random& random, bool writes);

private:
    std::shared_ptr<const Zipf> zipf_;
    std::uint64_t keys_;
    std::uint64_t client_;
    std::uint64_t clients_;
    std::uint64_t next_new_ = 0;  // In the ring: where the next turn of writes begins.
};

// A run of keys is hot and the rest is cold; the run may move on round the ring of keys.
class HotSetKeys {
public:
    // `clients`: how far all clients together get while this one makes a step.
    HotSetKeys(std::uint64_t keys, const Popularity& popularity, std::uint32_t clients);
    Key next(Random& random, bool /*writes*/);

private:
    std::uint64_t keys_;
    std::uint64_t hot_;  // Keys, from first_ on.
    double hot_operations_;
    std::uint64_t first_ = 0;
    std::uint64_t drift_every_;      // Operations of all clients; 0: never.
    std::uint64_t drift_by_;         // Keys.
    std::uint64_t since_drift_ = 0;  // Operations of all clients.
    std::uint64_t clients_;
};

// Round and round through the client's part of the keys.
class SequentialKeys {
public:
    SequentialKeys(std::uint64_t keys, std::uint32_t client, std::uint32_t clients);
    Key next(Random& /*random*/, bool /*writes*/) {
        const Key key{next_};
        next_ = next_ + 1 == end_ ? begin_ : next_ + 1;
        return key;
    }

private:
    std::uint64_t begin_;
    std::uint64_t end_;
    std::uint64_t next_;
};

using KeyChooser = std::variant<UniformKeys, ZipfianKeys, ScrambledKeys, LatestKeys, HotSetKeys,
                                SequentialKeys>;

// The ranks that this kind of popularity draws from, for all clients to share; nullptr if it
// draws from none.
std::shared_ptr<const Zipf> make_ranks(const Popularity& popularity, std::uint64_t keys);

// Requires: keys >= 1, client < clients, and the ranks of this popularity and these keys.
KeyChooser make_key_chooser(const Popularity& popularity, std::uint64_t keys,
                            std::shared_ptr<const Zipf> ranks, std::uint32_t client,
                            std::uint32_t clients);

}  // namespace stalemark
