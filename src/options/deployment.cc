// SPDX-License-Identifier: Apache-2.0
#include "options/deployment.h"

#include <algorithm>

#include "core/words.h"
#include "options/options.h"
#include "workload/fields.h"
#include "workload/files.h"

namespace stalemark {
namespace {

std::filesystem::path folder() {
    return shipped_folder("deployments", "STALEMARK_DEPLOYMENTS");
}

void check_may_say(const Fields& options, std::string_view name) {
    std::vector<std::string_view> known;
    for (const OptionRow& row : run_options()) {
        if (may_come_with_a_deployment(row)) known.push_back(row.name);
    }
    if (std::ranges::find(known, name) == known.end()) {
        options.fail(name, unknown_word("option of a deployment", name, known));
    }
}

GivenOption read_option(Fields& options, std::string_view name) {
    check_may_say(options, name);
    Fields option = *options.object(name);
    for (const auto* const field : {"value", "source"}) option.require(field);
    if (option.text("source")->empty())
        option.fail("source", "expected where the value is from");
    GivenOption given{.text = option.scalars("value").front(),
                      .place = option.place_of("value")};
    option.finish();
    return given;
}

}  // namespace

Deployment read_deployment(std::string_view name_or_path) {
    const std::filesystem::path path = find_json("deployment", name_or_path, folder());
    const JsonDocument document = JsonDocument::read(path);
    if (!document.root().is_object()) document.fail("", "expected an object {...}");
    Fields fields(document);
    fields.require("caption");
    fields.require("options");
    Deployment deployment{
        .name = path.stem().string(), .caption = *fields.text("caption"), .options = {}};
    auto options = fields.object("options");
    for (const std::string_view name : options->names()) {
        deployment.options.emplace(name, read_option(*options, name));
    }
    fields.finish();
    return deployment;
}

std::vector<std::string> deployment_names() { return names_in(folder()); }

}  // namespace stalemark
