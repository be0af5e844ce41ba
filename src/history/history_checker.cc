// SPDX-License-Identifier: Apache-2.0
#include "history/history_checker.h"

#include <algorithm>
#include <limits>

#include "history/order.h"

namespace stalemark {
namespace {

// How many operations ahead the places in memory that an operation needs are fetched, in two
// steps: the second needs what the first has brought.
constexpr std::size_t far_ahead = 24;
constexpr std::size_t near_ahead = 12;

}  // namespace

HistoryChecker::HistoryChecker(const CheckSettings& settings)
    : window_size_(settings.window),
      full_(settings.window == 0 ? std::numeric_limits<std::size_t>::max()
                                 : 2 * settings.window),
      findings_(settings.worst),
      overwritten_(settings.remembered) {}

void HistoryChecker::set_initial_of_newest(const Name& version) {
    const auto key = static_cast<std::uint32_t>(keys_.size() - 1);
    if (key > 0) history_of(key - 1);
    histories_.emplace_back(key, version);
}

void HistoryChecker::finish() {
    sort_window();
    judge_first(window_.size());
    window_.clear();
    const Judging judging{findings_, sessions_, overwritten_};
    for (KeyHistory& history : histories_) history.finish(judging);
}

void HistoryChecker::judge_half() {
    sort_window();
    judge_first(window_size_);
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(window_size_));
}

void HistoryChecker::sort_window() {
    if (is_sorted_) return;
    std::ranges::sort(window_, comes_before);
    is_sorted_ = true;
    newest_ = window_.empty() ? before_history : window_.back().began;
    const HistoryOperation& first = window_.front();
    if (first.began < judged_began_) throw TooLate{first, judged_line_};
}

void HistoryChecker::judge_first(std::size_t operations) {
    if (operations == 0) return;
    const Judging judging{findings_, sessions_, overwritten_};
    for (std::size_t i = 0; i < operations; ++i) {
        if (i + far_ahead < operations) fetch(window_[i + far_ahead]);
        if (i + near_ahead < operations) {
            const HistoryOperation& next = window_[i + near_ahead];
            history_of(next.key).fetch();
            sessions_.fetch_view(next);
        }
        const HistoryOperation& operation = window_[i];
        if (operation.client != HistoryOperation::no_client && !operation.is_unknown()) {
            if (operation.client >= clients_busy_.size())
                clients_busy_.resize(clients_.size(), before_history);
            HistoryTime& busy = clients_busy_[operation.client];
            if (operation.began < busy) ++findings_.overlapping_operations;
            busy = std::max(busy, operation.ended);
        }
        history_of(operation.key).add(operation, judging);
    }
    judged_began_ = window_[operations - 1].began;
    judged_line_ = window_[operations - 1].line;
}

void HistoryChecker::fetch(const HistoryOperation& operation) {
    sessions_.fetch_slot(operation);
    if (operation.action == HistoryAction::write) overwritten_.fetch(operation);
    __builtin_prefetch(&history_of(operation.key));
}

KeyHistory& HistoryChecker::history_of(std::uint32_t key) {
    while (histories_.size() <= key)
        histories_.emplace_back(static_cast<std::uint32_t>(histories_.size()), initial_);
    return histories_[key];
}

std::size_t HistoryChecker::memory_bytes() const {
    std::size_t bytes = keys_.memory_bytes() + clients_.memory_bytes() +
                        window_.capacity() * sizeof(HistoryOperation) +
                        histories_.capacity() * sizeof(KeyHistory) + findings_.memory_bytes() +
                        sessions_.memory_bytes() + overwritten_.memory_bytes();
    for (const KeyHistory& history : histories_) bytes += history.memory_bytes();
    return bytes;
}

}  // namespace stalemark
