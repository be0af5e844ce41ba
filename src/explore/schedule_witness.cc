// SPDX-License-Identifier: Apache-2.0
#include "explore/schedule_witness.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/errors.h"
#include "explore/execution.h"
#include "explore/judge.h"

namespace stalemark {
namespace {

using Kind = ScheduleChoice::Kind;

constexpr std::array<std::string_view, shared_kinds> tier_names = {
    "cache",   "near cache",   "store",    "log",   "leases",
    "locks",   "node locks",   "mutex",    "queue", "flight",
    "reloads", "late deletes", "throttle", "bus",   "inbox"};

std::string node_text(const ExploredSetup& setup, std::uint32_t node) {
    return setup.system.fleet.nodes == 1 ? "" : fmt::format(" of node {}", node + 1);
}

class Recorder {
public:
    Recorder(const ExploredSetup& setup, ScheduleRuntime& runtime, ScheduleWitness& witness)
        : setup_(setup), execution_(setup, runtime), runtime_(runtime), witness_(witness) {
        name_caches();
    }

    void record(const std::vector<ScheduleChoice>& choices,
                std::span<const std::string> texts) {
        for (std::size_t i = 0; i < choices.size(); ++i) {
            take(choices[i], i + 1);
            const std::string text = witness_.steps.back().text();
            if (i >= texts.size() || texts[i] == text) continue;
            throw InputError(
                fmt::format("step {} is now \"{}\" and was \"{}\"", i + 1, text, texts[i]));
        }
    }

    // The schedule has to have come to its end.
    ExploredOutcome outcome() {
        if (!execution_.possible().empty()) {
            throw InputError(fmt::format("after step {} the schedule goes on: {} could follow",
                                         witness_.steps.size(), execution_.possible().size()));
        }
        return execution_.outcome();
    }

private:
    void take(const ScheduleChoice& choice, std::size_t number) {
        const auto& possible = execution_.possible();
        const bool is_possible = std::ranges::any_of(
            possible, [&](const ScheduleChoice& one) { return one.is_same_actor(choice); });
        if (!is_possible) {
            throw InputError(fmt::format(
                "step {} is not possible: the code does something else now", number));
        }
        WitnessStep step = described(choice);
        if (witness_.steps.size() > 0 &&
            execution_.is_preemption(witness_.steps.back().choice, choice))
            ++witness_.preemptions;
        const Footprint footprint = execution_.take(choice);
        if (choice.kind == Kind::step && execution_.answers() != choice.answers) {
            throw InputError(
                fmt::format("step {} asks other questions about time: '{}' and not '{}'",
                            number, execution_.answers(), choice.answers));
        }
        step.effect = runtime_.effect;
        for (std::int32_t i = 0;
             i < static_cast<std::int32_t>(setup_.program.operations.size()); ++i) {
            if ((footprint.ended & (1U << i)) != 0 && choice.kind != Kind::crash)
                step.ended.push_back(i);
        }
        note_contents(step);
        witness_.steps.push_back(std::move(step));
    }

    WitnessStep described(const ScheduleChoice& choice) const {
        WitnessStep step{.choice = choice};
        switch (choice.kind) {
            case Kind::step:
                describe_task(choice.who, step);
                break;
            case Kind::evict:
                step.actor = "eviction";
                step.tier = choice.who == 0 ? "cache" : "near cache";
                step.verb = "evict";
                step.key = static_cast<std::int32_t>(index_of(choice.key));
                break;
            case Kind::crash:
                step.actor = fmt::format("node {}", choice.who + 1);
                step.verb = "crash";
                break;
            case Kind::time:
                step.actor = "time";
                step.verb = "passes";
                break;
        }
        return step;
    }

    void describe_task(std::uint16_t number, WitnessStep& step) const {
        const ScheduleTask& task = runtime_.task(number);
        const SharedObject& object = task.pending.object;
        step.tier = tier_names[static_cast<std::size_t>(object.kind)];
        step.verb = task.pending.what;
        if (object.key != SharedObject::all_keys) step.key = object.key;
        if (task.begins) step.begun = task.operation;
        if (task.operation < 0) {
            step.actor = actor_of(task);
            return;
        }
        const ProgramStep& operation =
            setup_.program.operations[static_cast<std::size_t>(task.operation)];
        step.client = static_cast<std::int32_t>(operation.client);
        step.actor = fmt::format("client {}", operation.client + 1);
    }

