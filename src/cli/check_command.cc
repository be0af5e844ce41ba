// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "cli/check_text.h"
#include "cli/commands.h"
#include "core/errors.h"
#include "core/huge_pages.h"
#include "core/units.h"
#include "history/history_checker.h"
#include "history/history_reader.h"
#include "history/verdict_json.h"
#include "report/output.h"

namespace stalemark {
namespace {

constexpr OutputKind verdict_output = {"--json", "{\n  \"verdict\":", "verdict"};

constexpr int status_anomalies = 1;
constexpr int status_unknown = 3;

struct Typed {
    std::string history;
    std::optional<std::string> json;
    CheckSettings settings{.worst = 3};
};

int status_of(HistoryVerdict verdict) {
    switch (verdict) {
        case HistoryVerdict::ok:
            return 0;
        case HistoryVerdict::anomalies:
            return status_anomalies;
        case HistoryVerdict::unknown:
            break;
    }
    return status_unknown;
}

int check(const Typed& typed) {
    std::optional<Output> output;
    if (typed.json) output.emplace(*typed.json, verdict_output);
    prefer_huge_pages();
    HistoryChecker checker(typed.settings);
    read_history(typed.history, checker);
    using Json = nlohmann::ordered_json;
    if (output)
        output->write(
            verdict_json(checker).dump(2, ' ', false, Json::error_handler_t::replace));
    if (typed.json != "-") fmt::print("{}", check_text(checker));
    return status_of(checker.findings().verdict());
}

std::size_t count_of(const std::string& option, const std::string& text, std::uint64_t least) {
    try {
        return parse_count(text, least, 1'000'000'000);
    } catch (const InputError& error) {
        throw InputError(fmt::format("--{} {}: {}", option, text, error.what()));
    }
}

}  // namespace

void add_check_command(CLI::App& app, int& status) {
    auto* const command =
        app.add_subcommand("check", "Judges a recorded history: linearizable? stale? proofs");
    const auto typed = std::make_shared<Typed>();
    command
        ->add_option("HISTORY", typed->history,
                     "JSON Lines of Stalemark's or of your own system; - for standard input")
        ->required();
    command
        ->add_option_function<std::string>(
            "--json", [typed](const std::string& path) { typed->json = path; },
            "the verdict as JSON to FILE, - for standard output")
        ->type_name("FILE");
    const auto add_count = [&](const char* name, const char* help, std::uint64_t least,
                               std::size_t CheckSettings::* setting) {
        command
            ->add_option_function<std::string>(
                std::string("--") + name,
                [typed, name, least, setting](const std::string& text) {
                    typed->settings.*setting = count_of(name, text, least);
                },
                help)
            ->type_name("N");
    };
    add_count("worst", "show so many anomalies of each class (default 3); all are counted", 0,
              &CheckSettings::worst);
    command
        ->add_option_function<std::string>(
            "--window",
            [typed](const std::string& text) {
                typed->settings.window = text == "all" ? 0 : count_of("window", text, 1);
            },
            "a line may stand so many lines late by \"call\" (default 16384); all: any order")
        ->type_name("N");
    add_count("remember", "overwritten versions that are remembered (default 1000000)", 1,
              &CheckSettings::remembered);
    command->callback([typed, &status] { status = check(*typed); });
}

}  // namespace stalemark
