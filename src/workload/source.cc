// SPDX-License-Identifier: Apache-2.0
#include "workload/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "core/portable_math.h"
#include "core/random.h"
#include "workload/key_chooser.h"
#include "workload/trace.h"

namespace stalemark {
namespace {

constexpr double due_most = 9e18;  // Nanoseconds; 285 years.

Duration as_due(double nanoseconds) {
    return Duration(static_cast<std::int64_t>(std::min(nanoseconds, due_most)));
}

// When the operations of an open loop are due, and which session asks.
class Arrivals {
public:
    Arrivals(const Phase& phase, std::uint32_t sessions, Random due_random,
             Random session_random)
        : due_random_(due_random),
          session_random_(session_random),
          arrival_(phase.arrival),
          gap_ns_(1e9 / *phase.rate),
          sessions_(sessions) {}

    void stamp(Operation& operation) {
        operation.due = next_due();
        operation.session = static_cast<std::uint32_t>(session_random_.below(sessions_));
    }

private:
    Duration next_due() {
        if (arrival_ == Arrival::constant) return as_due(gap_ns_ * gaps_++);
        gaps_ -= portable::log(1 - due_random_.unit());  // Exponential gaps.
        return as_due(gap_ns_ * gaps_);
    }

    Random due_random_;
    Random session_random_;
    Arrival arrival_;
    double gap_ns_;    // From one operation to the next, on average.
    double gaps_ = 0;  // So far.
    std::uint32_t sessions_;
};

// A client of a closed loop sends its next operation when the last one is done.
struct NoArrivals {
    void stamp(Operation& /*operation*/) {}
};

std::uint64_t part_of(const std::optional<std::uint64_t>& operations, const ClientSeat& seat) {
    if (!operations) return std::numeric_limits<std::uint64_t>::max();
    return *operations / seat.clients + (seat.client < *operations % seat.clients ? 1 : 0);
}

// Each aspect draws from a stream of its own, so that a change of one changes no other.
Random stream(const ClientSeat& seat, std::string_view aspect) {
    return Random::named(seat.seed, aspect, (std::uint64_t{seat.phase} << 32) | seat.client);
}

template <typename Keys, typename Stamps>
class GeneratedSource final : public Source {
public:
    GeneratedSource(const WorkloadSpec& spec, const ClientSeat& seat, Keys keys, Stamps stamps)
        : mix_(spec.phases[seat.phase].mix),
          value_size_(spec.value_size),
          left_(part_of(spec.phases[seat.phase].operations, seat)),
          keys_(std::move(keys)),
          stamps_(std::move(stamps)),
          kind_random_(stream(seat, "operation kinds")),
          key_random_(stream(seat, "operation keys")),
          size_random_(stream(seat, "operation sizes")) {}

    std::optional<Operation> next() override {
        if (left_ == 0) return std::nullopt;
        --left_;
        Operation operation{.kind = next_kind()};
        stamps_.stamp(operation);
        operation.key = keys_.next(key_random_, operation.kind == OperationKind::write);
        if (operation.kind == OperationKind::write ||
            operation.kind == OperationKind::read_modify_write) {
            operation.value_bytes =
                static_cast<std::uint32_t>(value_size_.sample(size_random_));
        }
        return operation;
    }

private:
    OperationKind next_kind() {
        double point = kind_random_.unit() - mix_.read;
        if (point < 0) return OperationKind::read;
        point -= mix_.write;
        if (point < 0) return OperationKind::write;
        point -= mix_.erase;
        if (point < 0) return OperationKind::erase;
        // The rest, unless there is only rounding left.
        if (mix_.read_modify_write > 0) return OperationKind::read_modify_write;
        return mix_.erase > 0   ? OperationKind::erase
               : mix_.write > 0 ? OperationKind::write
                                : OperationKind::read;
    }

    Mix mix_;
    Distribution value_size_;
    std::uint64_t left_;
    Keys keys_;
    Stamps stamps_;
    Random kind_random_;
    Random key_random_;
    Random size_random_;
};

// A trace replayed as fast as it goes: the operations of this client's keys.
class TraceSource final : public Source {
public:
    // Of the first `operations` records.
    TraceSource(const TraceFile& file, const ClientSeat& seat, std::uint64_t operations)
        : trace_(read_trace(file.path)) {
        const auto& records = trace_->records;
        for (std::size_t i = 0; i < std::min(records.size(), operations); ++i) {
            if (records[i].key % seat.clients == seat.client) {
                mine_.push_back(static_cast<std::uint32_t>(i));
            }
        }
    }

    std::optional<Operation> next() override {
        if (passed_ == mine_.size()) return std::nullopt;
        return operation_of(trace_->records[mine_[passed_++]]);
    }

    static Operation operation_of(const TraceRecord& record) {
        return {.kind = record.kind, .key = Key{record.key}, .value_bytes = record.value_bytes};
    }

private:
    std::shared_ptr<const Trace> trace_;
    std::vector<std::uint32_t> mine_;  // Indices into the records.
    std::size_t passed_ = 0;
};

// A trace replayed at its own times, or so many times faster.
class TimedTraceSource final : public Source {
public:
    // The first `operations` records.
    TimedTraceSource(const TraceFile& file, std::uint64_t operations, std::uint32_t sessions)
        : trace_(read_trace(file.path)),
          speed_(file.speed),
          left_(std::min(trace_->records.size(), operations)),
          sessions_(sessions) {}