    std::string actor_of(const ScheduleTask& task) const {
        if (task.name == "write-behind") return "flusher" + node_text(setup_, task.node);
        if (task.name == "late delete") return "late delete" + node_text(setup_, task.node);
        if (task.name == "reload") return "reload" + node_text(setup_, task.node);
        if (task.name == "log tail") return "log reader";
        return fmt::format("event to node {}", task.node + 1);
    }

    void name_caches() {
        const auto add = [&](const std::string& name) {
            for (std::uint32_t key = 0; key < setup_.program.keys; ++key) {
                witness_.caches.push_back(
                    setup_.program.keys == 1 ? name : fmt::format("{} k{}", name, key + 1));
            }
        };
        for (std::uint32_t node = 0; node < setup_.system.fleet.nodes; ++node) {
            if (execution_.system().near(node) != nullptr)
                add(fmt::format("near {}", node + 1));
        }
        if (execution_.system().shared() != nullptr) add("cache");
    }

    void note_contents(WitnessStep& step) {
        const auto add = [&](LocalCache& cache, bool is_alive) {
            for (std::uint32_t i = 0; i < setup_.program.keys; ++i) {
                const Key key{i};
                const auto cached = cache.peek(key, runtime_.now());
                const bool is_there =
                    cached && is_alive && !runtime_.has_passed(cached->kept_until());
                step.copies.push_back(
                    is_there ? execution_.system().store().name_of(key, cached->row) : "-");
            }
        };
        for (std::uint32_t node = 0; node < setup_.system.fleet.nodes; ++node) {
            LocalCache* const near = execution_.system().near(node);
            if (near != nullptr) add(*near, execution_.is_alive(node));
        }
        if (ExploredCache* const shared = execution_.system().shared())
            add(shared->local(), true);
        for (std::uint32_t i = 0; i < setup_.program.keys; ++i)
            step.rows.push_back(execution_.system().store().name_of(Key{i}));
    }

    const ExploredSetup& setup_;
    Execution execution_;
    ScheduleRuntime& runtime_;
    ScheduleWitness& witness_;
};

std::string answer_text(const ExploredOutcome& outcome, const ExploredOperation& one) {
    if (!one.has_ended) return "-";
    if (one.has_failed) return "failed";
    if (one.step.changes()) return "done";
    return value_name(outcome, one.seen);
}

// The last step of what has seen the harm, or the last that changed what is wrong at rest. A
// crash changes it: what was only on its way stays away.
void mark_wrong_step(const ExploredOutcome& outcome, ScheduleWitness& witness) {
    const int seen = seen_by(outcome, witness.of);
    for (std::size_t i = witness.steps.size(); i-- > 0;) {
        WitnessStep& step = witness.steps[i];
        const bool is_end = std::ranges::find(step.ended, seen) != step.ended.end();
        const bool differs = i == 0 || step.choice.kind == Kind::crash ||
                             step.effect == "lost" ||
                             step.copies != witness.steps[i - 1].copies ||
                             step.rows != witness.steps[i - 1].rows;
        if (seen >= 0 ? !is_end : !differs) continue;
        step.is_wrong = true;
        return;
    }
}

}  // namespace

std::string WitnessStep::text() const {
    std::string text = actor + ":";
    if (!tier.empty()) text += " " + tier;
    text += " " + verb;
    if (key >= 0) text += fmt::format(" k{}", key + 1);
    if (!effect.empty()) text += fmt::format(" ({})", effect);
    return text;
}

ScheduleWitness record_witness(const ExploredSetup& setup,
                               const std::vector<ScheduleChoice>& choices, ScheduleAnomaly of,
                               std::span<const std::string> texts) {
    ScheduleWitness witness{.of = of,
                            .program = setup.program,
                            .is_warm = setup.is_warm,
                            .are_rows_absent = setup.are_rows_absent,
                            .faults = setup.faults,
                            .nodes = setup.system.fleet.nodes};
    ScheduleRuntime runtime;
    runtime.is_recording = true;
    Recorder recorder(setup, runtime, witness);
    recorder.record(choices, texts);
    const ExploredOutcome outcome = recorder.outcome();
    for (const ExploredOperation& one : outcome.operations)
        witness.answers.push_back(answer_text(outcome, one));
    if (has(judge(outcome), of)) {
        witness.sentence = sentence_of(outcome, of);
        mark_wrong_step(outcome, witness);
    }
    return witness;
}

}  // namespace stalemark
