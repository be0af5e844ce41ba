// SPDX-License-Identifier: Apache-2.0
#include "history/register_check.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "history/key_history.h"
#include "history/order.h"

namespace stalemark {
namespace {

std::vector<OpenVersion> versions_of(std::span<const HistoryOperation> operations,
                                     Name initial) {
    std::vector<OpenVersion> versions;
    versions.emplace_back(initial_state(0, initial));
    for (const HistoryOperation& operation : operations) {
        if (!operation.is_read()) versions.emplace_back(operation);
    }
    for (const HistoryOperation& operation : operations) {
        if (!operation.is_read()) continue;
        std::ranges::find(versions, operation.version, &OpenVersion::version)
            ->accept(operation);
    }
    return versions;
}

// By how much the reads of `moved` must begin earlier for it to come before `other`; nothing:
// its write began too late.
std::optional<HistoryTime> shift(const OpenVersion& moved, const OpenVersion& other) {
    if (moved.write.began > other.first_ended) return std::nullopt;
    return time_between(other.first_ended, moved.last_began);
}

}  // namespace

Findings check_register(std::span<const HistoryOperation> operations, Name initial,
                        std::size_t worst_most) {
    std::vector<HistoryOperation> sorted(operations.begin(), operations.end());
    std::ranges::sort(sorted, comes_before);
    Findings findings(worst_most);
    SessionViews sessions;
    OverwrittenVersions overwritten(operations.size());
    const Judging judging{findings, sessions, overwritten};
    KeyHistory key(sorted.empty() ? 0 : sorted.front().key, initial);
    for (const HistoryOperation& operation : sorted) key.add(operation, judging);
    key.finish(judging);
    return findings;
}

Spans spans_of_register(std::span<const HistoryOperation> operations, Name initial) {
    const std::vector<OpenVersion> versions = versions_of(operations, initial);
    Spans spans{.delta = 0, .gamma = 0};
    const auto raise = [](std::optional<HistoryTime>& most, std::optional<HistoryTime> one,
                          std::optional<HistoryTime> other) {
        if (!one || (other && *other < *one)) one = other;
        most = most && one ? std::optional(std::max(*most, *one)) : std::nullopt;
    };
    for (std::size_t i = 0; i < versions.size(); ++i) {
        for (std::size_t j = i + 1; j < versions.size(); ++j) {
            const OpenVersion& one = versions[i];
            const OpenVersion& other = versions[j];
            const bool conflict =
                one.first_ended < other.last_began && other.first_ended < one.last_began;
            if (!conflict) continue;
            raise(spans.delta, shift(one, other), shift(other, one));
            raise(spans.gamma, time_between(one.first_ended, other.last_began),
                  time_between(other.first_ended, one.last_began));
        }
    }
    return spans;
}

}  // namespace stalemark
