// SPDX-License-Identifier: Apache-2.0
#include "cli/check_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "cli/figure_text.h"

namespace stalemark {
namespace {

std::string time_of(HistoryTime time) { return time_text(static_cast<double>(time)); }

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string reads_text(std::uint64_t count) { return counted(count, "read"); }

std::string verdict_line(const Findings& findings) {
    switch (findings.verdict()) {
        case HistoryVerdict::ok:
            return "ok: the history is linearizable\n";
        case HistoryVerdict::anomalies:
            break;
        case HistoryVerdict::unknown:
            return "unknown: no anomaly was found, but not everything is decided\n";
    }
    const std::uint64_t count = findings.linearizability_anomalies();
    if (count == 0) return "anomalies: reads that miss what their own client had seen\n";
    return fmt::format("anomalies: {} fit{} into no linearizable history\n", reads_text(count),
                       count == 1 ? "s" : "");
}

std::string sums(const HistoryChecker& checker) {
    const Findings& findings = checker.findings();
    std::string text =
        fmt::format("{}: {}, {}, {}\n{}, {}\n", counted(findings.operations(), "operation"),
                    reads_text(findings.reads), counted(findings.writes, "write"),
                    counted(findings.erases, "delete"), counted(checker.keys().size(), "key"),
                    counted(checker.clients().size(), "client"));
    const auto note = [&](std::uint64_t count, std::string_view noun, std::string_view what) {
        if (count > 0) text += fmt::format("{} {}\n", counted(count, noun), what);
    };
    note(findings.unknown_writes, "change", "of unknown outcome");
    note(findings.undecided_reads, "read", "not decided: an anomaly or not");
    note(findings.lost_operations, "operation", "not recorded");
    note(findings.overlapping_operations, "operation",
         "that began while another of its client was under way");
    return text;
}

std::string_view meaning_of(AnomalyClass kind) {
    switch (kind) {
        case AnomalyClass::stale_read:
            return "the version had been replaced, by a write that was answered\n"
                   "before the read began";
        case AnomalyClass::order:
            return "none of these reads is stale, but no order explains them\n"
                   "together with what was read before";
        case AnomalyClass::phantom_read:
            return "no write of the version had begun when the read ended";
        case AnomalyClass::read_your_writes:
            return "the version is older than what the client itself had written";
        case AnomalyClass::monotonic_reads:
            break;
    }
    return "the version is older than what the client had read before";
}

std::string title_of(AnomalyClass kind) {
    std::string name(anomaly_names[static_cast<std::size_t>(kind)]);
    std::ranges::replace(name, '_', ' ');
    if (kind == AnomalyClass::order) return "out of order";
    const bool is_read = name.ends_with(" read");
    return is_read ? name + "s" : name;
}

std::string paragraph(AnomalyClass kind, const Findings& findings) {
    std::string text = fmt::format("\n{}: {}: {}\n", title_of(kind),
                                   reads_text(findings.count(kind)), meaning_of(kind));
    if (kind == AnomalyClass::stale_read) {
        const Histogram& ages = findings.stale_age();
        text += fmt::format("since: p50 {}, p90 {}, p99 {}, max {}\n",
                            time_of(ages.quantile(0.5).count()),
                            time_of(ages.quantile(0.9).count()),
                            time_of(ages.quantile(0.99).count()), time_of(ages.most().count()));
    }
    return text;
}

std::string spans(const Findings& findings) {
    std::string text = fmt::format(
        "\ndelta: at least {}: reads that begin so much earlier would fit\n"
        "gamma: at least {}: so would intervals that are so much longer\n",
        time_of(findings.delta()), time_of(findings.gamma()));
    if (findings.beyond_delta() > 0) {
        text += fmt::format("{} would not fit however early reads began\n",
                            reads_text(findings.beyond_delta()));
    }
    return text;
}

// Rows of cells as columns that are as wide as their widest cell, but no wider than `most`.
constexpr std::size_t columns = 6;
using Row = std::array<std::string, columns>;

std::string table(std::vector<Row> rows) {
    constexpr std::array<std::size_t, columns> most = {10, 9, 12, 19, 19, 10};
    std::array<std::size_t, columns> widths{};
    for (Row& row : rows) {
        for (std::size_t i = 0; i < columns; ++i) {
            row[i] = printable(std::move(row[i]));
            if (row[i].size() > most[i]) row[i] = row[i].substr(0, most[i] - 2) + "..";
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const Row& row : rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < columns; ++i) {
            const bool is_number = i >= 3;
            line += is_number ? fmt::format(" {:>{}}", row[i], widths[i])
                              : fmt::format(" {:<{}}", row[i], widths[i]);
        }
        text += line + "\n";
    }
    return text;
}

std::string certificate(const Anomaly& anomaly, const HistoryChecker& checker) {
    constexpr std::array<std::string_view, 3> actions = {"read", "write", "delete"};
    std::vector<Row> rows = {{"client", "operation", "version", "from", "to", "line"}};
    for (const HistoryOperation& operation : anomaly.certificate()) {
        if (operation.line == 0) {
            rows.push_back({"-", "initial", operation.version.text(), "-", "-", "-"});
            continue;
        }
        const bool has_client = operation.client != HistoryOperation::no_client;
        rows.push_back({has_client ? checker.clients().text_of(operation.client) : "-",
                        std::string(actions[static_cast<std::size_t>(operation.action)]),
                        operation.version.text(), fmt::format("{}", operation.began),
                        operation.is_unknown() ? "unknown" : fmt::format("{}", operation.ended),
                        fmt::format("{}", operation.line)});
    }
    return table(std::move(rows));
}

std::string extent_of(const Anomaly& anomaly) {
    switch (anomaly.kind) {
        case AnomalyClass::stale_read:
            return fmt::format("replaced for {}", time_of(anomaly.extent));
        case AnomalyClass::order:
            return anomaly.gamma ? fmt::format("gamma {}", time_of(*anomaly.gamma)) : "";
        case AnomalyClass::phantom_read:
            return "";
        case AnomalyClass::read_your_writes:
            return fmt::format("written {} before", time_of(anomaly.extent));
        case AnomalyClass::monotonic_reads:
            break;
    }
    return fmt::format("read {} before", time_of(anomaly.extent));
}

std::string worst(AnomalyClass kind, const HistoryChecker& checker) {
    std::string text;
    for (const Anomaly& anomaly : checker.findings().worst(kind)) {
        const std::string extent = extent_of(anomaly);
        std::string key = printable(checker.keys().text_of(anomaly.key));
        if (key.size() > 30) key = key.substr(0, 28) + "..";
        text += fmt::format("\n{}: key {}{}{}; times in ns\n", title_of(kind), key,
                            extent.empty() ? "" : ", ", extent);
        text += certificate(anomaly, checker);
    }
    return text;
}

std::string faults_text(const Findings& findings) {
    std::string text;
    for (const FaultInterval& fault : findings.faults()) {
        const std::string end =
            fault.ended == after_history ? "the end" : fmt::format("{}", fault.ended);
        text += fmt::format("fault {} from {} to {} ns: {} out of linearizability\n",
                            printable(fault.name.substr(0, 20)), fault.began, end,
                            reads_text(fault.anomalies));
    }
    return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string check_text(const HistoryChecker& checker) {
    const Findings& findings = checker.findings();
    std::string text = verdict_line(findings) + sums(checker) + faults_text(findings);
    if (findings.verdict() != HistoryVerdict::anomalies) return text;
    std::string proofs;
    for (std::size_t i = 0; i < anomaly_classes; ++i) {
        const auto kind = static_cast<AnomalyClass>(i);
        if (findings.count(kind) == 0) continue;
        text += paragraph(kind, findings);
        proofs += worst(kind, checker);
    }
    if (findings.linearizability_anomalies() > 0) text += spans(findings);
    return text + proofs;
}

}  // namespace stalemark
