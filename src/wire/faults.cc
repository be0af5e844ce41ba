// SPDX-License-Identifier: Apache-2.0
#include "wire/faults.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/catalog.h"
#include "core/errors.h"
#include "core/units.h"
#include "core/words.h"

namespace stalemark {
namespace {

using enum FaultPlace;
using enum FaultShape;

// One row adds a fault: name, caption, place, shape.
constexpr FaultEntry faults[] = {
    {"store-slow", "round trips to the store take FACTOR times as long", store, slow_spell},
    {"store-down", "every call of the store fails", store, spell},
    {"store-fails", "calls of the store fail at random", store, chance},
    {"cache-slow", "round trips to the cache take FACTOR times as long", cache, slow_spell},
    {"cache-down", "the cache is out of reach, and keeps what it has", cache, spell},
    {"cache-flush", "the cache loses all that it has", cache, instant},
    {"event-loss", "events are lost at random", events, chance},
    {"event-duplication", "events arrive twice at random", events, chance},
    {"event-reordering", "events overtake others at random", events, chance},
    {"events-down", "no event arrives", events, spell},
};

constexpr double factor_max = 1e6;
constexpr Duration latest = std::chrono::hours(24 * 365);

// What follows the name: in words, and an example.
struct Form {
    std::string_view words;
    std::string_view example;
};

Form form_of(FaultShape shape) {
    switch (shape) {
        case spell:
            return {"@START+LENGTH", "@10s+5s"};
        case slow_spell:
            return {"@START+LENGTH,xFACTOR", "@10s+5s,x20"};
        case instant:
            return {"@START", "@10s"};
        case chance:
            break;
    }
    return {"=FRACTION", "=0.01"};
}

const FaultEntry& entry_of(std::string_view name) {
    return find_row("fault", name, all_faults());
}

Duration parse_time(std::string_view text) {
    const Duration time = parse_duration(text);
    if (time > latest) throw InputError("expected times of at most a year");
    return time;
}

double parse_factor(std::string_view text) {
    const double factor = parse_real(text, 0, factor_max);
    if (factor <= 1) throw InputError(fmt::format("expected a factor above 1, got {}", text));
    return factor;
}

}  // namespace

std::span<const FaultEntry> all_faults() { return faults; }

std::string form_of(const FaultEntry& entry) {
    return fmt::format("{}{}", entry.name, form_of(entry.shape).words);
}

std::string Fault::text() const {
    if (is_chance()) return fmt::format("{}={}", entry->name, fraction);
    std::string from = fmt::format("{}@{}", entry->name, format_duration(begins));
    if (entry->shape == instant) return from;
    const std::string spell_text = from + "+" + format_duration(ends - begins);
    return entry->shape == spell ? spell_text : fmt::format("{},x{}", spell_text, factor);
}

Fault parse_fault(std::string_view text) {
    const std::size_t mark = text.find_first_of("@=");
    Fault fault{.entry = &entry_of(text.substr(0, mark))};
    const FaultShape shape = fault.entry->shape;
    const auto malformed = [&] {
        return InputError(fmt::format("expected {}, as in {}{}", form_of(*fault.entry),
                                      fault.entry->name, form_of(shape).example));
    };
    if (mark == std::string_view::npos) throw malformed();
    if ((text[mark] == '=') != fault.is_chance()) throw malformed();

    std::string_view rest = text.substr(mark + 1);
    if (shape == chance) {
        fault.fraction = parse_real(rest, 0, 1);
        return fault;
    }
    // The other parts, back to front.
    const std::size_t comma = rest.find(',');
    if ((comma != std::string_view::npos) != (shape == slow_spell)) throw malformed();
    if (shape == slow_spell) {
        if (!rest.substr(comma + 1).starts_with('x')) throw malformed();
        fault.factor = parse_factor(rest.substr(comma + 2));
        rest = rest.substr(0, comma);
    }
    const std::size_t plus = rest.find('+');
    if ((plus != std::string_view::npos) == (shape == instant)) throw malformed();
    fault.begins = parse_time(rest.substr(0, plus));
    fault.ends = fault.begins;
    if (shape == instant) return fault;
    const Duration length = parse_time(rest.substr(plus + 1));
    if (length == Duration{0}) throw InputError("expected a length above 0");
    fault.ends += length;
    return fault;
}

void check_against(const Fault& fault, std::span<const Fault> others) {
    for (const Fault& other : others) {
        if (other.entry != fault.entry) continue;
        if (fault.is_chance()) throw InputError("is given twice");
        const bool is_twice = fault.begins == other.begins && fault.ends == other.ends;
        if (is_twice) throw InputError("is given twice");
        if (fault.begins < other.ends && other.begins < fault.ends) {
            throw InputError(
                fmt::format("is on at the same time as {}; expected one spell after another",
                            other.text()));
        }
    }
}

}  // namespace stalemark
