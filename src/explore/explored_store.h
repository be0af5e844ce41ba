// SPDX-License-Identifier: Apache-2.0
// A store whose calls are steps of a schedule, and which knows whose changes it has committed
// in which order.

#pragma once

#include <string>
#include <vector>

#include "explore/outcome.h"
#include "explore/schedule_choice.h"
#include "explore/schedule_runtime.h"
#include "stores/store.h"

namespace stalemark {

class ExploredStore final : public Store, private CommitLog {
public:
    // The rows are as they are before the program.
    ExploredStore(ScheduleRuntime& runtime, const ExploredSetup& setup);

    Result<Row> get(Key key) override;
    Result<Version> put(Key key, const Bytes& bytes) override;
    Result<Version> erase(Key key) override;
    Result<void> write(std::span<const Change> changes) override;
    CommitLog* log() override { return keeps_log_ ? this : nullptr; }

    // Whose value a row has that the store, a cache or a queue has given.
    ValueId value_of(Key key, const Row& row) const;

    // As it is written: "v2", "none".
    std::string name_of(Key key, const Row& row) const;
    std::string name_of(Key key) const { return name_of(key, rows_[index_of(key)]); }

    // By key, oldest first.
    const std::vector<std::vector<ValueId>>& committed() const { return committed_; }

private:
    Result<LogPosition> end() override;
    Result<std::vector<LoggedChange>> read(LogPosition from, std::size_t most) override;

    bool begin(std::string_view what, std::uint8_t key, bool writes);
    Version commit(Key key, const std::optional<Bytes>& bytes);
    ValueId deleted_by(Key key) const;

    ScheduleRuntime& runtime_;
    const ExploredSetup& setup_;
    const bool keeps_log_;
    std::vector<Row> rows_;
    std::vector<std::vector<ValueId>> committed_;
    std::vector<LoggedChange> log_;
};

}  // namespace stalemark
