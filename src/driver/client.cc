// SPDX-License-Identifier: Apache-2.0
#include "driver/client.h"

#include "core/random.h"

namespace stalemark {
namespace {

Ending ending_of(Trouble trouble) {
    return trouble == Trouble::failed ? Ending::failed : Ending::unknown;
}

// The version that was read. A value that is too short to show one is of none that was written.
Name version_in(const std::optional<Bytes>& bytes) {
    if (!bytes) return {};
    if (bytes->view().size() < Header::size_bytes) return Name::of_text("no header");
    return HistoryRecorder::version_of(peek_header(bytes->view()));
}

void raise(std::atomic<std::uint64_t>& counter) {  // Written by one task only.
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

Client::Client(Runtime& runtime, Strategy& strategy, Judges& judges, const Payload& payload,
               Processors* processors, std::uint32_t number, std::uint32_t node,
               HistoryRecorder* history)
    : runtime_(runtime),
      strategy_(strategy),
      payload_(payload),
      processors_(processors),
      witness_(judges, number, node),
      number_(number),
      node_(node),
      history_(history),
      session_(number) {}

std::uint64_t Client::run(Source& source, const Stretch& stretch, SharedRecorder* recorder,
                          std::uint64_t operations_max) {
    witness_.serve(number_);
    session_ = number_;
    std::uint64_t sent = 0;
    Instant now = runtime_.now();
    std::optional<Operation> next = source.next();
    while (next && sent < operations_max && now < stretch.ends && !stretch.is_cut_short()) {
        const Operation operation = *next;
        next = source.next();
        if (next) witness_.fetch(next->key);  // It takes as long as an operation.
        const Sent answered = send(operation);
        ++sent;
        now = answered.ended;
        count(operation, answered);
        if (recorder == nullptr) continue;
        next_sample(operation, answered).is_open_loop = false;
        samples_.added(*recorder);
    }
    if (recorder != nullptr) samples_.hand_over(*recorder);
    return sent;
}

std::uint64_t Client::run(ArrivalQueue& arrivals, const Stretch& stretch,
                          SharedRecorder* recorder) {
    std::uint64_t sent = 0;
    std::optional<Key> ended;
    while (!stretch.is_cut_short()) {
        const Instant free_at = runtime_.now();
        if (free_at >= stretch.ends) break;
        const std::optional<Operation> operation = arrivals.take(node_, free_at, ended);
        if (!operation) break;
        const Instant due = arrivals.due(*operation);
        if (due >= stretch.ends) {  // The stretch lasts its time all the same.
            wait_until(stretch.ends, stretch);
            break;
        }
        const bool is_early = due > free_at;
        if (is_early && !wait_until(due, stretch)) break;
        witness_.serve(operation->session);
        session_ = operation->session;
        arrivals.note_sent();
        witness_.fetch(operation->key);
        const Sent answered = send(*operation);
        arrivals.note_ended();
        ++sent;
        ended = operation->key;
        count(*operation, answered);
        if (recorder == nullptr) continue;
        Sample& sample = next_sample(*operation, answered);
        sample.is_open_loop = true;
        sample.lateness.slip = answered.began - due;
        sample.lateness.is_timers = is_early;
        samples_.added(*recorder);
    }
    if (recorder != nullptr) samples_.hand_over(*recorder);
    return sent;
}

Client::Sent Client::send(const Operation& operation) {
    switch (operation.kind) {
        case OperationKind::read:
            return read(operation.key);
        case OperationKind::write:
        case OperationKind::erase:
            return write(operation);
        case OperationKind::read_modify_write:
            break;
    }
    Sent both = read(operation.key);
    if (both.ending != Ending::done) return both;
    const Sent written = write(operation);
    both.ended = written.ended;
    both.latency += written.latency;
    both.ending = written.ending;
    return both;
}

Client::Sent Client::read(Key key) {
    const Oracle::Stamp entitlement = witness_.before_read(key);
    const bool is_to_record = is_recorded(key);
    if (is_to_record) history_->begin(number_, last_ended_);
    Sent sent{.began = runtime_.now()};
    if (processors_ != nullptr) {
        processors_->use();
        witness_.fetch(key);  // Others may have had their turns.
    }
    const Result<Answer> answer = strategy_.read(key);
    sent.ended = runtime_.now();
    sent.latency = sent.ended - sent.began;
    if (!answer) {
        sent.ending = ending_of(answer.error());
        if (is_to_record) history_->end(number_, std::nullopt);
        return sent;
    }
    const std::optional<Bytes>& bytes = answer->row.bytes;
    sent.outcome = answer->outcome;
    sent.is_absent = !bytes;
    const bool by_design = sent.outcome == Outcome::stale_hit;
    const bool is_stale = witness_.after_read(
        key, entitlement, sent.began, bytes ? std::optional(bytes->view()) : std::nullopt,
        by_design, answer->slack);
    sent.is_stale = is_stale && !by_design;
    if (is_to_record) record(HistoryAction::read, key, version_in(bytes), sent);
    return sent;
}

Client::Sent Client::write(const Operation& operation) {
    const Key key = operation.key;
    const bool is_delete = operation.kind == OperationKind::erase;
    const Header header = witness_.before_write(key, is_delete);
    std::optional<Bytes> bytes;
    if (!is_delete) {
        bytes = Bytes::make(operation.value_bytes, [&](std::span<char> to) {
            payload_.fill(to.subspan(Header::size_bytes),
                          (std::uint64_t{number_} << 32) + header.sequence);
            seal(key, header, to);
        });
    }

    const bool is_to_record = is_recorded(key);
    if (is_to_record) history_->begin(number_, last_ended_);
    Sent sent;
    Result<void> done;
    {
        const Witness::Timing timing = witness_.timing();
        sent.began = runtime_.now();
        if (processors_ != nullptr) processors_->use();
        done = strategy_.write(key, bytes);
        sent.ended = runtime_.now();
    }
    sent.latency = sent.ended - sent.began;
    if (done) {
        witness_.after_write(key, header, is_delete, sent.ended);
    } else if (done.error() == Trouble::failed) {
        witness_.after_refusal(key, header, is_delete);
    } else {
        witness_.after_silence(key, header, is_delete);
    }
    if (!done) sent.ending = ending_of(done.error());
    if (is_to_record) {
        record(is_delete ? HistoryAction::erase : HistoryAction::write, key,
               is_delete ? Name() : HistoryRecorder::version_of(header), sent);
    }
    return sent;
}

void Client::record(HistoryAction action, Key key, Name version, const Sent& sent) {
    last_ended_ = sent.ended;
    RecordedOperation recorded{.operation = {.version = version,
                                             .began = sent.began.count(),
                                             .ended = sent.ended.count(),
                                             .client = session_,
                                             .key = static_cast<std::uint32_t>(index_of(key)),
                                             .action = action}};
    if (sent.ending == Ending::failed) recorded.ending = RecordedEnding::failed;
    if (sent.ending == Ending::unknown) recorded.ending = RecordedEnding::unknown;
    if (action == HistoryAction::read)
        recorded.source = outcome_names[static_cast<std::size_t>(sent.outcome)];
    history_->end(number_, recorded);
}

// Answers false if the stretch is over before.
bool Client::wait_until(Instant due, const Stretch& stretch) {
    struct Waiting {  // Until it is over, be it by an exception.
        Client& client;
        explicit Waiting(Client& waiter) : client(waiter) {
            client.note_waiting(client.runtime_.self());
        }
        ~Waiting() { client.note_waiting(nullptr); }
    } const waiting(*this);
    bool is_due = false;
    while (!is_due && !stretch.is_cut_short()) {
        runtime_.park_until(due, "an operation to be due");
        is_due = runtime_.now() >= due;
    }
    return !stretch.is_cut_short();
}

void Client::note_waiting(Task* task) {
    const std::lock_guard lock(guard_);
    waiting_ = task;
}

void Client::wake() {
    const std::lock_guard lock(guard_);  // While it is held the task cannot end.
    if (waiting_ != nullptr) runtime_.unpark(waiting_);
}

void Client::count(const Operation& operation, const Sent& sent) {
    raise(sent_);
    const bool has_read = operation.kind == OperationKind::read ||
                          operation.kind == OperationKind::read_modify_write;
    if (!has_read) return;
    raise(reads_);
    const bool is_from_cache =
        sent.outcome == Outcome::hit || sent.outcome == Outcome::stale_hit;
    if (sent.ending == Ending::done && is_from_cache) raise(hits_);
}

// All of it but is_open_loop.
Sample& Client::next_sample(const Operation& operation, const Sent& sent) {
    Sample& sample = samples_.next();
    sample.ended = sent.ended;
    sample.latency = sent.latency;
    sample.lateness.slip = Duration{0};
    sample.lateness.is_timers = false;
    sample.kind = static_cast<std::uint8_t>(operation.kind);
    sample.outcome = sent.outcome;
    sample.ending = sent.ending;
    sample.is_absent = sent.is_absent;
    sample.is_stale = sent.is_stale;
    return sample;
}

}  // namespace stalemark
