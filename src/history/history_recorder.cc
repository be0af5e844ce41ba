// SPDX-License-Identifier: Apache-2.0
#include "history/history_recorder.h"

#include <algorithm>
#include <utility>

#include "history/order.h"

namespace stalemark {
namespace {

// Operations from one look at what may be passed on to the next.
constexpr std::size_t look_every = 512;

bool is_before(const RecordedOperation& one, const RecordedOperation& other) {
    return comes_before(one.operation, other.operation);
}

}  // namespace

HistoryRecorder::HistoryRecorder(KeySample sample, std::uint64_t preloaded,
                                 std::uint32_t clients, HistoryWriter* writer,
                                 HistoryChecker* checker, std::size_t held_most)
    : sample_(std::move(sample)),
      clients_(clients),
      writer_(writer),
      checker_(checker),
      held_most_(held_most),
      under_way_(std::make_unique<UnderWay[]>(clients)) {
    if (checker_ != nullptr) checker_->set_initial(version_of(Header{}));
    for (std::uint64_t i = preloaded; i < sample_.keys(); ++i) {
        if (!sample_.contains(Key{i})) continue;
        if (writer_ != nullptr) {
            writer_->add_absent(static_cast<std::uint32_t>(i));
            ++line_;
        }
        if (checker_ != nullptr) {
            checker_->keys().number_of(Name::of_integer(static_cast<std::int64_t>(i)));
            checker_->set_initial_of_newest(Name());
        }
    }
}

Name HistoryRecorder::version_of(const Header& header) {
    if (header.session == Header::preloaded) return Name::of_integer(0);
    return Name::of_pair(header.session, header.sequence);
}

void HistoryRecorder::end(std::uint32_t client,
                          const std::optional<RecordedOperation>& recorded) {
    if (recorded) {
        const std::lock_guard lock(guard_);
        if (held_.size() < held_most_) {
            held_.push_back(*recorded);
        } else {
            ++lost_;
        }
        under_way_[client].since.store(after_history, std::memory_order_seq_cst);
        if (++since_look_ == look_every) {
            since_look_ = 0;
            pass_on(low_mark(recorded->operation.ended));
        }
        return;
    }
    under_way_[client].since.store(after_history, std::memory_order_seq_cst);
}

// A client that begins after this was read, reads the clock after `now` was.
HistoryTime HistoryRecorder::low_mark(HistoryTime now) const {
    HistoryTime low = now;
    for (std::uint32_t i = 0; i < clients_; ++i)
        low = std::min(low, under_way_[i].since.load(std::memory_order_seq_cst));
    return low;
}

void HistoryRecorder::finish() {
    pass_on(after_history);
    if (writer_ != nullptr) writer_->finish(lost_);
    if (checker_ == nullptr) return;
    checker_->add_lost(lost_);
    checker_->finish();
}

// Those that began before `low`.
void HistoryRecorder::pass_on(HistoryTime low) {
    const auto ready = std::partition(held_.begin(), held_.end(), [&](const auto& recorded) {
        return recorded.operation.began < low;
    });
    std::sort(held_.begin(), ready, is_before);
    for (auto at = held_.begin(); at != ready; ++at) {
        ++line_;
        if (writer_ != nullptr) writer_->add(*at);
        if (checker_ == nullptr) continue;
        HistoryOperation operation = at->operation;
        operation.line = line_;
        operation.key = checker_->keys().number_of(Name::of_integer(operation.key));
        operation.client = checker_->clients().number_of(Name::of_integer(operation.client));
        if (at->ending == RecordedEnding::unknown) operation.ended = after_history;
        if (at->ending != RecordedEnding::failed) checker_->add(operation);
    }
    held_.erase(held_.begin(), ready);
}

}  // namespace stalemark
