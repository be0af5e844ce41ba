// SPDX-License-Identifier: Apache-2.0
#include "explore/explored_store.h"

#include <algorithm>
#include <cstring>
#include <ranges>

namespace stalemark {
namespace {

constexpr SharedObject log_object{Shared::log};

std::uint8_t small(Key key) { return static_cast<std::uint8_t>(index_of(key)); }

}  // namespace

void prepare(ExploredSetup& setup) {
    setup.values.clear();
    for (std::uint32_t value = 0; value <= setup.program.operations.size(); ++value) {
        setup.values.push_back(Bytes::make(Header::size_bytes, [value](std::span<char> to) {
            const Header header{.session = 0, .sequence = value, .invocation = value};
            std::memcpy(to.data(), &header, sizeof header);
        }));
    }
}

ExploredStore::ExploredStore(ScheduleRuntime& runtime, const ExploredSetup& setup)
    : runtime_(runtime),
      setup_(setup),
      keeps_log_(follows_log(setup.system)),
      rows_(setup.program.keys),
      committed_(setup.program.keys) {
    if (setup.are_rows_absent) return;
    for (Row& row : rows_) row = {setup.values.front(), 1};
}

// Whether the call is to be made.
bool ExploredStore::begin(std::string_view what, std::uint8_t key, bool writes) {
    runtime_.step({Shared::store, 0, key}, what, writes);
    if (!runtime_.may_call()) return false;
    if (writes && keeps_log_) runtime_.touch(log_object, true);
    return true;
}

Result<Row> ExploredStore::get(Key key) {
    if (!begin("get", small(key), false)) return std::unexpected(Trouble::failed);
    if (runtime_.is_recording) runtime_.effect = name_of(key);
    return rows_[index_of(key)];
}

Result<Version> ExploredStore::put(Key key, const Bytes& bytes) {
    if (!begin("put", small(key), true)) return std::unexpected(Trouble::unknown);
    return commit(key, bytes);
}

Result<Version> ExploredStore::erase(Key key) {
    if (!begin("delete", small(key), true)) return std::unexpected(Trouble::unknown);
    return commit(key, std::nullopt);
}

Result<void> ExploredStore::write(std::span<const Change> changes) {
    const bool is_one = changes.size() == 1;
    const std::uint8_t key = is_one ? small(changes.front().key) : SharedObject::all_keys;
    if (!begin("write", key, true)) return std::unexpected(Trouble::unknown);
    for (const Change& change : changes) commit(change.key, change.bytes);
    return {};
}

Version ExploredStore::commit(Key key, const std::optional<Bytes>& bytes) {
    Row& row = rows_[index_of(key)];
    row = {bytes, row.version + 1};
    const ValueId value = bytes ? value_of(key, row) : deleted_by(key);
    committed_[index_of(key)].push_back(value);
    runtime_.note_changed({Shared::store, 0, small(key)});
    if (runtime_.is_recording) runtime_.effect = name_of(key);
    if (keeps_log_) {
        LoggedChange change{.position = LogPosition{log_.size() + 1},
                            .key = key,
                            .version = row.version,
                            .is_delete = !bytes};
        if (bytes) change.header = peek_header(bytes->view());
        log_.push_back(change);
        runtime_.note_changed(log_object);
    }
    return row.version;
}

// The last one of those whose changes the calling task, a flusher or a client without room in
// the queue, has taken; else the client that deletes.
ValueId ExploredStore::deleted_by(Key key) const {
    for (const int operation : std::views::reverse(runtime_.taken_operations())) {
        const ProgramStep& step =
            setup_.program.operations[static_cast<std::size_t>(operation)];
        if (step.kind == ProgramStep::Kind::erase && step.key == key)
            return static_cast<ValueId>(operation + 1);
    }
    const int own = runtime_.running_operation();
    return own >= 0 ? static_cast<ValueId>(own + 1) : some_absence;
}

ValueId ExploredStore::value_of(Key key, const Row& row) const {
    if (row.bytes) return static_cast<ValueId>(peek_header(row.bytes->view()).sequence);
    const std::uint64_t loaded = setup_.are_rows_absent ? 0 : 1;
    const auto& made = committed_[index_of(key)];
    if (row.version > loaded && row.version - loaded <= made.size())
        return made[row.version - loaded - 1];
    return setup_.are_rows_absent && !setup_.system.strategy->traits.stores_later
               ? initial_value
               : some_absence;
}

std::string ExploredStore::name_of(Key key, const Row& row) const {
    if (!row.bytes) return "none";
    return "v" + std::to_string(value_of(key, row));
}

Result<LogPosition> ExploredStore::end() { return LogPosition{log_.size()}; }

Result<std::vector<LoggedChange>> ExploredStore::read(LogPosition from, std::size_t most) {
    runtime_.step(log_object, "read log", false);
    if (!runtime_.may_call()) return std::unexpected(Trouble::failed);
    const auto first = log_.begin() + static_cast<std::ptrdiff_t>(from);
    const std::size_t count = std::min(most, log_.size() - static_cast<std::size_t>(from));
    return std::vector(first, first + static_cast<std::ptrdiff_t>(count));
}

}  // namespace stalemark
