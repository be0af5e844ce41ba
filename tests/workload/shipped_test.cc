// SPDX-License-Identifier: Apache-2.0
// What the suite ships: the files in workloads/ and the page about them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "workload/files.h"
#include "workload/files_on_disk.h"
#include "workload/source.h"

namespace stalemark {
namespace {

using testing::HasSubstr;

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& file : std::filesystem::directory_iterator(repository() / "workloads")) {
        if (file.path().extension() == ".json") all.push_back(file.path().stem().string());
    }
    std::ranges::sort(all);
    return all;
}

bool page_has_row(const std::string& name) {
    const std::string page = read_file(repository() / "docs/workloads.md");
    return page.find("\n| `" + name + "` |") != std::string::npos;
}

class Shipped : public testing::TestWithParam<std::string> {};

TEST_P(Shipped, ComesBackFromWhatIsWritten) {
    const WorkloadSpec spec = load_workload(GetParam(), {});
    EXPECT_EQ(spec.name, GetParam());
    const auto path = write_file(scratch_folder() / "other.json", to_json(spec).dump(2));
    const WorkloadSpec again = load_workload(path, {});
    EXPECT_EQ(again, spec);
    EXPECT_EQ(digest_of(again, 1, 4, 9), digest_of(spec, 1, 4, 9));
}

TEST_P(Shipped, HasADataSetThatIsLoadedInSeconds) {
    const WorkloadSpec spec = load_workload(GetParam(), {});
    const double bytes = static_cast<double>(spec.keys) * spec.value_size.mean();
    EXPECT_LE(bytes, 200e6);
}

// Real seconds are waited for; simulated ones cost only the operations in them.
bool is_simulated(const std::vector<FileOption>& options) {
    return std::ranges::any_of(options, [](const FileOption& option) {
        return option.name == "runtime" && option.values.front() == "virtual";
    });
}

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

// Of a workload with rates: so many operations at most, the warm-up included, which is at the
// rate of the first phase.
double operations_bound(const WorkloadSpec& spec) {
    double left = spec.duration ? seconds(*spec.duration) : 1e9;
    double sum = spec.phases.front().rate.value() * seconds(spec.warmup.value());
    for (const Phase& phase : spec.phases) {
        const double lasts = phase.duration ? std::min(left, seconds(*phase.duration)) : left;
        sum += phase.rate.value() * lasts;
        left -= lasts;
    }
    return sum;
}

TEST_P(Shipped, ReachesEveryPhaseWithinFiveSecondsOrIsSimulatedInAsMany) {
    const WorkloadFile file = read_workload_file(GetParam(), {});
    const WorkloadSpec& spec = file.spec;
    if (is_simulated(file.options)) {
        EXPECT_LE(operations_bound(spec), 7e6);
        return;
    }
    Duration before_last{0};
    for (std::size_t i = 0; i + 1 < spec.phases.size(); ++i) {
        ASSERT_TRUE(spec.phases[i].duration);
        before_last += *spec.phases[i].duration;
    }
    EXPECT_LT(before_last, std::chrono::seconds(5));
}

TEST_P(Shipped, SaysWhatItsApplicationNeedsUnlessItIsABenchmarks) {
    const WorkloadSpec spec = load_workload(GetParam(), {});
    EXPECT_EQ(spec.requirements == Requirements{}, GetParam().starts_with("ycsb_"));
    if (spec.requirements == Requirements{}) return;
    EXPECT_TRUE(spec.requirements.why.ends_with('.'));
    EXPECT_TRUE(spec.requirements.stale_age_max || spec.requirements.stale_fraction_max);
}

TEST_P(Shipped, IsInTheTableOfThePage) { EXPECT_TRUE(page_has_row(GetParam())); }

INSTANTIATE_TEST_SUITE_P(All, Shipped, testing::ValuesIn(names()),
                         [](const auto& tested) { return tested.param; });

