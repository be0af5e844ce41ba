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

// When the operations of one client are due: all at once in a closed loop.
class Arrivals {
public:
    Arrivals(const Phase& phase, const ClientSeat& seat, Random random)
        : random_(random), is_open_(phase.rate.has_value()), arrival_(phase.arrival) {
        if (!is_open_) return;
        const double gap_of_all = 1e9 / *phase.rate;
        gap_ns_ = gap_of_all * seat.clients;
        // Constant arrivals of the clients interleave.
        first_ns_ = arrival_ == Arrival::constant ? gap_of_all * seat.client : 0;
    }

    Duration next() {
        if (!is_open_) return Duration(0);
        if (arrival_ == Arrival::constant) return as_due(first_ns_ + gap_ns_ * passed_++);
        passed_ -= portable::log(1 - random_.unit());  // Exponential gaps.
        return as_due(gap_ns_ * passed_);
    }

private:
    Random random_;
    bool is_open_;
    Arrival arrival_;
    double gap_ns_ = 0;  // From one operation of this client to the next, on average.
    double first_ns_ = 0;
    double passed_ = 0;  // In gaps.
};

std::uint64_t part_of(const std::optional<std::uint64_t>& operations, const ClientSeat& seat) {
    if (!operations) return std::numeric_limits<std::uint64_t>::max();
    return *operations / seat.clients + (seat.client < *operations % seat.clients ? 1 : 0);
}

// Each aspect draws from a stream of its own, so that a change of one changes no other.
Random stream(const ClientSeat& seat, std::string_view aspect) {
    return Random::named(seat.seed, aspect, (std::uint64_t{seat.phase} << 32) | seat.client);
}

template <typename Keys>
class GeneratedSource final : public Source {
public:
    GeneratedSource(const WorkloadSpec& spec, const ClientSeat& seat, Keys keys)
        : mix_(spec.phases[seat.phase].mix),
          value_size_(spec.value_size),
          left_(part_of(spec.phases[seat.phase].operations, seat)),
          keys_(std::move(keys)),
          arrivals_(spec.phases[seat.phase], seat, stream(seat, "operation arrivals")),
          kind_random_(stream(seat, "operation kinds")),
          key_random_(stream(seat, "operation keys")),
          size_random_(stream(seat, "operation sizes")) {}

    std::optional<Operation> next() override {
        if (left_ == 0) return std::nullopt;
        --left_;
        Operation operation{.kind = next_kind(), .due = arrivals_.next()};
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
    Arrivals arrivals_;
    Random kind_random_;
    Random key_random_;
    Random size_random_;
};

class TraceSource final : public Source {
public:
    // Of the first `operations` records.
    TraceSource(const TraceFile& file, const ClientSeat& seat, std::uint64_t operations)
        : trace_(read_trace(file.path)), speed_(file.speed) {
        const auto& records = trace_->records;
        for (std::size_t i = 0; i < std::min(records.size(), operations); ++i) {
            if (records[i].key % seat.clients == seat.client) {
                mine_.push_back(static_cast<std::uint32_t>(i));
            }
        }
    }

    std::optional<Operation> next() override {
        if (passed_ == mine_.size()) return std::nullopt;
        const TraceRecord& record = trace_->records[mine_[passed_++]];
        return Operation{.kind = record.kind,
                         .key = Key{record.key},
                         .value_bytes = record.value_bytes,
                         .due = due(record.at)};
    }

private:
    Duration due(Duration at) const {
        if (speed_ == 0) return Duration(0);
        if (speed_ == 1) return at;
        return as_due(static_cast<double>(at.count()) / speed_);
    }

    std::shared_ptr<const Trace> trace_;
    double speed_;
    std::vector<std::uint32_t> mine_;  // Indices into the records.
    std::size_t passed_ = 0;
};

std::unique_ptr<Source> open_with(const WorkloadSpec& spec, const ClientSeat& seat,
                                  const std::shared_ptr<const Zipf>& ranks) {
    assert(seat.phase < spec.phases.size() && seat.client < seat.clients);
    if (spec.trace) {
        return std::make_unique<TraceSource>(
            *spec.trace, seat,
            spec.operations.value_or(std::numeric_limits<std::uint64_t>::max()));
    }
    KeyChooser chooser = make_key_chooser(spec.phases[seat.phase].popularity, spec.keys, ranks,
                                          seat.client, seat.clients);
    return std::visit(
        [&](auto& keys) -> std::unique_ptr<Source> {
            using Keys = std::remove_reference_t<decltype(keys)>;
            return std::make_unique<GeneratedSource<Keys>>(spec, seat, std::move(keys));
        },
        chooser);
}

}  // namespace

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

std::string digest_of(const WorkloadSpec& spec, std::uint64_t seed, std::uint32_t clients) {
    // Of a client; all together read at most a million, unless they are more than that.
    const std::uint64_t operations_most =
        std::clamp<std::uint64_t>(1'000'000 / clients, 1, 1'000);
    std::uint64_t digest = 0;
    const auto take = [&](std::uint64_t number) {
        digest = mix(digest + 0x9e3779b97f4a7c15 + number);
    };
    for (std::uint32_t phase = 0; phase < spec.phases.size(); ++phase) {
        for (const auto& source : open_sources(spec, seed, phase, clients)) {
            for (std::uint64_t i = 0; i < operations_most; ++i) {
                const auto operation = source->next();
                if (!operation) break;
                take(static_cast<std::uint64_t>(operation->kind));
                take(static_cast<std::uint64_t>(operation->key));
                take(operation->value_bytes);
                take(static_cast<std::uint64_t>(operation->due.count()));
            }
            take(0xffff);  // The client's end.
        }
    }
    return fmt::format("{:016x}", digest);
}

}  // namespace stalemark
