// SPDX-License-Identifier: Apache-2.0
#include "history/history_reader.h"

#include <fmt/format.h>

#include <limits>

#include "core/errors.h"
#include "history/history_line.h"
#include "history/json_lines_reader.h"

namespace stalemark {
namespace {

// Errors of a line, with its place.
class Complaints {
public:
    Complaints(const LineSource& source, const HistoryChecker& checker)
        : source_(source), checker_(checker) {}

    // Carries out what may fail.
    template <typename Act>
    void guard(const Act& act) const {
        try {
            act();
        } catch (const LineError& error) {
            fail(source_.number(),
                 std::string(error.what()) +
                     (source_.is_ended() ? "" : "; the last line is cut off"));
        } catch (const RepeatedVersion& repeated) {
            fail(repeated.operation.line,
                 fmt::format(
                     "version {} of key {:.40} is written on line {} already; each write "
                     "needs a version of its own",
                     repeated.operation.version.text(), name_of(repeated.operation.key),
                     repeated.first_line));
        } catch (const TooLate& late) {
            fail(late.operation.line,
                 fmt::format("began long before what stands on line {}; sort by \"call\", or "
                             "give a larger --window (all: any order, and much memory)",
                             late.judged_line));
        }
    }

private:
    [[noreturn]] void fail(std::uint64_t line, std::string_view message) const {
        throw InputError(printable(fmt::format("{}:{}: {}", source_.name(), line, message)));
    }

    std::string name_of(std::uint32_t key) const { return checker_.keys().text_of(key); }

    const LineSource& source_;
    const HistoryChecker& checker_;
};

void read_lines(LineSource& source, HistoryChecker& checker) {
    JsonLinesReader reader(checker);
    const Complaints complaints(source, checker);
    complaints.guard([&] {
        std::string_view line;
        while (source.next(line)) {
            if (source.number() > std::numeric_limits<std::uint32_t>::max())
                throw LineError("more than 4 billion lines");
            if (line.empty()) throw LineError("an empty line; expected an object");
            reader.read(line, static_cast<std::uint32_t>(source.number()));
        }
        reader.finish();
    });
    complaints.guard([&] { checker.finish(); });
}

}  // namespace

void read_history(const std::string& path, HistoryChecker& checker) {
    LineSource source(path);
    read_lines(source, checker);
}

}  // namespace stalemark
