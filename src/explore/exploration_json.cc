// SPDX-License-Identifier: Apache-2.0
#include "explore/exploration_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/errors.h"

namespace stalemark {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kind_names = {"step", "evict", "crash", "time"};

Json json_of(const ScheduleChoice& choice) {
    Json json{{"kind", kind_names[static_cast<std::size_t>(choice.kind)]}};
    if (choice.kind != ScheduleChoice::Kind::time) json["who"] = choice.who;
    if (choice.kind == ScheduleChoice::Kind::evict) json["key"] = index_of(choice.key) + 1;
    if (!choice.answers.empty()) json["answers"] = choice.answers;
    return json;
}

Json json_of(const WitnessStep& step) {
    Json json = json_of(step.choice);
    json["actor"] = step.actor;
    if (step.client >= 0) json["client"] = step.client + 1;
    if (!step.tier.empty()) json["tier"] = step.tier;
    json["verb"] = step.verb;
    if (step.key >= 0) json["of_key"] = step.key + 1;
    if (!step.effect.empty()) json["effect"] = step.effect;
    if (step.begun >= 0) json["begins"] = step.begun + 1;
    for (const std::int32_t ended : step.ended) json["ends"].push_back(ended + 1);
    json["copies"] = step.copies;
    json["rows"] = step.rows;
    if (step.is_wrong) json["wrong"] = true;
    return json;
}

Json json_of(const ExploredFaults& faults) {
    return {{"evict", faults.evictions},
            {"crash", faults.crashes},
            {"expire", faults.limits},
            {"lose", faults.losses}};
}

ScheduleChoice choice_of(const Json& json) {
    const auto kind = std::ranges::find(kind_names, json.at("kind").get<std::string>());
    if (kind == kind_names.end()) throw InputError("a step of an unknown kind");
    ScheduleChoice choice{.kind = static_cast<ScheduleChoice::Kind>(kind - kind_names.begin())};
    choice.who = json.value("who", std::uint16_t{0});
    choice.key = Key{json.value("key", std::uint64_t{1}) - 1};
    choice.answers = json.value("answers", "");
    return choice;
}

std::string text_of(const Json& json) {
    return WitnessStep{.actor = json.at("actor").get<std::string>(),
                       .tier = json.value("tier", ""),
                       .verb = json.at("verb").get<std::string>(),
                       .key = json.value("of_key", 0) - 1,
                       .effect = json.value("effect", "")}
        .text();
}

ReplayFile replay_of(const Json& json) {
    if (json.value("schema", 0) != witness_schema) {
        throw InputError(fmt::format("expected \"schema\": {} of a witness", witness_schema));
    }
    ReplayFile file;
    for (const auto& [name, text] : json.at("options").items())
        file.options[name] = text.get<std::string>();
    file.program = json.at("program").get<std::string>();
    file.is_warm = json.at("cache").get<std::string>() == "warm";
    file.are_rows_absent = json.value("rows_absent", false);
    const Json& faults = json.at("faults");
    file.faults = {faults.value("evict", 0U), faults.value("crash", 0U),
                   faults.value("expire", 0U), faults.value("lose", 0U)};
    const auto of = std::ranges::find(anomaly_class_names, json.at("class").get<std::string>());
    if (of == anomaly_class_names.end()) throw InputError("an anomaly of an unknown class");
    file.of = static_cast<ScheduleAnomaly>(of - anomaly_class_names.begin());
    file.sentence = json.value("sentence", "");
    for (const Json& step : json.at("steps")) {
        file.choices.push_back(choice_of(step));
        file.texts.push_back(text_of(step));
    }
    return file;
}

// Of two explorations, of a cold cache and a warm one.
Json first_with_anomalies(const Json& explorations) {
    for (const Json& one : explorations) {
        if (!one.at("anomalies").empty()) return one;
    }
    return explorations.at(0);
}

}  // namespace

Json json_of(const ScheduleWitness& witness, const ProtocolTexts& options) {
    Json json{{"schema", witness_schema},
              {"class", anomaly_class_names[static_cast<std::size_t>(witness.of)]},
              {"sentence", witness.sentence},
              {"options", options},
              {"program", witness.program.text()},
              {"cache", witness.is_warm ? "warm" : "cold"},
              {"rows_absent", witness.are_rows_absent},
              {"faults", json_of(witness.faults)},
              {"nodes", witness.nodes},
              {"preemptions", witness.preemptions},
              {"shortest", witness.is_shortest},
              {"caches", witness.caches},
              {"answers", witness.answers}};
    json["steps"] = Json::array();
    for (const WitnessStep& step : witness.steps) json["steps"].push_back(json_of(step));
    return json;
}

Json json_of(const ExploredSetup& setup, const Exploration& exploration,
             const ProtocolTexts& options) {
    Json json{{"schema", 1},
              {"options", options},
              {"program", setup.program.text()},
              {"cache", setup.is_warm ? "warm" : "cold"},
              {"faults", json_of(setup.faults)},
              {"schedules", exploration.counts.schedules},
              {"abandoned", exploration.counts.abandoned},
              {"cut_off", exploration.counts.cut_off},
              {"exhaustive", exploration.counts.is_exhaustive},
              {"outcomes", exploration.outcomes}};
    if (exploration.is_sampled) json["unseen"] = exploration.unseen();
    json["anomalies"] = Json::array();
    for (const ClassFound& one : exploration.found) {
        Json found{{"class", anomaly_class_names[static_cast<std::size_t>(one.of)]},
                   {"schedules", one.schedules}};
        if (!one.witness.steps.empty()) {
            found["steps"] = one.witness.steps.size();
            found["preemptions"] = one.witness.preemptions;
            found["witness"] = json_of(one.witness, options);
        }
        json["anomalies"].push_back(std::move(found));
    }
    return json;
}

ReplayFile read_replay(const std::string& text) {
    try {
        Json json = Json::parse(text);
        if (json.contains("explorations")) json = first_with_anomalies(json.at("explorations"));
        if (!json.contains("anomalies")) return replay_of(json);
        for (const Json& one : json.at("anomalies")) {
            if (one.contains("witness")) return replay_of(one.at("witness"));
        }
        throw InputError("the exploration has found nothing, so that there is no schedule");
    } catch (const Json::parse_error& error) {
        throw InputError(fmt::format("expected JSON, but byte {} does not fit", error.byte));
    } catch (const Json::exception&) {
        throw InputError("expected what `stalemark explore --json` writes");
    }
}

}  // namespace stalemark
