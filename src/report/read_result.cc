// SPDX-License-Identifier: Apache-2.0
#include "report/read_result.h"

#include <fmt/format.h>

#include <fstream>

#include "core/errors.h"

namespace stalemark {

Json read_result(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw InputError(fmt::format("{}: cannot be read", path));
    const Json result = Json::parse(file, nullptr, false);
    if (result.is_discarded()) throw InputError(fmt::format("{}: is not JSON", path));
    const auto schema = result.is_object() ? result.find("schema") : result.end();
    if (schema == result.end()) {
        throw InputError(fmt::format("{}: is not a result: it has no field 'schema'", path));
    }
    if (*schema != 1 && *schema != 2) {
        throw InputError(
            fmt::format("{}: is of schema {}; expected 1 or 2", path, schema->dump()));
    }
    return result;
}

}  // namespace stalemark
