// SPDX-License-Identifier: Apache-2.0
#include "explore/judge.h"

#include <fmt/format.h>

#include "explore/finding.h"
#include "explore/register_order.h"

namespace stalemark {
namespace {

bool has_anomaly(const ExploredOutcome& outcome, const VersionOrder& order,
                 ScheduleAnomaly of) {
    if (of != ScheduleAnomaly::linearizability)
        return find_anomaly(outcome, order, of).has_value();
    for (std::size_t key = 0; key < outcome.committed.size(); ++key) {
        if (!is_explained(outcome, Key{key})) return true;
    }
    return false;
}

// The parts of a sentence.
class Speaker {
public:
    Speaker(const ExploredOutcome& outcome, const VersionOrder& order,
            const AnomalyFinding& found)
        : outcome_(outcome), order_(order), found_(found) {}

    std::string copy_that_differs() const {
        const CopyAtRest& copy = outcome_.copies[static_cast<std::size_t>(found_.copy)];
        const std::string keeper =
            copy.node < 0 ? "the cache"
                          : fmt::format("the near cache of node {}", copy.node + 1);
        const std::string kept = order_.is_absence(copy.value) ? "says that there is no row"
                                                               : "keeps " + name(copy.value);
        return fmt::format("{} {} although the store has {}, {}", keeper, kept, row_at_rest(),
                           copy.is_for_ever ? "for ever" : "until its TTL ends");
    }

    std::string read_your_writes() const {
        return fmt::format("{} after its own {} was acknowledged", reading(), change(other()));
    }

    std::string monotonic_reads() const {
        return fmt::format("{} after it {}", reading(), has_seen(other()));
    }

    std::string unexplained_read() const {
        if (found_.other < 0)
            return fmt::format("no order of the operations explains what {} read",
                               client(read()));
        if (!operation(other()).step.changes()) return after_newer_read();
        if (operation(read()).seen == value_of(other()))
            return fmt::format("{} before {} begins its {}", reading(), client(other()),
                               change(other()));
        if (order_.is_absence(operation(read()).seen))
            return fmt::format("{} although {}'s {} was acknowledged before that read began",
                               reading(), client(other()), change(other()));
        if (order_.is_absence(value_of(other())))
            return fmt::format("{}, which {}'s delete had removed before that read began",
                               reading(), client(other()));
        return fmt::format("{}, which {}'s {} had replaced before that read began", reading(),
                           client(other()), name(value_of(other())));
    }

    std::string dirty_read() const {
        return fmt::format("{}, but {}'s {} never reached the store", reading(),
                           client(other()), change(other()));
    }

    std::string older_store() const {
        return fmt::format("the store has {} at rest although {}'s later {} was acknowledged",
                           row_at_rest(), client(other()), change(other()));
    }

    std::string lost_update() const {
        const ValueId seen = operation(read() - 1).seen;
        return fmt::format(
            "{}'s {} and {}'s {} are both made of {}: one of the changes is lost",
            client(other()), name(value_of(other())), client(read()), name(value_of(read())),
            order_.is_absence(seen) ? "the same absence" : name(seen));
    }

    std::string stuck_operation() const {
        const bool is_change = operation(read()).step.changes();
        return fmt::format("{}'s {} waits for what nothing can bring", client(read()),
                           is_change ? change(read()) : "read");
    }

private:
    const ExploredOperation& operation(std::size_t i) const { return outcome_.operations[i]; }
    std::size_t read() const { return static_cast<std::size_t>(found_.operation); }
    std::size_t other() const { return static_cast<std::size_t>(found_.other); }

    std::string name(ValueId value) const { return value_name(outcome_, value); }
    std::string client(std::size_t i) const {
        return fmt::format("client {}", operation(i).step.client + 1);
    }

    std::string row_at_rest() const {
        const ValueId value = outcome_.at_rest(found_.key);
        return order_.is_absence(value) ? "no row" : name(value);
    }

    std::string change(std::size_t i) const {
        if (operation(i).step.kind == ProgramStep::Kind::erase) return "delete";
        return "write of " + name(value_of(i));
    }

    std::string reading() const {
        const ValueId seen = operation(read()).seen;
        if (order_.is_absence(seen)) return client(read()) + " finds no row";
        return fmt::format("{} reads {}", client(read()), name(seen));
    }

    std::string has_seen(std::size_t i) const {
        const ValueId seen = operation(i).seen;
        return order_.is_absence(seen) ? "has found no row" : "has read " + name(seen);
    }

    std::string after_newer_read() const {
        const bool is_same = operation(read()).step.client == operation(other()).step.client;
        const ValueId seen = operation(other()).seen;
        return fmt::format("{} after {} {}", reading(), is_same ? "it" : client(other()),
                           order_.is_absence(seen) ? "has found no row, which came later"
                                                   : "has read the newer " + name(seen));
    }

    const ExploredOutcome& outcome_;
    const VersionOrder& order_;
    const AnomalyFinding& found_;
};

std::string say(const Speaker& speaker, ScheduleAnomaly of) {
    switch (of) {
        case ScheduleAnomaly::permanent:
        case ScheduleAnomaly::permanent_after_ttl:
            return speaker.copy_that_differs();
        case ScheduleAnomaly::read_your_writes:
            return speaker.read_your_writes();
        case ScheduleAnomaly::monotonic_reads:
            return speaker.monotonic_reads();
        case ScheduleAnomaly::linearizability:
            return speaker.unexplained_read();
        case ScheduleAnomaly::dirty:
            return speaker.dirty_read();
        case ScheduleAnomaly::store_older:
            return speaker.older_store();
        case ScheduleAnomaly::lost_update:
            return speaker.lost_update();
        case ScheduleAnomaly::stuck:
            return speaker.stuck_operation();
    }
    return {};
}

}  // namespace

AnomalySet judge(const ExploredOutcome& outcome) {
    const VersionOrder order(outcome);
    AnomalySet found = 0;
    for (std::size_t i = 0; i < schedule_anomalies; ++i) {
        const auto of = static_cast<ScheduleAnomaly>(i);
        if (has_anomaly(outcome, order, of)) found |= set_of(of);
    }
    return found;
}

std::string sentence_of(const ExploredOutcome& outcome, ScheduleAnomaly of) {
    const VersionOrder order(outcome);
    const auto found = find_anomaly(outcome, order, of);
    if (!found) return {};
    const std::string sentence = say(Speaker(outcome, order, *found), of);
    if (outcome.committed.size() <= 1) return sentence;
    return fmt::format("key {}: {}", index_of(found->key) + 1, sentence);
}

int seen_by(const ExploredOutcome& outcome, ScheduleAnomaly of) {
    const auto found = find_anomaly(outcome, VersionOrder(outcome), of);
    return found ? found->operation : -1;
}

std::string value_name(const ExploredOutcome& outcome, ValueId value) {
    if (VersionOrder(outcome).is_absence(value)) return "none";
    return fmt::format("v{}", value);
}

}  // namespace stalemark
