#include "driver/client.h"

#include <algorithm>

#include "core/random.h"

namespace stalemark {
namespace {

// A client that waits for its next operation looks this often whether the stretch is over.
constexpr Duration patience = std::chrono::milliseconds(50);

Ending ending_of(Trouble trouble) {
    return trouble == Trouble::failed ? Ending::failed : Ending::unknown;
}

void count(std::atomic<std::uint64_t>& counter) {  // Written by one task only.
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

Client::Client(Runtime& runtime, Strategy& strategy, Judges& judges, const Payload& payload,
               Processors* processors, std::uint32_t number, std::size_t session_places,
               std::uint32_t node)
    : runtime_(runtime),
      strategy_(strategy),
      payload_(payload),
      processors_(processors),
      witness_(judges, number, session_places, node),
      number_(number) {}

Client::Stint Client::run(Source& source, const Stretch& stretch, Recorder* recorder,
                          std::uint64_t operations_max) {
    Stint stint;
    Instant now = runtime_.now();
    while (stint.sent < operations_max && !stretch.is_over.load(std::memory_order_relaxed)) {
        if (now >= stretch.ends && !stretch.is_open_loop) break;
        const std::optional<Operation> operation = source.next();
        if (!operation) break;
        witness_.fetch(operation->key);
        if (stretch.is_open_loop) {
            const Instant due = stretch.began + operation->due;
            wait_until(std::min(due, stretch.ends), stretch);
            if (runtime_.now() >= stretch.ends ||
                stretch.is_over.load(std::memory_order_relaxed)) {
                stint.unsent_due = operation->due;
                break;
            }
        }
        const Sent answered = send(*operation);
        ++stint.sent;
        now = answered.ended;
        record(*operation, answered, stretch, recorder);
    }
    return stint;
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
    both.ending = written.ending;
    return both;
}

Client::Sent Client::read(Key key) {
    const Oracle::Stamp entitlement = witness_.before_read(key);
    Sent sent{.began = runtime_.now()};
    if (processors_ != nullptr) processors_->use();
    witness_.fetch(key);  // Others may have had their turns.
    const Result<Answer> answer = strategy_.read(key);
    sent.ended = runtime_.now();
    if (!answer) {
        sent.ending = ending_of(answer.error());
        return sent;
    }
    const std::optional<Value>& value = answer->value;
    sent.outcome = answer->outcome;
    if (sent.outcome == Outcome::miss) {
        longest_miss_ = std::max(longest_miss_, sent.ended - sent.began);
    }
    sent.is_absent = !value;
    const bool by_design = sent.outcome == Outcome::stale_hit;
    const bool is_stale = witness_.after_read(
        key, entitlement, sent.began, value ? std::optional(value->bytes.view()) : std::nullopt,
        by_design);
    sent.is_stale = is_stale && !by_design;
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

    Sent sent{.began = runtime_.now()};
    if (processors_ != nullptr) processors_->use();
    const Result<void> done = strategy_.write(key, bytes);
    sent.ended = runtime_.now();
    longest_write_ = std::max(longest_write_, sent.ended - sent.began);
    if (done) {
        witness_.after_write(key, header, is_delete, sent.ended);
    } else if (done.error() == Trouble::failed) {
        witness_.after_refusal(key, header, is_delete);
    } else {
        witness_.after_silence(key, header, is_delete);
    }
    if (!done) sent.ending = ending_of(done.error());
    return sent;
}

void Client::wait_until(Instant due, const Stretch& stretch) {
    for (Instant now = runtime_.now(); now < due; now = runtime_.now()) {
        if (stretch.is_over.load(std::memory_order_relaxed)) return;
        runtime_.sleep_until(std::min(due, now + patience));
    }
}

void Client::record(const Operation& operation, const Sent& sent, const Stretch& stretch,
                    Recorder* recorder) {
    if (recorder == nullptr) {
        const bool has_read = operation.kind == OperationKind::read ||
                              operation.kind == OperationKind::read_modify_write;
        if (!has_read) return;
        count(reads_);
        const bool is_from_cache =
            sent.outcome == Outcome::hit || sent.outcome == Outcome::stale_hit;
        if (sent.ending == Ending::done && is_from_cache) count(hits_);
        return;
    }
    count(sent_);
    const auto kind = static_cast<std::size_t>(operation.kind);
    if (sent.ending == Ending::done) {
        recorder->add_done(kind, static_cast<std::size_t>(sent.outcome), sent.began,
                           sent.ended);
    } else {
        recorder->add_trouble(kind, sent.ending, sent.ended);
    }
    if (sent.is_stale) recorder->add_stale();
    if (sent.is_absent) recorder->add_absent(kind);
    if (stretch.is_open_loop) {
        const Instant due = stretch.began + operation.due;
        recorder->add_slip(sent.began - due);
        if (sent.ending == Ending::done) recorder->add_response(kind, sent.ended - due);
    }
}

}  // namespace stalemark
