// SPDX-License-Identifier: Apache-2.0
#include "workload/key_chooser.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace stalemark {
namespace {

// A share of the keys, at least one of them.
std::uint64_t share_of(std::uint64_t keys, double share) {
    const double exact = std::round(static_cast<double>(keys) * share);
    return std::clamp<std::uint64_t>(static_cast<std::uint64_t>(exact), 1, keys);
}

}  // namespace

LatestKeys::LatestKeys(std::uint64_t keys, std::shared_ptr<const Zipf> zipf,
                       std::uint32_t client, std::uint32_t clients)
    : zipf_(std::move(zipf)), keys_(keys), client_(client % keys), clients_(clients % keys) {}

Key LatestKeys::next(Random& random, bool writes) {
    if (!writes) return Key{(next_new_ + keys_ - zipf_->draw(random)) % keys_};
    const Key key{(next_new_ + client_) % keys_};
    next_new_ = (next_new_ + clients_) % keys_;
    return key;
}

HotSetKeys::HotSetKeys(std::uint64_t keys, const Popularity& popularity, std::uint32_t clients)
    : keys_(keys),
      hot_(share_of(keys, popularity.hot_keys)),
      hot_operations_(popularity.hot_operations),
      drift_every_(
          popularity.kind == Popularity::Kind::drifting_hot_set ? popularity.drift_every : 0),
      drift_by_(share_of(keys, popularity.drift_by)),
      clients_(clients) {}

Key HotSetKeys::next(Random& random, bool /*writes*/) {
    const bool is_hot = random.unit() < hot_operations_ || hot_ == keys_;
    const std::uint64_t place = is_hot ? random.below(hot_) : hot_ + random.below(keys_ - hot_);
    const Key key{(first_ + place) % keys_};
    since_drift_ += clients_;
    if (drift_every_ != 0 && since_drift_ >= drift_every_) {
        const std::uint64_t steps = since_drift_ / drift_every_;
        since_drift_ %= drift_every_;
        first_ = (first_ + steps % keys_ * drift_by_) % keys_;
    }
    return key;
}

SequentialKeys::SequentialKeys(std::uint64_t keys, std::uint32_t client, std::uint32_t clients)
    : begin_(keys * client / clients), end_(keys * (client + 1) / clients), next_(begin_) {
    // More clients than keys: some parts are empty, and one key does for them.
    if (begin_ == end_) end_ = begin_ + 1;
}

std::shared_ptr<const Zipf> make_ranks(const Popularity& popularity, std::uint64_t keys) {
    switch (popularity.kind) {
        case Popularity::Kind::zipfian:
        case Popularity::Kind::scrambled:
        case Popularity::Kind::latest:
            return std::make_shared<const Zipf>(keys, popularity.theta);
        case Popularity::Kind::uniform:
        case Popularity::Kind::hot_set:
        case Popularity::Kind::drifting_hot_set:
        case Popularity::Kind::sequential:
            break;
    }
    return nullptr;
}

KeyChooser make_key_chooser(const Popularity& popularity, std::uint64_t keys,
                            std::shared_ptr<const Zipf> ranks, std::uint32_t client,
                            std::uint32_t clients) {
    switch (popularity.kind) {
        case Popularity::Kind::uniform:
            return UniformKeys(keys);
        case Popularity::Kind::zipfian:
            return ZipfianKeys(std::move(ranks));
        case Popularity::Kind::scrambled:
            return ScrambledKeys(keys, std::move(ranks));
        case Popularity::Kind::latest:
            return LatestKeys(keys, std::move(ranks), client, clients);
        case Popularity::Kind::hot_set:
        case Popularity::Kind::drifting_hot_set:
            return HotSetKeys(keys, popularity, clients);
        case Popularity::Kind::sequential:
            return SequentialKeys(keys, client, clients);
    }
    std::unreachable();
}

}  // namespace stalemark
