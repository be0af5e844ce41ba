// SPDX-License-Identifier: Apache-2.0
#include "history/key_history.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "history/proofs.h"

namespace stalemark {
namespace {

// Erases without an answer that are kept for each key: each may be what any later read saw.
constexpr std::uint32_t unknown_erases_most = 64;

// Notes what the read shows of its session; answers what of it makes the read stale, which
// instants alone would not show.
std::optional<Anomaly> judge_session(const HistoryOperation& write,
                                     const HistoryOperation& read, const Judging& judging) {
    if (read.client == HistoryOperation::no_client) return std::nullopt;
    SessionView& view = judging.sessions.of(read);
    const auto missed_write = own_write_missed(view, write, read);
    if (missed_write) judging.findings.note(*missed_write);
    if (const auto missed_read = earlier_read_missed(view, write, read))
        judging.findings.note(*missed_read);
    view.note_read(read, write);
    return missed_write;
}

ForgottenZone zone_of(const OpenVersion& version) {
    return {version.first, version.last, version.write.began};
}

}  // namespace

KeyHistory::KeyHistory(std::uint32_t key, Name initial) {
    open_.emplace_back(initial_state(key, initial));
}

void KeyHistory::add(const HistoryOperation& operation, const Judging& judging) {
    if (!waiting_.empty()) end_waiting(operation.began, judging);
    if (operation.is_read()) {
        ++judging.findings.reads;
        add_read(operation, judging);
    } else {
        ++(operation.action == HistoryAction::write ? judging.findings.writes
                                                    : judging.findings.erases);
        add_write(operation, judging);
    }
}

void KeyHistory::finish(const Judging& judging) {
    end_waiting(after_history, judging);
    waiting_.shrink_to_fit();
}

void KeyHistory::add_write(const HistoryOperation& write, const Judging& judging) {
    const bool is_erase = write.action == HistoryAction::erase;
    if (!is_erase) check_is_new(write, judging);
    if (write.is_unknown()) {
        ++judging.findings.unknown_writes;
        if (is_erase && ++unknown_erases_ > unknown_erases_most) {
            has_forgotten_erase_ = true;
            return;
        }
    } else {
        for (OpenVersion& version : open_) version.note_write(write);
        if (write.client != HistoryOperation::no_client)
            judging.sessions.of(write).note_own(write);
    }
    drop_overwritten(low_mark(write.began), judging);

    const auto is_of_it = [&](const HistoryOperation& read) {
        return !is_erase && read.version == write.version;
    };
    const bool is_awaited = std::ranges::any_of(waiting_, is_of_it);
    if (!is_erase && write.is_unknown() && !is_awaited) {
        judging.overwritten.add(write, {});  // No version conflicts with it while none saw it.
        return;
    }
    open_.emplace_back(write);
    if (!is_awaited) return;
    for (const HistoryOperation& read : waiting_) {
        if (is_of_it(read)) judge(open_.back(), read, judging);
    }
    std::erase_if(waiting_, is_of_it);
}

void KeyHistory::add_read(const HistoryOperation& read, const Judging& judging) {
    if (read.version.is_absent()) {
        waiting_.push_back(read);
        return;
    }
    if (OpenVersion* const version = find_open(read.version)) {
        judge(*version, read, judging);
        return;
    }
    const OverwrittenVersions::Record* const entry = judging.overwritten.find(read);
    if (entry == nullptr) {
        waiting_.push_back(read);
    } else if (entry->write.is_unknown()) {
        open_.emplace_back(entry->write);
        judging.overwritten.remove(read);
        judge(open_.back(), read, judging);
    } else {
        judge_session(entry->write, read, judging);
        judging.findings.note(stale_read(entry->write, entry->replacement, read));
    }
}

void KeyHistory::check_is_new(const HistoryOperation& write, const Judging& judging) {
    if (const OpenVersion* const version = find_open(write.version))
        throw RepeatedVersion{write, version->write.line};
    if (const auto* const entry = judging.overwritten.find(write))
        throw RepeatedVersion{write, entry->write.line};
}

// Of what waits, judges those that ended before `low`: no write that began before they ended is
// to come.
void KeyHistory::end_waiting(HistoryTime low, const Judging& judging) {
    const auto is_over = [&](const HistoryOperation& read) { return read.ended < low; };
    if (std::ranges::none_of(waiting_, is_over)) return;
    for (const HistoryOperation& read : waiting_) {
        if (!is_over(read)) continue;
        if (read.version.is_absent()) {
            judge_absence(read, judging);
        } else {
            judge_unseen(read, judging);
        }
    }
    std::erase_if(waiting_, is_over);
}

void KeyHistory::judge_unseen(const HistoryOperation& read, const Judging& judging) {
    if (judging.overwritten.has_forgotten(read.key)) {
        ++judging.findings.undecided_reads;
    } else {
        judging.findings.note(phantom_read(read));
    }
}

void KeyHistory::judge_absence(const HistoryOperation& read, const Judging& judging) {
    const auto may_be_seen = [&](const OpenVersion& version) {
        return version.version.is_absent() && !version.is_stale_for(read);
    };
    const auto candidates =
        std::ranges::count_if(open_, may_be_seen) + (has_forgotten_erase_ ? 1 : 0);
    if (candidates == 0) {
        judge_overwritten_absence(read, judging);
        return;
    }
    if (candidates == 1 && !has_forgotten_erase_) {
        judge(*std::ranges::find_if(open_, may_be_seen), read, judging);
        return;
    }
    OpenVersion* chosen = nullptr;
    for (OpenVersion& version : open_) {
        if (!may_be_seen(version) || version.forgotten_conflict) continue;
        const bool fits = std::ranges::none_of(open_, [&](const OpenVersion& other) {
            return &other != &version && version.conflicts(other, read);
        });
        if (fits && (chosen == nullptr || version.write.began > chosen->write.began))
            chosen = &version;
    }
    if (chosen == nullptr) {
        ++judging.findings.undecided_reads;
        return;
    }
    HistoryOperation assigned = read;
    assigned.is_assigned = true;
    chosen->accept(assigned);
}

// Of all that may have made the key absent, the last to end says the most.
void KeyHistory::judge_overwritten_absence(const HistoryOperation& read,
                                           const Judging& judging) {
    std::optional<DroppedAbsence> newest;
    if (dropped_absence_) newest = *dropped_absence_;
    for (const OpenVersion& version : open_) {
        if (!version.version.is_absent()) continue;
        if (!newest || version.write.ended > newest->erase.ended)
            newest = {version.write, version.replacement};
    }
    if (!newest) {
        judging.findings.note(phantom_read(read));
        return;
    }
    judge_session(newest->erase, read, judging);
    judging.findings.note(stale_read(newest->erase, newest->replacement, read));
}

void KeyHistory::judge(OpenVersion& version, const HistoryOperation& read,
                       const Judging& judging) {
    const auto missed_own = judge_session(version.write, read, judging);
    if (version.is_stale_for(read)) {
        judging.findings.note(stale_read(version.write, version.replacement, read));
        return;
    }
    if (missed_own) {
        judging.findings.note(stale_read(version.write, missed_own->operations[1], read));
        return;
    }
    bool is_doubted = false;
    const auto note_conflict = [&](const ForgottenZone& other) {
        const Anomaly anomaly = conflict_with(version, other, read);
        is_doubted = is_doubtful(anomaly);
        if (!is_doubted) judging.findings.note(anomaly);
        return !is_doubted;
    };
    if (version.forgotten_conflict && note_conflict(*version.forgotten_conflict)) return;
    for (const OpenVersion& other : open_) {
        if (&other == &version || !version.conflicts(other, read)) continue;
        if (note_conflict(zone_of(other))) return;
    }
    if (is_doubted) {
        ++judging.findings.undecided_reads;
    } else {
        version.accept(read);
    }
}

// A read of a version without a replacement that ended before `low` cannot be stale, and may be
// legal. The others are dropped.
void KeyHistory::drop_overwritten(HistoryTime low, const Judging& judging) {
    for (std::size_t i = 0; i < open_.size();) {
        OpenVersion& gone = open_[i];
        if (gone.replacement.ended >= low) {
            ++i;
            continue;
        }
        for (OpenVersion& other : open_) {
            const bool conflicts = &other != &gone && gone.last_began > other.first_ended;
            if (conflicts && !other.forgotten_conflict)
                other.forgotten_conflict = std::make_unique<ForgottenZone>(zone_of(gone));
        }
        if (!gone.version.is_absent()) {
            judging.overwritten.add(gone.write, gone.replacement);
        } else if (!dropped_absence_ || gone.write.ended > dropped_absence_->erase.ended) {
            dropped_absence_ = std::make_unique<DroppedAbsence>(gone.write, gone.replacement);
        }
        if (i + 1 < open_.size()) gone = std::move(open_.back());
        open_.pop_back();
    }
}

OpenVersion* KeyHistory::find_open(const Name& version) {
    for (OpenVersion& open : open_) {
        if (open.version == version) return &open;
    }
    return nullptr;
}

// No later read that is judged began before this.
HistoryTime KeyHistory::low_mark(HistoryTime began) const {
    for (const HistoryOperation& read : waiting_) {
        if (read.version.is_absent()) began = std::min(began, read.began);
    }
    return began;
}

}  // namespace stalemark
