// SPDX-License-Identifier: Apache-2.0
#include "report/known_races_section.h"

namespace stalemark {

nlohmann::ordered_json known_races_section(const KnownRaces& races) {
    auto section = nlohmann::ordered_json::array();
    for (const KnownRace& race : races) {
        section.push_back({{"name", race.name},
                           {"story", race.story},
                           {"breaks", breaks_names[static_cast<std::size_t>(race.breaks)]},
                           {"lasts", lasts_names[static_cast<std::size_t>(race.lasts)]},
                           {"needs", needs_names[static_cast<std::size_t>(race.needs)]},
                           {"clients", race.clients},
                           {"steps", race.steps},
                           {"test", race.test}});
    }
    return section;
}

}  // namespace stalemark
