// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "cli/command_options.h"
#include "cli/command_text.h"
#include "cli/completion.h"
#include "cli/list.h"
#include "cli/show.h"
#include "core/errors.h"
#include "core/units.h"
#include "experiment/run.h"
#include "experiment/stop.h"
#include "options/foreign_options.h"
#include "options/read_options.h"
#include "options/resolve.h"
#include "options/wrong_option.h"
#include "report/output.h"
#include "report/read_result.h"
#include "report/result.h"
#include "stores/catalog.h"
#include "suite/session.h"
#include "suite/suite.h"

namespace stalemark {
namespace {

constexpr int status_promise_broken = 1;
constexpr int status_interrupted = 130;

// One repetition: the first, or the one after `before`. A simulated one with the seed of the
// one before it would write the same bytes.
Experiment repetition(RunOptions options, const std::vector<std::string>& words,
                      const Experiment* before = nullptr) {
    std::optional<std::string> seed;
    if (before != nullptr && before->is_virtual()) {
        seed = std::to_string(before->system.seed + 1);
        read_option("seed", *seed, options);
    }
    Experiment experiment = resolve(options);
    experiment.command = command_text(words, seed);
    if (const auto suite = current_session()) {
        experiment.session = suite->session;
        if (find_store(experiment.store.name).traits.durable && !experiment.store.db)
            experiment.store.db = suite->db;
    }
    return experiment;
}

// "result.json" as "result.2.json".
std::string numbered(const std::string& path, std::uint64_t number) {
    const auto dot = path.rfind('.');
    const auto slash = path.rfind('/');
    const bool has_ending =
        dot != std::string::npos && (slash == std::string::npos || dot > slash);
    const std::string stem = has_ending ? path.substr(0, dot) : path;
    return fmt::format("{}.{}{}", stem, number, has_ending ? path.substr(dot) : "");
}

std::vector<Output> outputs_of(const RunOptions& options) {
    std::vector<Output> outputs;
    if (!options.out) return outputs;
    if (options.repeat > 1 && options.out == "-") {
        throw InputError("--repeat: several results need several files; give --out a file name",
                         "repeat");
    }
    for (std::uint64_t i = 1; i <= options.repeat; ++i)
        outputs.emplace_back(options.repeat == 1 ? *options.out : numbered(*options.out, i));
    return outputs;
}

constexpr OutputKind history_output = {"--history", "{\"fmt\":\"stalemark-history\"",
                                       "history"};

// Throws InputError if the history cannot be written.
void check_history(const RunOptions& options) {
    if (!options.history.file) return;
    if (options.repeat > 1) {
        throw InputError("--history: one file holds one run; leave --repeat out", "history");
    }
    const Output output(*options.history.file, history_output);
}

int carry_out_run(const RunArguments& arguments, const std::vector<std::string>& words) {
    const RunOptions options = read_arguments(arguments, Unread::passed_over);
    const std::uint64_t repeat = options.repeat;
    Experiment experiment = repetition(options, words);
    std::vector<Output> outputs = outputs_of(options);
    check_history(options);
    if (!options.unread.empty() && !options.is_quiet)
        fmt::print(stderr, "stalemark: note: {}\n", note_on_unread(options));

    catch_interrupts();
    const std::string session = new_session_id("run");
    bool is_broken = false;
    for (std::uint64_t i = 0; i < repeat && !interrupted(); ++i) {
        if (i > 0) experiment = repetition(options, words, &experiment);
        // Simulated repetitions are told apart by their seeds.
        if (repeat > 1 && !experiment.is_virtual() && !experiment.session) {
            experiment.session = {.id = session, .repetition = i + 1};
        }
        Progress progress(options.is_quiet);
        std::optional<Observations> seen;
        try {
            seen = carry_out(experiment, progress, interrupted());
        } catch (const RunError&) {
            if (interrupted()) return status_interrupted;  // While loading: nothing to keep.
            throw;
        }
        progress.clear();
        is_broken |= seen->verdict && seen->verdict->state == PromiseState::broken;
        const Json result = result_of(experiment, *seen);
        if (options.out) outputs[i].write(result.dump(2));
        if (!options.is_quiet && options.out != "-") {
            fmt::print("{}", summary(result));
            if (experiment.is_virtual())
                fmt::print("{}", simulation_speed(result, seen->processor_time()));
        }
    }
    if (interrupted()) return status_interrupted;
    return experiment.expect_promise && is_broken ? status_promise_broken : 0;
}

std::size_t read_jobs(const std::string& text) {
    try {
        return parse_count(text, 1, 1'000);
    } catch (const InputError& error) {
        throw wrong_option("jobs", text, error.what());
    }
}

}  // namespace

void add_run_command(CLI::App& app, std::vector<std::string> words, int& status) {
    auto* const command =
        app.add_subcommand("run", "One run: prints a summary, or writes JSON");
    const auto arguments = std::make_shared<RunArguments>();
    command
        ->add_option("WORKLOAD", arguments->workload,
                     "a name from `stalemark list workloads`, or a path")
        ->required();
    add_options(*command, arguments->options);
    command
        ->add_option("--set", arguments->sets, "sets any field of the workload: mix.read=0.5")
        ->type_name("PATH=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group("Workload: each wins over the workload's own");
    command->callback([arguments, words = std::move(words), &status] {
        status = carry_out_run(*arguments, words);
    });
}

void add_suite_command(CLI::App& app, int& status) {
    struct Typed {
        std::string suite = default_suite;
        OptionTexts changes;
        bool is_full = false;
        std::string out;
        SuiteSettings settings{.jobs = default_jobs()};
    };
    auto* const command = app.add_subcommand(
        "suite", "A grid of runs, interleaved: protocols x workloads x repetitions");
    const auto typed = std::make_shared<Typed>();
    command->add_option(
        "SUITE", typed->suite,
        fmt::format("a suite (default {}) or a workload for its protocols, by name or path",
                    default_suite));
    static constexpr std::array<std::string_view, 6> left_out = {
        "out", "quiet", "db", "expect-promise", "strategy", "history"};
    add_options(*command, typed->changes, [](const OptionRow& row) {
        return std::ranges::find(left_out, row.name) == left_out.end();
    });
    command
        ->add_option_function<std::string>(
            "--jobs",
            [typed](const std::string& text) { typed->settings.jobs = read_jobs(text); },
            "simulated runs at once (default: the processors)")
        ->type_name("N");
    command->add_flag("--full", typed->is_full,
                      "with the parts that the suite leaves out otherwise");
    command->add_option("--out", typed->out, "folder for the results (default results/NAME)")
        ->type_name("DIR");
    command->add_flag("--quiet", typed->settings.is_quiet, "no progress");
    command->callback([typed, &status] {
        const SuitePlan plan = load_suite(typed->suite, typed->changes, typed->is_full);
        catch_interrupts();
        status = carry_out(plan, typed->out.empty() ? "results/" + plan.name : typed->out,
                           typed->settings);
    });
}

void add_list_command(CLI::App& app) {
    auto* const command = app.add_subcommand("list", "What there is to choose from");
    const auto kind = std::make_shared<std::string>();
    const auto is_json = std::make_shared<bool>(false);
    command->add_option("KIND", *kind,
                        "strategies, shields, caches, stores, latencies, faults, workloads, "
                        "deployments, suites");
    command->add_flag("--json", *is_json, "as JSON");
    command->callback([kind, is_json] {
        if (*is_json) {
            fmt::print("{}\n", list_json(*kind));
        } else {
            fmt::print("{}", list_text(*kind));
        }
    });
}

void add_show_command(CLI::App& app) {
    auto* const command = app.add_subcommand("show", "Results for people");
    const auto paths = std::make_shared<std::vector<std::string>>();
    command->add_option("RESULT", *paths, "result files")->required();
    command->callback([paths] {
        for (const std::string& path : *paths) {
            const Json result = read_result(path);
            try {
                fmt::print("{}", summary(result, Detail::full));
            } catch (const InputError& error) {
                throw InputError(fmt::format("{}: {}", path, error.what()));
            }
        }
    });
}

void add_completion_command(CLI::App& app) {
    auto* const command = app.add_subcommand(
        "completion", "Prints what makes a shell complete this program's command lines");
    const auto shell = std::make_shared<std::string>();
    command->add_option("SHELL", *shell, "bash or zsh")->required();
    command->callback([shell] { fmt::print("{}", completion_script(*shell)); });
}

}  // namespace stalemark
