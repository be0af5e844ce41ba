// SPDX-License-Identifier: Apache-2.0
#include "history/history_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iterator>

#include "core/errors.h"

namespace stalemark {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 16;

char letter_of(HistoryAction action) {
    switch (action) {
        case HistoryAction::read:
            return 'r';
        case HistoryAction::write:
            return 'w';
        case HistoryAction::erase:
            break;
    }
    return 'd';
}

}  // namespace

HistoryWriter::HistoryWriter(const std::string& path)
    : path_(path),
      file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)),
      lines_("{\"fmt\":\"stalemark-history\",\"v\":1,\"initial\":0,\"end\":true}\n") {
    if (file_ < 0) {
        throw InputError(
            fmt::format("--history {}: cannot be written: {}", path_, std::strerror(errno)));
    }
}

HistoryWriter::~HistoryWriter() { ::close(file_); }

void HistoryWriter::add_absent(std::uint32_t key) {
    fmt::format_to(std::back_inserter(lines_), "{{\"k\":{},\"op\":\"i\",\"v\":null}}\n", key);
    if (lines_.size() >= block_bytes) flush();
}

void HistoryWriter::add(const RecordedOperation& recorded) {
    const HistoryOperation& operation = recorded.operation;
    const auto out = std::back_inserter(lines_);
    fmt::format_to(out, R"({{"k":{},"c":{},"op":"{}")", operation.key, operation.client,
                   letter_of(operation.action));
    if (!operation.version.is_absent()) {
        fmt::format_to(out, R"(,"v":"{}")", operation.version.text());
    } else if (operation.is_read()) {
        fmt::format_to(out, ",\"v\":null");
    }
    fmt::format_to(out, ",\"call\":{}", operation.began);
    switch (recorded.ending) {
        case RecordedEnding::done:
            fmt::format_to(out, R"(,"ret":{},"st":"ok")", operation.ended);
            break;
        case RecordedEnding::failed:
            fmt::format_to(out, R"(,"ret":{},"st":"fail")", operation.ended);
            break;
        case RecordedEnding::unknown:
            fmt::format_to(out, R"(,"ret":null,"st":"info")");
            break;
    }
    if (!recorded.source.empty()) fmt::format_to(out, R"(,"src":"{}")", recorded.source);
    lines_ += "}\n";
    if (lines_.size() >= block_bytes) flush();
}

void HistoryWriter::finish(std::uint64_t lost) {
    fmt::format_to(std::back_inserter(lines_), "{{\"end\":true,\"lost\":{}}}\n", lost);
    flush();
    if (error_ != 0) {
        throw RunError(
            fmt::format("--history {}: cannot be written: {}", path_, std::strerror(error_)));
    }
}

// After an error nothing is written any more; finish() says so.
void HistoryWriter::flush() {
    std::string_view rest = lines_;
    while (error_ == 0 && !rest.empty()) {
        const ssize_t written = ::write(file_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            error_ = errno;
        } else {
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    lines_.clear();
}

}  // namespace stalemark
