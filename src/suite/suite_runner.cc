// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "core/errors.h"
#include "core/units.h"
#include "experiment/progress.h"
#include "experiment/stop.h"
#include "report/read_result.h"
#include "runtime/processor_clock.h"
#include "suite/child_processes.h"
#include "suite/session.h"
#include "suite/suite.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;

constexpr int status_interrupted = 130;

// A folder under the temporary one, gone when this goes.
class Scratch {
public:
    Scratch() {
        const char* const set = std::getenv("TMPDIR");
        const fs::path folder = set != nullptr && *set != '\0' ? set : "/tmp";
        std::string name = (folder / "stalemark-suite-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw InputError(
                fmt::format("cannot make a temporary folder in '{}': {}; set TMPDIR",
                            folder.string(), std::strerror(errno)));
        }
        path_ = name;
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

// The words of the command line for one run.
std::vector<std::string> words_of(const RunArguments& arguments, const std::string& out) {
    std::vector<std::string> words = {"stalemark", "run", arguments.workload};
    for (const auto& [name, value] : arguments.options) {
        words.push_back("--" + name);
        if (!find_option(name).value.empty()) words.push_back(value);
    }
    for (const std::string& set : arguments.sets) {
        words.emplace_back("--set");
        words.push_back(set);
    }
    for (const auto& word : {std::string("--quiet"), std::string("--out"), out}) {
        words.push_back(word);
    }
    return words;
}

void make_folder(const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error || ::access(folder.c_str(), W_OK | X_OK) != 0) {
        throw InputError(fmt::format("--out {}: is no folder that can be written: {}", folder,
                                     error ? error.message() : "permission denied"));
    }
    if (!fs::is_empty(folder)) {
        throw InputError(
            fmt::format("--out {}: is not empty; results are never mixed", folder));
    }
}

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

class SuiteRunner {
public:
    SuiteRunner(const SuitePlan& plan, const std::string& folder, bool is_quiet)
        : plan_(plan),
          folder_(folder),
          is_quiet_(is_quiet),
          progress_(is_quiet),
          session_(new_session_id(plan.name)) {}

    // The runs of one kind, so many at once, in the plan's order.
    void carry_out(bool are_virtual, std::size_t jobs) {
        show_progress();
        std::vector<std::size_t> due;
        for (std::size_t i = 0; i < plan_.runs.size(); ++i) {
            if (plan_.runs[i].is_virtual == are_virtual) due.push_back(i);
        }
        ChildProcesses children;
        auto next = due.begin();
        for (;;) {
            while (next != due.end() && children.count() < jobs && !is_over())
                start(*next++, children);
            if (children.count() == 0) break;
            const auto [number, status] = children.wait();
            note_ended(number, status);
        }
    }

    // None is started any more.
    bool is_over() const { return is_interrupted() || !failed_.empty(); }

    bool is_interrupted() const { return is_interrupted_ || interrupted(); }

    // The first in the plan's order that failed, whichever failed first.
    void complain() const {
        if (failed_.empty()) return;
        const auto& [number, status] = *failed_.begin();
        const SuiteRun& run = plan_.runs[number];
        throw RunError(fmt::format("{}, repetition {}: the run ended with status {}", run.label,
                                   run.repetition, status));
    }

    void sum_up() {
        progress_.clear();
        if (is_quiet_ || simulated_runs_ == 0) return;
        fmt::print(stderr,
                   "{} simulated runs: {:.1f} s of their time (warm-ups not counted) in "
                   "{:.1f} s\n",
                   simulated_runs_, seconds(simulated_), seconds(clock_.now()));
    }

private:
    std::string out_of(const SuiteRun& run) const {
        const auto name = fmt::format("{}.r{}.json", run.label, run.repetition);
        return (fs::path(folder_) / name).string();
    }

    // What a run says lies in a file until it has ended: not across our line, nor another's.
    std::string messages_of(std::size_t number) const {
        return (data_.path() / fmt::format("messages.{}", number)).string();
    }

    void pass_on_messages(std::size_t number) {
        std::ifstream file(messages_of(number));
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        file.close();
        fs::remove(messages_of(number));
        if (text.empty()) return;
        progress_.clear();
        fmt::print(stderr, "{}", text);
    }

    void start(std::size_t number, ChildProcesses& children) {
        const SuiteRun& run = plan_.runs[number];
        if (run.is_virtual) {  // Its result depends on nobody else's.
            ::unsetenv(session_variable);
        } else {
            const SuiteSession session{.session = {.id = session_,
                                                   .repetition = run.repetition,
                                                   .position = run.position},
                                       .db = (data_.path() / run.data).string()};
            ::setenv(session_variable, to_text(session).c_str(), 1);
        }
        children.start(words_of(run.arguments, out_of(run)), number, messages_of(number));
    }

    void note_ended(std::size_t number, int status) {
        pass_on_messages(number);
        if (interrupted() || status == status_interrupted) {
            is_interrupted_ = true;
            return;
        }
        if (status != 0) {
            failed_.emplace(number, status);
            return;
        }
        ++done_;
        if (is_quiet_) return;
        const SuiteRun& run = plan_.runs[number];
        if (run.is_virtual) {
            ++simulated_runs_;
            simulated_ +=
                Duration(read_result(out_of(run)).at("elapsed_ns").get<Duration::rep>());
        }
        show_progress(run.label);
    }

    void show_progress(std::string_view label = "") {
        const std::size_t all = plan_.runs.size();
        const double share = static_cast<double>(done_) / static_cast<double>(all);
        progress_.show(plan_.name, share, fmt::format("{} of {} runs {}", done_, all, label));
    }

    const SuitePlan& plan_;
    const std::string& folder_;
    bool is_quiet_;
    Progress progress_;
    std::string session_;
    Scratch data_;
    ProcessorClock clock_;
    std::size_t done_ = 0;
    bool is_interrupted_ = false;
    std::map<std::size_t, int> failed_;  // Number of the run to its status.
    std::size_t simulated_runs_ = 0;
    Duration simulated_{0};
};

}  // namespace

std::size_t default_jobs() {
    cpu_set_t processors;
    CPU_ZERO(&processors);
    if (::sched_getaffinity(0, sizeof processors, &processors) != 0) return 1;
    return std::max<std::size_t>(1, static_cast<std::size_t>(CPU_COUNT(&processors)));
}

int carry_out(const SuitePlan& plan, const std::string& folder, const SuiteSettings& settings) {
    make_folder(folder);
    if (!settings.is_quiet) {
        for (const std::string& line : plan.left) fmt::print(stderr, "{}\n", line);
    }
    SuiteRunner runner(plan, folder, settings.is_quiet);
    runner.carry_out(false, 1);
    if (!runner.is_over()) runner.carry_out(true, settings.jobs);
    if (runner.is_interrupted()) return status_interrupted;
    runner.complain();
    runner.sum_up();
    return 0;
}

}  // namespace stalemark
