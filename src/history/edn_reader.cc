// SPDX-License-Identifier: Apache-2.0
#include "history/edn_reader.h"

#include <fmt/format.h>

#include <vector>

#include "history/history_line.h"

namespace stalemark {
namespace {

using Kind = EdnValue::Kind;

Name name_of(const EdnValue& value, std::string_view what) {
    switch (value.kind) {
        case Kind::integer:
            return Name::of_integer(value.integer);
        case Kind::text:
        case Kind::keyword:
            return Name::of_text(value.text);
        case Kind::nil:
            return {};
        default:
            throw LineError(
                fmt::format("{}: expected a whole number, a text, a keyword or nil, got {:.40}",
                            what, value.is_given() ? value.text : "nothing"));
    }
}

HistoryAction action_of(const EdnValue& function) {
    if (function.text == ":read") return HistoryAction::read;
    if (function.text == ":write") return HistoryAction::write;
    throw LineError(fmt::format(":f: expected :read or :write, as of a register, got {:.40}",
                                function.is_given() ? function.text : "nothing"));
}

}  // namespace

void EdnReader::read(std::string_view text, std::uint32_t number) {
    const std::size_t begin = text.find_first_not_of(" \t\r[");
    const std::size_t end = text.find_last_not_of(" \t\r");
    if (begin == std::string_view::npos || text.substr(begin, end - begin + 1) == "]") return;
    const EdnEvent event = parse_edn_event(text.substr(begin));
    if (event.process.kind == Kind::keyword) return;  // :nemesis
    if (event.process.kind != Kind::integer)
        throw LineError(":process: expected a whole number");
    if (!is_begun_) has_times_ = event.time.is_given();
    is_begun_ = true;
    if (has_times_ != event.time.is_given())
        throw LineError(":time: expected in every event, or in none");
    if (has_times_ && event.time.kind != Kind::integer)
        throw LineError(":time: expected a whole number of nanoseconds");
    const HistoryTime time = has_times_ ? event.time.integer : number;
    if (event.type.text == ":invoke") {
        invoke(event, time, number);
    } else if (event.type.text == ":ok" || event.type.text == ":fail" ||
               event.type.text == ":info") {
        complete(event, time, number);
    } else {
        throw LineError(fmt::format(":type: expected :invoke, :ok, :fail or :info, got {:.40}",
                                    event.type.is_given() ? event.type.text : "nothing"));
    }
}

void EdnReader::invoke(const EdnEvent& event, HistoryTime time, std::uint32_t number) {
    Pending pending{.operation = {.began = time,
                                  .ended = after_history,
                                  .line = number,
                                  .action = action_of(event.function)}};
    EdnValue value = event.value;
    Name key = Name::of_text("register");
    if (value.kind == Kind::vector) {
        const auto pair = edn_pair(value);
        if (!pair) throw LineError(":value: expected a value, or [key value]");
        key = name_of(pair->first, ":value");
        pending.key = pair->first.text;
        pending.is_keyed = true;
        value = pair->second;
    }
    HistoryOperation& operation = pending.operation;
    operation.key = checker_.keys().number_of(key, pending.key);
    operation.client = checker_.clients().number_of(Name::of_integer(event.process.integer));
    if (!operation.is_read()) {
        operation.version = name_of(value, ":value");
        if (operation.version.is_absent()) operation.action = HistoryAction::erase;
    }
    if (!pending_.emplace(event.process.text, std::move(pending)).second) {
        throw LineError(
            fmt::format("process {:.40} invokes an operation while another of its "
                        "is under way",
                        event.process.text));
    }
}

void EdnReader::complete(const EdnEvent& event, HistoryTime time, std::uint32_t number) {
    const auto found = pending_.find(std::string(event.process.text));
    if (found == pending_.end()) {
        throw LineError(
            fmt::format("process {:.40} completes an operation that it has not invoked",
                        event.process.text));
    }
    const Pending pending = std::move(found->second);
    pending_.erase(found);
    HistoryOperation operation = pending.operation;
    if (time < operation.began) {
        throw LineError(
            fmt::format(":time: {} is before the invocation, {}", time, operation.began));
    }
    if (event.type.text == ":fail") return;
    const bool is_ok = event.type.text == ":ok";
    if (operation.is_read()) {
        if (!is_ok) return;
        EdnValue value = event.value;
        if (pending.is_keyed) {
            const auto pair =
                value.kind == Kind::vector ? edn_pair(value) : std::optional<EdnPair>();
            if (!pair || pair->first.text != pending.key) {
                throw LineError(fmt::format(
                    ":value: expected [{:.40} value], as it was invoked", pending.key));
            }
            value = pair->second;
        }
        operation.version = name_of(value, ":value");
    }
    if (is_ok) {
        operation.ended = time;
        operation.line = number;
    }
    checker_.add(operation);
}

void EdnReader::finish() {
    for (const auto& [process, pending] : pending_) {
        if (!pending.operation.is_read()) checker_.add(pending.operation);
    }
}

}  // namespace stalemark
