// SPDX-License-Identifier: Apache-2.0
#include "experiment/visibility_probe.h"

#include "core/header.h"

namespace stalemark {

VisibilityProbe::VisibilityProbe(Runtime& runtime, const Oracle& oracle, Peek peek,
                                 std::uint64_t one_of)
    : runtime_(runtime),
      oracle_(oracle),
      peek_(std::move(peek)),
      one_of_(one_of),
      looks_(runtime, "a write to look for"),
      ended_(runtime, 0),
      looking_(runtime) {
    looking_.spawn("visibility", [this] { work(); });
}

void VisibilityProbe::note(Key key, const Header& header, Instant when) {
    if (noted_.fetch_add(1, std::memory_order_relaxed) % one_of_ != 0) return;
    for (std::size_t i = 0; i < visibility_delays.size(); ++i) {
        looks_.add(when + visibility_delays[i].delay, {key, header.invocation, i, epoch_});
    }
}

void VisibilityProbe::work() {
    while (const auto look = looks_.next()) {
        const bool visible = is_visible(*look);
        const std::lock_guard lock(guard_);
        if (look->epoch != epoch_) continue;
        VisibilityCounts::Count& count = counts_.at[look->delay];
        ++count.checked;
        if (visible) ++count.visible;
    }
    ended_.release();
}

bool VisibilityProbe::is_visible(const Look& look) const {
    bool visible = true;
    peek_(look.key, runtime_.now(), [&](const Cached& cached) {
        const Seen seen =
            cached.row.bytes ? unseal(look.key, cached.row.bytes->view()) : Seen();
        visible = visible && !oracle_.is_older(look.key, seen, look.invocation);
    });
    return visible;
}

void VisibilityProbe::forget() {
    const std::lock_guard lock(guard_);
    ++epoch_;
    counts_ = {};
}

void VisibilityProbe::end() {
    looks_.close(runtime_.now());
    ended_.acquire("the visibility probe");
}

VisibilityCounts VisibilityProbe::counts() const {
    const std::lock_guard lock(guard_);
    return counts_;
}

}  // namespace stalemark
