// SPDX-License-Identifier: Apache-2.0
#include "measure/acknowledgements.h"

#include <algorithm>
#include <iterator>

namespace stalemark {
namespace {

// Logs are thinned more finely than ages are told, since a read may be judged some time after
// it began.
constexpr std::int64_t thinned_to = 128;
constexpr std::int64_t told_to = 100;

constexpr std::size_t thinned_from = 64;  // Entries: in fewer there is nothing to gain.

constexpr std::uint64_t allocation_bytes = 16;  // What an allocation costs beside its content.

}  // namespace

Acknowledgements::Acknowledgements(std::uint64_t keys, std::uint64_t budget_bytes)
    : stripe_budget_bytes_(budget_bytes >> stripe_bits), place_of_(keys, no_log) {}

void Acknowledgements::add(Key key, std::uint32_t invocation, Instant when) {
    Stripe& stripe = stripes_[stripe_number(key)];
    const std::lock_guard lock(stripe.guard);
    Place& place = place_of_[index_of(key)];
    if (place == no_log || place >= forgotten_mark) {
        const std::uint32_t forgotten = place == no_log ? 0 : place - forgotten_mark;
        if (invocation < forgotten || forgotten == forgotten_most) return;
        place = take_log(stripe);
        stripe.logs[place - 1].key = static_cast<std::uint32_t>(index_of(key));
        stripe.logs[place - 1].forgotten = forgotten;
    }
    Log& log = stripe.logs[place - 1];
    std::vector<Entry>& entries = log.entries;
    if (entries.size() == entries.capacity()) make_room(stripe, entries, when);
    if (entries.empty() || invocation > entries.back().invocation) {
        // Of two writers the later one may come here first.
        for (auto entry = entries.rbegin(); entry != entries.rend() && entry->first > when;
             ++entry) {
            entry->first = when;
        }
        entries.push_back({invocation, entries.empty() ? 1 : entries.back().number + 1, when});
    } else {
        insert(log, invocation, when);
    }
    if (stripe.bytes > stripe_budget_bytes_) forget_oldest(stripe);
}

// Requires: it is not the newest.
void Acknowledgements::insert(Log& log, std::uint32_t invocation, Instant when) {
    std::vector<Entry>& entries = log.entries;
    auto after = entries.end();
    for (; after != entries.begin() && std::prev(after)->invocation > invocation; --after) {
        ++std::prev(after)->number;
    }
    for (auto entry = after; entry != entries.begin() && std::prev(entry)->first > when;
         --entry) {
        std::prev(entry)->first = when;
    }
    // Where a neighbour is left out its number is not known: it is left out, too.
    const std::uint32_t number = after->number - 1;
    const bool is_next_to_others = after == entries.begin()
                                       ? invocation > log.forgotten
                                       : std::prev(after)->number + 1 == number;
    if (!is_next_to_others) return;
    entries.insert(after, {invocation, number, std::min(when, after->first)});
}

Acknowledgements::Staleness Acknowledgements::staleness_of(Key key, std::uint32_t seen,
                                                           std::uint32_t newest,
                                                           Instant began) const {
    const Stripe& stripe = stripes_[stripe_number(key)];
    const std::lock_guard lock(stripe.guard);
    const auto since = [&](Instant first, bool is_known, std::uint64_t missed) {
        return Staleness{std::max(began - first, Duration{0}), is_known, missed};
    };
    const Place place = place_of_[index_of(key)];
    if (place == no_log || place >= forgotten_mark)
        return since(stripe.forgotten_until, false, 1);

    const Log& log = stripe.logs[place - 1];
    const std::vector<Entry>& entries = log.entries;
    const auto first_after = [&](std::uint32_t stamp) {
        return std::ranges::upper_bound(entries, stamp, {}, &Entry::invocation);
    };
    const auto after = first_after(seen);
    if (after == entries.end()) return since(stripe.forgotten_until, false, 1);

    // Where the write that the read was entitled to is left out, `after` is a later one, and
    // may have been acknowledged after the read began.
    Instant first = after->first;
    bool is_known = seen >= log.forgotten;
    if (after != entries.begin()) {
        const Entry& before = *std::prev(after);
        const bool is_next = before.number + 1 == after->number && after->invocation <= newest;
        is_known = is_next || (first - before.first) * told_to <= began - first;
    } else if (!is_known && log.forgotten + 1 < after->invocation) {
        first = std::min(first, stripe.forgotten_until);  // A newer write was forgotten.
    }
    if (after->invocation > newest) return since(first, is_known, 1);
    const auto end = entries.back().invocation <= newest ? entries.end() : first_after(newest);
    return since(first, is_known, std::prev(end)->number - after->number + 1);
}

std::uint64_t Acknowledgements::bytes() const {
    std::uint64_t sum = place_of_.capacity() * sizeof(Place) + sizeof(stripes_);
    for (const Stripe& stripe : stripes_) {
        const std::lock_guard lock(stripe.guard);
        sum += stripe.bytes;
    }
    return sum;
}

// The number of a log that no key has. Requires the guard.
std::uint32_t Acknowledgements::take_log(Stripe& stripe) {
    if (stripe.free_logs.empty()) {
        stripe.bytes += sizeof(Log) + allocation_bytes;
        stripe.logs.emplace_back();
        return static_cast<std::uint32_t>(stripe.logs.size());
    }
    const std::uint32_t number = stripe.free_logs.back();
    stripe.free_logs.pop_back();
    return number;
}

// Requires the guard, and that the log is full.
void Acknowledgements::make_room(Stripe& stripe, std::vector<Entry>& entries, Instant now) {
    const std::size_t before = entries.capacity();
    if (before >= thinned_from) {
        thin(entries, now);
        if (entries.size() <= before - before / 4) return;
    }
    // By half: twice as much would at once take again what forget_oldest() has just given back.
    entries.reserve(before + std::max<std::size_t>(2, before / 2));
    stripe.bytes += (entries.capacity() - before) * sizeof(Entry);
}

// Drops entries whose going leaves a gap that is small beside all that a read from now on can
// measure across it, in time and in writes.
void Acknowledgements::thin(std::vector<Entry>& entries, Instant now) {
    const std::uint32_t newest = entries.back().number;
    const auto may_join = [&](const Entry& before, const Entry& after) {
        return (after.first - before.first) * thinned_to <= now - after.first &&
               std::int64_t{after.number - before.number} * thinned_to <= newest - after.number;
    };
    std::size_t kept = 1;
    for (std::size_t i = 1; i + 1 < entries.size(); ++i) {
        if (!may_join(entries[kept - 1], entries[i + 1])) entries[kept++] = entries[i];
    }
    entries[kept++] = entries.back();
    entries.resize(kept);
}

// Forgets half of the stripe's entries, those acknowledged first. Requires the guard.
void Acknowledgements::forget_oldest(Stripe& stripe) {
    std::vector<Instant> instants;
    for (const Log& log : stripe.logs) {
        for (const Entry& entry : log.entries) instants.push_back(entry.first);
    }
    const auto middle = instants.begin() + static_cast<std::ptrdiff_t>(instants.size() / 2);
    std::ranges::nth_element(instants, middle);
    stripe.forgotten_until = std::max(stripe.forgotten_until, *middle);
    for (Log& log : stripe.logs) {
        const auto kept = std::ranges::upper_bound(log.entries, *middle, {}, &Entry::first);
        if (kept != log.entries.begin()) forget(stripe, log, kept);
    }
}

// Forgets the entries before `end`. Requires the guard, and that there are some.
void Acknowledgements::forget(Stripe& stripe, Log& log, std::vector<Entry>::iterator end) {
    std::vector<Entry>& entries = log.entries;
    const Entry& last = *std::prev(end);
    const bool is_next = end == entries.end() || last.number + 1 == end->number;
    // Where neighbours were left out, one of them may have had any invocation up to the next.
    log.forgotten = is_next ? last.invocation : end->invocation - 1;
    stripe.bytes -= entries.capacity() * sizeof(Entry);
    entries = std::vector<Entry>(end, entries.end());
    stripe.bytes += entries.capacity() * sizeof(Entry);
    if (!entries.empty()) return;
    Place& place = place_of_[log.key];
    stripe.free_logs.push_back(place);
    place = forgotten_mark + std::min(log.forgotten, forgotten_most);
}

}  // namespace stalemark
