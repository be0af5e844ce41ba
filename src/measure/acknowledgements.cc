#include "measure/acknowledgements.h"

#include <algorithm>

#include "core/random.h"

namespace stalemark {
namespace {

constexpr std::uint64_t small_key_space = 32'768;
constexpr std::uint64_t always_sampled = 64;  // Where the popular keys of most workloads lie.
constexpr std::uint64_t sampled_one_of = 8;

}  // namespace

Acknowledgements::Acknowledgements(std::uint64_t keys) : log_of_(keys) {
    std::uint32_t logs = 0;
    for (std::uint64_t key = 0; key < keys; ++key) {
        const bool is_sampled = keys <= small_key_space || key < always_sampled ||
                                mix(key + 1) % sampled_one_of == 0;
        if (is_sampled) log_of_[key] = ++logs;
    }
    logs_ = std::make_unique<Log[]>(logs);
}

void Acknowledgements::add(Key key, std::uint32_t invocation, Instant when) {
    Log& log = logs_[log_of_[index_of(key)] - 1];
    const std::lock_guard lock(log.guard);
    const std::uint32_t before = log.entries.empty() ? 0 : log.entries.back().largest;
    log.entries.push_back({invocation, std::max(before, invocation), when});
}

std::optional<Acknowledgements::Staleness> Acknowledgements::staleness_of(
    Key key, std::uint32_t seen, Instant began, std::uint64_t versions_known) const {
    const Log& log = logs_[log_of_[index_of(key)] - 1];
    const std::lock_guard lock(log.guard);
    const auto& entries = log.entries;
    const auto first = std::ranges::upper_bound(entries, seen, {}, &Entry::largest);
    if (first == entries.end() || first->when > began) return std::nullopt;

    Staleness staleness{began - first->when, 0};
    if (static_cast<std::uint64_t>(entries.end() - first) > versions_known) {
        staleness.versions = static_cast<std::uint64_t>(
            std::count_if(first, entries.end(), [&](const Entry& entry) {
                return entry.invocation > seen && entry.when <= began;
            }));
    }
    return staleness;
}

}  // namespace stalemark
