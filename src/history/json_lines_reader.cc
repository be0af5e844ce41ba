// SPDX-License-Identifier: Apache-2.0
#include "history/json_lines_reader.h"

#include <fmt/format.h>

#include <utility>

#include "history/plain_line.h"

namespace stalemark {
namespace {

using Kind = LineValue::Kind;

constexpr std::string_view format_name = "stalemark-history";
constexpr std::int64_t format_version = 1;
constexpr HistoryTime time_most = HistoryTime{1} << 62;  // 146 years.
constexpr std::size_t faults_most = 1'000;

std::string meant_by(const LineValue& value) {
    return value.is_escaped ? unescaped(value.text) : std::string(value.text);
}

Name name_of(const LineValue& value, std::string_view field) {
    switch (value.kind) {
        case Kind::integer:
            return Name::of_integer(value.integer);
        case Kind::text:
            return value.is_escaped ? Name::of_text(unescaped(value.text))
                                    : Name::of_text(value.text);
        case Kind::missing:
            throw LineError(fmt::format("\"{}\" is missing", field));
        default:
            throw LineError(
                fmt::format("\"{}\": expected a whole number of 64 bits or a text, "
                            "got {:.40}",
                            field, value.text.empty() ? "a list" : value.text));
    }
}

HistoryTime time_of(const LineValue& value, std::string_view field) {
    if (!value.is_given()) throw LineError(fmt::format("\"{}\" is missing", field));
    if (value.kind != Kind::integer) {
        throw LineError(
            fmt::format("\"{}\": expected a whole number of nanoseconds, got {:.40}", field,
                        value.kind == Kind::nested ? "a list" : value.text));
    }
    if (value.integer > time_most || value.integer < -time_most) {
        throw LineError(fmt::format(
            "\"{}\": {} ns is more than 146 years; expected times since a common start", field,
            value.integer));
    }
    return value.integer;
}

HistoryAction action_of(const LineValue& value) {
    if (value.kind == Kind::text && value.text.size() == 1) {
        switch (value.text[0]) {
            case 'r':
                return HistoryAction::read;
            case 'w':
                return HistoryAction::write;
            case 'd':
                return HistoryAction::erase;
            default:
                break;
        }
    }
    throw LineError(fmt::format(
        "\"op\": expected \"r\", \"w\" or \"d\" (read, write, delete), or \"i\" (what the key "
        "holds at first){}",
        value.is_given() ? fmt::format(", got {:.40}", value.text) : ""));
}

enum class State : std::uint8_t { ok, fail, info };

State state_of(const LineValue& value) {
    if (!value.is_given() || value.text == "ok") return State::ok;
    if (value.text == "fail") return State::fail;
    if (value.text == "info") return State::info;
    throw LineError(fmt::format(
        "\"st\": expected ok, fail (it did not happen) or info (not known), got {:.40}",
        value.text));
}

// What a read found or a write wrote.
Name version_of(const HistoryLine& line, HistoryAction action) {
    const bool is_absent = line.version.kind == Kind::null;
    if (action == HistoryAction::erase) {
        if (line.version.is_given() && !is_absent)
            throw LineError("\"v\": a delete writes no version; expected none");
        return {};
    }
    if (is_absent) {
        if (action == HistoryAction::read) return {};
        throw LineError(R"("v": expected the version that is written; to delete is "op":"d")");
    }
    return name_of(line.version, "v");
}

}  // namespace

void JsonLinesReader::read(std::string_view text, std::uint32_t number) {
    PlainLine plain;
    if (is_begun_ && !is_ended_ && parse_plain_line(text, plain)) {
        checker_.add({.version = plain.version,
                      .began = plain.call,
                      .ended = plain.ret,
                      .line = number,
                      .client = checker_.clients().number_of(Name::of_integer(plain.client)),
                      .key = checker_.keys().number_of(Name::of_integer(plain.key)),
                      .action = plain.action});
        return;
    }
    if (text.empty()) throw LineError("an empty line; expected an object");
    const HistoryLine line = parse_history_line(text);
    if (!is_begun_) {
        read_first(line);
    } else if (is_ended_) {
        throw LineError("expected nothing after the line with \"end\"");
    } else if (line.end.is_given()) {
        read_end(line);
    } else if (line.fault.is_given()) {
        read_fault(line);
    } else if (line.action.text == "i") {
        read_initial(line);
    } else {
        read_operation(line, number);
    }
}

void JsonLinesReader::finish() const {
    if (has_end_ && !is_ended_) {
        throw LineError(
            "the last line, with \"end\", is missing: the history is cut off, or its run was");
    }
}

void JsonLinesReader::read_first(const HistoryLine& line) {
    if (line.format.text != format_name) {
        throw LineError(
            fmt::format(R"(expected {{"fmt":"{}","v":{}}} as the first line of a history)",
                        format_name, format_version));
    }
    if (line.version.kind != Kind::integer || line.version.integer != format_version) {
        throw LineError(fmt::format(
            "\"v\": expected {}, the version of the format that is "
            "known here{}",
            format_version,
            line.version.is_given() ? fmt::format("; got {:.40}", line.version.text) : ""));
    }
    is_begun_ = true;
    has_end_ = line.end.is_true;
    if (line.initial.is_given() && line.initial.kind != Kind::null)
        checker_.set_initial(name_of(line.initial, "initial"));
}

std::uint32_t JsonLinesReader::key_of(const HistoryLine& line) {
    const Name key = name_of(line.key, "k");
    if (key.is_exact()) return checker_.keys().number_of(key);
    return checker_.keys().number_of(key, meant_by(line.key));
}

void JsonLinesReader::read_initial(const HistoryLine& line) {
    if (!line.version.is_given()) throw LineError("\"v\" is missing");
    const Name version = line.version.kind == Kind::null ? Name() : name_of(line.version, "v");
    const std::size_t known = checker_.keys().size();
    if (key_of(line) < known) {
        throw LineError(
            "what a key holds at first must stand before its first operation, and once");
    }
    checker_.set_initial_of_newest(version);
}

void JsonLinesReader::read_fault(const HistoryLine& line) {
    if (line.fault.kind != Kind::text)
        throw LineError("\"fault\": expected the name of a fault, as a text");
    FaultInterval fault{.name = meant_by(line.fault), .began = time_of(line.call, "call")};
    if (line.ret.is_given() && line.ret.kind != Kind::null)
        fault.ended = time_of(line.ret, "ret");
    if (fault.ended < fault.began)
        throw LineError(fmt::format(R"(ends before it begins: "ret" {}, "call" {})",
                                    fault.ended, fault.began));
    if (checker_.findings().faults().size() == faults_most)
        throw LineError(fmt::format("more than {} faults", faults_most));
    if (!checker_.add_fault(std::move(fault)))
        throw LineError("a fault must stand before the operations that began after it");
}

void JsonLinesReader::read_end(const HistoryLine& line) {
    if (!line.end.is_true) throw LineError("\"end\": expected true");
    if (line.lost.is_given()) {
        if (line.lost.kind != Kind::integer || line.lost.integer < 0)
            throw LineError("\"lost\": expected how many operations are missing");
        checker_.add_lost(static_cast<std::uint64_t>(line.lost.integer));
    }
    is_ended_ = true;
}

void JsonLinesReader::read_operation(const HistoryLine& line, std::uint32_t number) {
    HistoryOperation operation;
    operation.action = action_of(line.action);
    operation.line = number;
    const State state = state_of(line.state);
    const bool is_open = line.ret.kind == Kind::null;
    if (is_open && state == State::ok) {
        throw LineError(
            R"("ret" is null: an operation without an answer has "st":"info", not ok)");
    }
    operation.began = time_of(line.call, "call");
    operation.ended = is_open ? after_history : time_of(line.ret, "ret");
    if (operation.ended < operation.began) {
        throw LineError(fmt::format(R"(ends before it begins: "ret" {}, "call" {})",
                                    operation.ended, operation.began));
    }
    const bool is_answered_read = operation.is_read() && state == State::ok;
    if (!operation.is_read() || is_answered_read || line.version.is_given())
        operation.version = version_of(line, operation.action);
    operation.key = key_of(line);
    if (line.client.is_given() && line.client.kind != Kind::null) {
        const Name client = name_of(line.client, "c");
        operation.client = client.is_exact()
                               ? checker_.clients().number_of(client)
                               : checker_.clients().number_of(client, meant_by(line.client));
    }
    if (state == State::fail || (operation.is_read() && state == State::info)) return;
    if (state == State::info) operation.ended = after_history;
    checker_.add(operation);
}

}  // namespace stalemark
