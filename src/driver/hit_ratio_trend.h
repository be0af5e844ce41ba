// Whether the hit ratio of a run that began with an empty cache has become stable.
//
// The time since the beginning is cut at one half and at one quarter. The hit ratio is stable
// when that of the last half differs from that of the quarter before by less than a percentage
// point, and there were enough reads to be 95% sure of it (Wald's interval for the difference
// of two proportions, with one hit and one miss added to each). A ratio that rises for as long
// as a cache takes to fill is not stable, however long that is.

#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/types.h"

namespace stalemark {

class HitRatioTrend {
public:
    // When to look: after `first`, and then four times per doubling of the time.
    explicit HitRatioTrend(Duration first) : first_(first) {}

    Duration next_look() const {
        constexpr double parts[looks_per_doubling] = {1, 1.189207115002721, 1.4142135623730951,
                                                      1.681792830507429};
        const std::size_t looks = looks_.size();
        const auto doubled =
            static_cast<double>(first_.count() << (looks / looks_per_doubling));
        return Duration(
            static_cast<Duration::rep>(doubled * parts[looks % looks_per_doubling]));
    }

    // At next_look() or soon after: reads so far, and those of them that were hits.
    void note(std::uint64_t reads, std::uint64_t hits) { looks_.push_back({reads, hits}); }

    // False until there have been looks over two doublings.
    bool is_stable() const {
        const std::size_t looks = looks_.size();
        if (looks <= 2 * looks_per_doubling) return false;
        const Part last = looks_.back() - looks_[looks - 1 - looks_per_doubling];
        const Part before =
            looks_[looks - 1 - looks_per_doubling] - looks_[looks - 1 - 2 * looks_per_doubling];
        constexpr double normal_95 = 1.96;
        const double difference = std::abs(last.ratio() - before.ratio());
        return difference + normal_95 * std::sqrt(last.variance() + before.variance()) <
               stable_within;
    }

    // Of the last half; nothing if there were no reads in it or not yet a half.
    std::optional<double> ratio() const {
        if (looks_.size() <= looks_per_doubling) return std::nullopt;
        const Part last = looks_.back() - looks_[looks_.size() - 1 - looks_per_doubling];
        if (last.reads == 0) return std::nullopt;
        return static_cast<double>(last.hits) / static_cast<double>(last.reads);
    }

private:
    struct Part {
        std::uint64_t reads = 0;
        std::uint64_t hits = 0;

        Part operator-(const Part& earlier) const {
            return {.reads = reads - earlier.reads, .hits = hits - earlier.hits};
        }
        double ratio() const {
            return (static_cast<double>(hits) + 1) / (static_cast<double>(reads) + 2);
        }
        double variance() const {
            return ratio() * (1 - ratio()) / (static_cast<double>(reads) + 2);
        }
    };

    static constexpr double stable_within = 0.01;
    static constexpr std::size_t looks_per_doubling = 4;

    const Duration first_;
    std::vector<Part> looks_;
};

}  // namespace stalemark
