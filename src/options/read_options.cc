// SPDX-License-Identifier: Apache-2.0
#include "options/read_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/errors.h"
#include "options/deployment.h"
#include "options/foreign_options.h"
#include "options/option_readers.h"
#include "options/workload_options.h"
#include "options/wrong_option.h"

namespace stalemark {
namespace {

std::vector<std::string_view> words_in(std::string_view text) {
    constexpr std::string_view blanks = " \t\n";
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
        const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
        if (end > begin) words.push_back(text.substr(begin, end - begin));
        text.remove_prefix(end);
    }
    return words;
}

void read(const OptionReader& reader, std::string_view text, RunOptions& options) {
    try {
        reader.read({reader.option, text}, options);
    } catch (const InputError& error) {
        if (!error.option.empty()) throw;
        if (text.empty()) throw wrong_option(reader.option, error.what());
        throw wrong_option(reader.option, text, error.what());
    }
}

// With one more value of an option. `reader`: nullptr of a field of the workload.
RunOptions with_value(RunOptions options, std::string_view option, const GivenOption& value,
                      const OptionReader* reader) {
    const auto [given, is_first] = options.given.emplace(option, value);
    if (!is_first) given->second.text += " " + value.text;
    if (reader != nullptr) read(*reader, value.text, options);
    return options;
}

// Reads options one by one: an option is known before those that it decides about.
class OptionsReader {
public:
    OptionsReader(const OptionTexts& typed, const GivenOptions& lent, Unread unread)
        : typed_(typed), lent_(lent), unread_(unread) {}

    RunOptions read_all() {
        for (const OptionReader& reader : option_readers()) take(reader.option, &reader);
        for (const OptionRow& row : run_options()) {
            if (!row.field.empty()) take(row.name, nullptr);
        }
        return std::move(options_);
    }

private:
    // `reader`: nullptr of a field of the workload, which is read there.
    void take(std::string_view option, const OptionReader* reader) {
        if (const auto typed = typed_.find(option); typed != typed_.end()) {
            take_values(option, {.text = typed->second, .place = ""}, reader, true);
        } else if (const auto lent = lent_.find(option); lent != lent_.end()) {
            try {
                take_values(option, lent->second, reader, false);
            } catch (const InputError& error) {
                throw at_place_of(lent->second, error);
            }
        }
    }

    void take_values(std::string_view option, const GivenOption& given,
                     const OptionReader* reader, bool is_typed) {
        if (!find_option(option).is_repeatable) {
            take_value(option, given, reader, is_typed);
        } else if (given.text == "none") {
            options_.given.emplace(option, given);
        } else {
            std::vector<std::string_view> values = words_in(given.text);
            if (values.empty()) values.emplace_back();
            for (const std::string_view value : values) {
                take_value(option, {.text = std::string(value), .place = given.place}, reader,
                           is_typed);
            }
        }
    }

    void take_value(std::string_view option, const GivenOption& value,
                    const OptionReader* reader, bool is_typed) {
        RunOptions asked = with_value(asked_, option, value, reader);
        const auto why_nobody = why_foreign_to_all(asked, option);
        if (!why_nobody) asked_ = std::move(asked);
        RunOptions with = with_value(options_, option, value, reader);
        const auto why = why_foreign(with, option);
        if (!why) {
            options_ = std::move(with);
        } else if (is_typed) {
            if (why_nobody) throw InputError(*why_nobody, option);
            if (unread_ == Unread::refused) throw InputError(*why, option);
            options_.unread.push_back({.option = std::string(option), .text = value.text});
        }
    }

    const OptionTexts& typed_;
    const GivenOptions& lent_;
    Unread unread_;
    RunOptions options_ = default_options();
    // With what another strategy or shield would read of it besides.
    RunOptions asked_ = default_options();
};

WorkloadFile read_workload_without(RunArguments arguments,
                                   const std::vector<UnreadOption>& unread) {
    for (const UnreadOption& one : unread) arguments.options.erase(one.option);
    return read_workload(arguments);
}

}  // namespace

RunOptions read_arguments(const RunArguments& arguments, Unread unread) {
    WorkloadFile file = read_workload(arguments);
    GivenOptions lent = lent_options(file);
    const auto named = arguments.options.find("deployment");
    if (named != arguments.options.end()) lend_deployment(named->second, lent);
    RunOptions options = read_options(arguments.options, lent, unread);
    if (!options.unread.empty()) file = read_workload_without(arguments, options.unread);
    options.workload = std::move(file.spec);
    return options;
}

void lend_deployment(const std::string& name_or_path, GivenOptions& lent) {
    for (auto& [name, option] : read_deployment(name_or_path).options)
        lent.insert_or_assign(name, std::move(option));
}

RunOptions read_options(const OptionTexts& typed, const GivenOptions& lent, Unread unread) {
    return OptionsReader(typed, lent, unread).read_all();
}

void read_option(std::string_view option, std::string_view text, RunOptions& options) {
    read(*std::ranges::find(option_readers(), option, &OptionReader::option), text, options);
}

}  // namespace stalemark