TEST(Workloads, AreFoundByName) {
    EXPECT_THAT(names(),
                testing::IsSupersetOf({"ycsb_a", "ycsb_f", "user_profile", "cold_start"}));
    EXPECT_TRUE(std::ranges::is_sorted(names()));
    EXPECT_EQ(complaint([] { load_workload("user_profil", {}); }),
              "unknown workload 'user_profil'; did you mean 'user_profile'?");
    EXPECT_THAT(complaint([] { load_workload("qqqqqqqqqqqq", {}); }),
                HasSubstr("known: analytics_counters "));
    EXPECT_THAT(complaint([] { load_workload("", {}); }), HasSubstr("unknown workload ''"));
}

TEST(Workloads, DifferInTheOperationsThatTheyAskFor) {
    std::set<std::string> digests;
    for (const auto& name : names())
        digests.insert(digest_of(load_workload(name, {}), 1, 4, 9));
    EXPECT_EQ(digests.size(), names().size());
}

TEST(Workloads, AreFoundInTheFolderThatTheUserChose) {
    const auto folder = scratch_folder();
    write_file(folder / "mine.json", "{\"caption\": \"My own\"}");
    ASSERT_EQ(setenv("STALEMARK_WORKLOADS", folder.c_str(), 1), 0);
    const auto found = all_workloads();
    const auto said = complaint([] { load_workload("ycsb_a", {}); });
    ASSERT_EQ(setenv("STALEMARK_WORKLOADS", (folder / "none").c_str(), 1), 0);
    const auto missing = complaint([] { all_workloads(); });
    ASSERT_EQ(unsetenv("STALEMARK_WORKLOADS"), 0);

    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].name, "mine");
    EXPECT_EQ(found[0].caption, "My own");
    EXPECT_EQ(said, "unknown workload 'ycsb_a'; known: mine");
    EXPECT_THAT(missing, HasSubstr("expected a folder of JSON files"));
    EXPECT_EQ(workloads_folder(), repository() / "workloads");
}

// The names that the reader knows in the object at `path`, from what it says of an unknown one.
std::vector<std::string> known_names(const std::string& path, const std::string& fields) {
    const auto file =
        write_file(scratch_folder() / "x.json", "{\"caption\": \"c\"" + fields + "}");
    const std::vector<Override> wrong = {
        {.path = path + "qqqqqqqqqqqqqqqqqqqqqqqq", .value = "1"}};
    std::string said = complaint([&] { load_workload(file, wrong); });
    const std::size_t list = said.find("known: ");
    EXPECT_NE(list, std::string::npos) << said;
    std::vector<std::string> known;
    std::istringstream words(said.substr(std::min(list + 7, said.size())));
    for (std::string word; words >> word;) known.push_back(word);
    return known;
}

TEST(ThePage, ExplainsEveryFieldThatTheReaderKnows) {
    const std::string trace = (repository() / "tests/data/traces/cloudphysics.csv.gz").string();
    const std::vector<std::pair<std::string, std::string>> places = {
        {"", ""},
        {"mix.", ""},
        {"popularity.", ", \"popularity\": \"zipfian\""},
        {"popularity.", ", \"popularity\": \"drifting_hot_set\""},
        {"phases.0.", ", \"phases\": [{}]"},
        {"requirements.", ""},
        {"trace.", ", \"trace\": {\"path\": \"" + trace + "\"}"},
    };
    for (const auto& [path, fields] : places) {
        const auto known = known_names(path, fields);
        EXPECT_GE(known.size(), 2U);
        for (const auto& name : known) {
            EXPECT_TRUE(page_has_row(name)) << path << name;
        }
    }
}

TEST(ThePage, NamesNoWorkloadThatThereIsNot) {
    std::string page = read_file(repository() / "docs/workloads.md");
    page.erase(0, page.find("## The workloads"));
    page.erase(page.find("## Replaying"));
    const std::vector<std::string> all = names();
    constexpr std::string_view row = "\n| `";
    std::size_t rows = 0;
    for (std::size_t at = page.find(row); at != std::string::npos;
         at = page.find(row, at + 1)) {
        const std::size_t begin = at + row.size();
        EXPECT_THAT(all, testing::Contains(page.substr(begin, page.find('`', begin) - begin)));
        ++rows;
    }
    EXPECT_EQ(rows, all.size());
}

}  // namespace
}  // namespace stalemark
