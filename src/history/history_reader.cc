// SPDX-License-Identifier: Apache-2.0
#include "history/history_reader.h"

#include <fmt/format.h>

#include <limits>

#include "core/errors.h"
#include "history/edn_reader.h"
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

template <typename Reader>
void read_lines(LineSource& source, std::string_view line, Reader& reader) {
    do {
        if (source.number() > std::numeric_limits<std::uint32_t>::max())
            throw LineError("more than 4 billion lines");
        reader.read(line, static_cast<std::uint32_t>(source.number()));
    } while (source.next(line));
    reader.finish();
}

// Whether it is no object of JSON, the first field of which has a name in quotation marks.
bool is_edn(std::string_view line) {
    const std::size_t brace = line.find_first_not_of(" \t\r[");
    if (brace == std::string_view::npos) return line.find('[') != std::string_view::npos;
    if (line[brace] == '#') return true;
    const std::size_t field = line.find_first_not_of(" \t", brace + 1);
    return line[brace] == '{' && field != std::string_view::npos && line[field] == ':';
}

}  // namespace

void read_history(const std::string& path, HistoryChecker& checker) {
    LineSource source(path);
    const Complaints complaints(source, checker);
    complaints.guard([&] {
        std::string_view line;
        if (!source.next(line)) throw LineError("is empty; expected a history");
        if (is_edn(line)) {
            checker.take_any_order();
            EdnReader reader(checker);
            read_lines(source, line, reader);
        } else {
            JsonLinesReader reader(checker);
            read_lines(source, line, reader);
        }
    });
    complaints.guard([&] { checker.finish(); });
}

}  // namespace stalemark
