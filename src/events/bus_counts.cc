#include "events/bus_counts.h"

#include <iterator>

namespace stalemark {
namespace {

constexpr std::uint64_t BusCounts::* all_counts[] = {
    &BusCounts::published,  &BusCounts::offered,
    &BusCounts::delivered,  &BusCounts::lost,
    &BusCounts::duplicated, &BusCounts::held_back,
    &BusCounts::reordered,  &BusCounts::abandoned,
    &BusCounts::heartbeats, &BusCounts::heartbeats_lost,
};
static_assert(sizeof(BusCounts) == std::size(all_counts) * sizeof(std::uint64_t));

}  // namespace

BusCounts& BusCounts::operator+=(const BusCounts& other) {
    for (const auto count : all_counts) this->*count += other.*count;
    return *this;
}

BusCounts BusCounts::operator-(const BusCounts& earlier) const {
    BusCounts difference = *this;
    for (const auto count : all_counts) difference.*count -= earlier.*count;
    return difference;
}

}  // namespace stalemark
