// SPDX-License-Identifier: Apache-2.0
#include "workload/trace.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/errors.h"
#include "core/header.h"
#include "core/units.h"
#include "core/words.h"
#include "workload/limits.h"

namespace stalemark {
namespace {

constexpr std::string_view columns = "time_ns,operation,key,value_bytes,ttl_ns";
constexpr std::size_t records_most = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t time_most = std::numeric_limits<std::int64_t>::max() - 1;

using Fields = std::array<std::string_view, 5>;

constexpr auto kinds_of_words = std::to_array<std::pair<std::string_view, OperationKind>>({
    {"read", OperationKind::read},
    {"get", OperationKind::read},
    {"write", OperationKind::write},
    {"set", OperationKind::write},
    {"put", OperationKind::write},
    {"delete", OperationKind::erase},
    {"read_modify_write", OperationKind::read_modify_write},
});

OperationKind kind_of(std::string_view word) {
    std::vector<std::string_view> known;
    for (const auto& [name, kind] : kinds_of_words) {
        if (name == word) return kind;
        known.push_back(name);
    }
    throw InputError(unknown_word("operation", word, known));
}

// The lines of a file, unpacked if it is gzipped.
class Lines {
public:
    explicit Lines(const std::string& path) : path_(path), file_(gzopen(path.c_str(), "rb")) {
        if (file_ == nullptr || std::filesystem::is_directory(path)) {
            close();
            throw InputError(fmt::format("{}: expected a trace file that can be read", path));
        }
    }
    ~Lines() { close(); }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;

    // Without its end; valid until the next call.
    std::optional<std::string_view> next() {
        ++number_;
        const char* const got = gzgets(file_, buffer_.data(), static_cast<int>(buffer_.size()));
        std::string_view line = got == nullptr ? "" : got;
        if (line.ends_with('\n')) {
            line.remove_suffix(1);
        } else {
            if (line.size() + 1 == buffer_.size())
                fail("expected a line of at most 4,094 bytes");
            check_end();
            if (got == nullptr) return std::nullopt;
        }
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }

    [[noreturn]] void fail(std::string_view message) const {
        throw InputError(fmt::format("{}:{}: {}", path_, number_, message));
    }

private:
    // Whether this is the file's end, not that of a packed file that was cut off.
    void check_end() const {
        int trouble = Z_OK;
        const char* const why = gzerror(file_, &trouble);
        if (trouble != Z_OK && trouble != Z_STREAM_END) fail(why);
    }

    void close() {
        if (file_ != nullptr) gzclose(file_);
        file_ = nullptr;
    }

    std::string path_;
    gzFile file_;
    std::size_t number_ = 0;
    std::array<char, 4'096> buffer_{};
};

class Reader {
public:
    void add(std::string_view line) {
        const Fields fields = split(line);
        const std::uint64_t time = number("time_ns", fields[0], time_most);
        if (!trace_.records.empty() && time < last_time_) {
            throw InputError(fmt::format("time_ns: expected times in order, got {} after {}",
                                         time, last_time_));
        }
        if (trace_.records.empty()) first_time_ = time;
        last_time_ = time;

        TraceRecord record{.at = Duration(static_cast<std::int64_t>(time - first_time_)),
                           .kind = kind_of(fields[1])};
        const bool writes = record.kind == OperationKind::write ||
                            record.kind == OperationKind::read_modify_write;
        if (writes || !fields[3].empty()) {
            const std::uint64_t bytes = number("value_bytes", fields[3], value_bytes_most);
            if (writes) {
                record.value_bytes = static_cast<std::uint32_t>(
                    std::max(bytes, std::uint64_t{Header::size_bytes}));
            }
        }
        record.key = number_of(fields[2]);
        if (!fields[4].empty()) set_ttl(record.key, number("ttl_ns", fields[4], time_most));
        if (trace_.records.size() == records_most) {
            throw InputError("expected less than 2^32 records");
        }
        trace_.records.push_back(record);
    }

    Trace finish() { return std::move(trace_); }

private:
    static Fields split(std::string_view line) {
        Fields fields;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const std::size_t comma = line.find(',');
            const bool is_last = i + 1 == fields.size();
            if (is_last != (comma == std::string_view::npos)) {
                throw InputError(fmt::format("expected the five fields {}", columns));
            }
            fields[i] = line.substr(0, comma);
            line.remove_prefix(is_last ? line.size() : comma + 1);
        }
        return fields;
    }

    static std::uint64_t number(std::string_view field, std::string_view text,
                                std::uint64_t most) {
        try {
            return parse_count(text, 0, most);
        } catch (const InputError& error) {
            throw InputError(fmt::format("{}: {}", field, error.what()));
        }
    }

    std::uint32_t number_of(std::string_view key) {
        if (key.empty()) throw InputError("key: expected a text");
        const auto next = static_cast<std::uint32_t>(numbers_.size());
        const auto [place, is_new] = numbers_.try_emplace(std::string(key), next);
        if (is_new) {
            if (next == keys_most) throw InputError("expected less than 2^32 - 1 keys");
            trace_.ttl_of_keys.push_back(Duration::max());
        }
        return place->second;
    }

    void set_ttl(std::uint32_t key, std::uint64_t ttl) {
        trace_.ttl_of_keys[key] =
            ttl == 0 ? Duration::max() : Duration(static_cast<std::int64_t>(ttl));
    }

    Trace trace_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::uint64_t first_time_ = 0;
    std::uint64_t last_time_ = 0;
};

Trace parse(const std::string& path) {
    Lines lines(path);
    auto header = lines.next();
    if (header && header->starts_with("\xef\xbb\xbf")) header->remove_prefix(3);
    if (header != columns) lines.fail(fmt::format("expected the header line {}", columns));
    Reader reader;
    while (const auto line = lines.next()) {
        try {
            reader.add(*line);
        } catch (const InputError& error) {
            lines.fail(error.what());
        }
    }
    Trace trace = reader.finish();
    if (trace.records.empty()) lines.fail("expected at least one record");
    trace.records.shrink_to_fit();
    return trace;
}

}  // namespace

std::shared_ptr<const Trace> read_trace(const std::string& path) {
    struct Kept {
        std::string path;
        std::filesystem::file_time_type written;
        std::uintmax_t size = 0;
        std::shared_ptr<const Trace> trace;
    };
    static std::mutex
        mutex;  // Protects `kept`, and lets the first of many callers read the file.
    static Kept kept;

    std::error_code absent;  // Leaves it to parse() to complain.
    const auto written = std::filesystem::last_write_time(path, absent);
    const auto size = std::filesystem::file_size(path, absent);
    const std::lock_guard lock(mutex);
    if (!kept.trace || kept.path != path || kept.written != written || kept.size != size) {
        kept = {path, written, size, std::make_shared<const Trace>(parse(path))};
    }
    return kept.trace;
}

}  // namespace stalemark