    std::optional<Operation> next() override {
        if (left_ == 0) return std::nullopt;
        --left_;
        const TraceRecord& record = trace_->records[passed_++];
        Operation operation = TraceSource::operation_of(record);
        operation.due = due(record.at);
        operation.session = static_cast<std::uint32_t>(mix(record.key) % sessions_);
        return operation;
    }

private:
    Duration due(Duration at) const {
        return speed_ == 1 ? at : as_due(static_cast<double>(at.count()) / speed_);
    }

    std::shared_ptr<const Trace> trace_;
    const double speed_;
    std::uint64_t left_;
    std::size_t passed_ = 0;
    const std::uint32_t sessions_;
};

std::uint64_t records_of(const WorkloadSpec& spec) {
    return spec.operations.value_or(std::numeric_limits<std::uint64_t>::max());
}

template <typename Stamps>
std::unique_ptr<Source> generate(const WorkloadSpec& spec, const ClientSeat& seat,
                                 const std::shared_ptr<const Zipf>& ranks, Stamps stamps) {
    assert(seat.phase < spec.phases.size() && seat.client < seat.clients);
    KeyChooser chooser = make_key_chooser(spec.phases[seat.phase].popularity, spec.keys, ranks,
                                          seat.client, seat.clients);
    return std::visit(
        [&](auto& keys) -> std::unique_ptr<Source> {
            using Keys = std::remove_reference_t<decltype(keys)>;
            return std::make_unique<GeneratedSource<Keys, Stamps>>(spec, seat, std::move(keys),
                                                                   std::move(stamps));
        },
        chooser);
}

std::unique_ptr<Source> open_with(const WorkloadSpec& spec, const ClientSeat& seat,
                                  const std::shared_ptr<const Zipf>& ranks) {
    if (spec.trace) return std::make_unique<TraceSource>(*spec.trace, seat, records_of(spec));
    return generate(spec, seat, ranks, NoArrivals());
}

// Draws all that is open or `most` operations, and takes what matters of each.
template <typename Take>
void take_operations(Source& source, std::uint64_t most, bool is_open, const Take& take) {
    for (std::uint64_t i = 0; i < most; ++i) {
        const auto operation = source.next();
        if (!operation) break;
        take(static_cast<std::uint64_t>(operation->kind));
        take(static_cast<std::uint64_t>(operation->key));
        take(operation->value_bytes);
        if (is_open) take(operation->session);
        take(static_cast<std::uint64_t>(operation->due.count()));
    }
    take(0xffff);  // The source's end.
}

}  // namespace

bool is_open_loop(const WorkloadSpec& spec, const Phase& phase) {
    return spec.trace ? spec.trace->speed > 0 : phase.rate.has_value();
}

bool has_open_loop(const WorkloadSpec& spec) {
    return std::ranges::any_of(spec.phases,
                               [&](const Phase& phase) { return is_open_loop(spec, phase); });
}

std::unique_ptr<Source> open_source(const WorkloadSpec& spec, const ClientSeat& seat) {
    return open_with(spec, seat, make_ranks(spec.phases[seat.phase].popularity, spec.keys));
}

std::vector<std::unique_ptr<Source>> open_sources(const WorkloadSpec& spec, std::uint64_t seed,
                                                  std::uint32_t phase, std::uint32_t clients) {
    const auto ranks = make_ranks(spec.phases[phase].popularity, spec.keys);
    std::vector<std::unique_ptr<Source>> sources;
    for (std::uint32_t client = 0; client < clients; ++client) {
        sources.push_back(open_with(
            spec, {.seed = seed, .phase = phase, .client = client, .clients = clients}, ranks));
    }
    return sources;
}

std::unique_ptr<Source> open_arrivals(const WorkloadSpec& spec, std::uint64_t seed,
                                      std::uint32_t phase, std::uint32_t sessions) {
    if (spec.trace) {
        return std::make_unique<TimedTraceSource>(*spec.trace, records_of(spec), sessions);
    }
    const ClientSeat seat{.seed = seed, .phase = phase};
    const auto ranks = make_ranks(spec.phases[phase].popularity, spec.keys);
    return generate(spec, seat, ranks,
                    Arrivals(spec.phases[phase], sessions, stream(seat, "operation arrivals"),
                             stream(seat, "operation sessions")));
}

std::string digest_of(const WorkloadSpec& spec, std::uint64_t seed, std::uint32_t clients,
                      std::uint32_t sessions) {
    constexpr std::uint64_t open_most = 10'000;
    const std::uint64_t closed_most = std::clamp<std::uint64_t>(1'000'000 / clients, 1, 1'000);
    std::uint64_t digest = 0;
    const auto take = [&](std::uint64_t number) {
        digest = mix(digest + 0x9e3779b97f4a7c15 + number);
    };
    for (std::uint32_t phase = 0; phase < spec.phases.size(); ++phase) {
        if (is_open_loop(spec, spec.phases[phase])) {
            take_operations(*open_arrivals(spec, seed, phase, sessions), open_most, true, take);
            continue;
        }
        for (const auto& source : open_sources(spec, seed, phase, clients))
            take_operations(*source, closed_most, false, take);
    }
    return fmt::format("{:016x}", digest);
}

}  // namespace stalemark
