// SPDX-License-Identifier: Apache-2.0
#include "history/verdict_json.h"

#include <string>

namespace stalemark {
namespace {

using Json = nlohmann::ordered_json;

Json operation_json(const HistoryOperation& operation, const HistoryChecker& checker) {
    constexpr const char* actions[] = {"read", "write", "delete"};
    Json json;
    if (operation.line == 0) {
        json["operation"] = "initial";
    } else {
        json["line"] = operation.line;
        json["operation"] = actions[static_cast<std::size_t>(operation.action)];
        if (operation.client != HistoryOperation::no_client)
            json["client"] = checker.clients().text_of(operation.client);
    }
    json["version"] = operation.version.is_absent() ? Json() : Json(operation.version.text());
    if (operation.line == 0) return json;
    json["from_ns"] = operation.began;
    json["to_ns"] = operation.is_unknown() ? Json() : Json(operation.ended);
    return json;
}

Json anomaly_json(const Anomaly& anomaly, const HistoryChecker& checker) {
    Json json = {{"class", anomaly_names[static_cast<std::size_t>(anomaly.kind)]},
                 {"key", checker.keys().text_of(anomaly.key)}};
    if (anomaly.kind == AnomalyClass::stale_read) {
        json["age_ns"] = anomaly.extent;
    } else if (anomaly.kind != AnomalyClass::phantom_read &&
               anomaly.kind != AnomalyClass::order) {
        json["since_ns"] = anomaly.extent;
    }
    if (anomaly.delta) json["delta_ns"] = *anomaly.delta;
    if (anomaly.gamma) json["gamma_ns"] = *anomaly.gamma;
    json["certificate"] = Json::array();
    for (const HistoryOperation& operation : anomaly.certificate())
        json["certificate"].push_back(operation_json(operation, checker));
    return json;
}

void append(Json& list, AnomalyClass kind, const HistoryChecker& checker) {
    for (const Anomaly& anomaly : checker.findings().worst(kind))
        list.push_back(anomaly_json(anomaly, checker));
}

Json counts_json(const Findings& findings) {
    return {{"linearizability", findings.linearizability_anomalies()},
            {"stale_reads", findings.count(AnomalyClass::stale_read)},
            {"order", findings.count(AnomalyClass::order)},
            {"phantom_reads", findings.count(AnomalyClass::phantom_read)},
            {"read_your_writes", findings.count(AnomalyClass::read_your_writes)},
            {"monotonic_reads", findings.count(AnomalyClass::monotonic_reads)}};
}

Json ages_json(const Histogram& ages) {
    Json json = {{"count", ages.count()}};
    if (ages.count() == 0) return json;
    json["min"] = ages.least().count();
    json["p50"] = ages.quantile(0.5).count();
    json["p90"] = ages.quantile(0.9).count();
    json["p99"] = ages.quantile(0.99).count();
    json["max"] = ages.most().count();
    return json;
}

}  // namespace

Json verdict_json(const HistoryChecker& checker) {
    const Findings& findings = checker.findings();
    Json json = {
        {"verdict", history_verdict_names[static_cast<std::size_t>(findings.verdict())]},
        {"operations", findings.operations()},
        {"keys", checker.keys().size()},
        {"clients", checker.clients().size()},
        {"reads", findings.reads},
        {"writes", findings.writes},
        {"deletes", findings.erases},
        {"unknown_writes", findings.unknown_writes},
        {"undecided_reads", findings.undecided_reads},
        {"lost_operations", findings.lost_operations},
        {"overlapping_operations", findings.overlapping_operations},
        {"counts", counts_json(findings)},
        {"stale_age_ns", ages_json(findings.stale_age())},
        {"delta_ns", findings.delta()},
        {"beyond_delta", findings.beyond_delta()},
        {"gamma_ns", findings.gamma()},
    };
    if (!findings.faults().empty()) {
        for (const FaultInterval& fault : findings.faults()) {
            json["faults"].push_back(
                {{"fault", fault.name},
                 {"from_ns", fault.began},
                 {"to_ns", fault.ended == after_history ? Json() : Json(fault.ended)},
                 {"linearizability", fault.anomalies}});
        }
    }
    // Stale reads are the first of these, and have a list of their own as well.
    json["linearizability"] = Json::array();
    append(json["linearizability"], AnomalyClass::stale_read, checker);
    append(json["linearizability"], AnomalyClass::order, checker);
    append(json["linearizability"], AnomalyClass::phantom_read, checker);
    json["stale_reads"] = Json::array();
    append(json["stale_reads"], AnomalyClass::stale_read, checker);
    json["read_your_writes"] = Json::array();
    append(json["read_your_writes"], AnomalyClass::read_your_writes, checker);
    json["monotonic_reads"] = Json::array();
    append(json["monotonic_reads"], AnomalyClass::monotonic_reads, checker);
    return json;
}

}  // namespace stalemark
