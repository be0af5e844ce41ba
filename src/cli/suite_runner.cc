#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "cli/data_set.h"
#include "cli/session.h"
#include "cli/show.h"
#include "cli/stop.h"
#include "cli/suite.h"
#include "core/errors.h"
#include "core/units.h"
#include "core/wall_clock.h"
#include "runtime/processor_clock.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;

// A folder under the temporary one, gone when this goes.
class Scratch {
public:
    Scratch() {
        std::string name = (fs::temp_directory_path() / "stalemark-suite-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw RunError("no temporary folder could be made: " + name);
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
std::vector<std::string> words_of(const RunOptions& options, const std::string& out) {
    std::vector<std::string> words = {"stalemark", "run", options.workload};
    for (const auto& [name, value] : options.values) {
        words.push_back("--" + name);
        if (!find_option(name).value.empty()) words.push_back(value);
    }
    for (const std::string& set : options.sets) {
        words.emplace_back("--set");
        words.push_back(set);
    }
    for (const auto& word : {std::string("--quiet"), std::string("--out"), out}) {
        words.push_back(word);
    }
    return words;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

// Waits for the child; hands an interrupt on to it.
int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw RunError("a run cannot be waited for");
        if (interrupted()) ::kill(child, SIGINT);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int carry_out(const SuiteRun& run, const std::string& session_id, const fs::path& data,
              const std::string& out) {
    const Session session{.id = session_id,
                          .repetition = run.repetition,
                          .position = run.position,
                          .db = (data / data_digest(run.experiment.workload)).string()};
    ::setenv(session_variable, to_text(session).c_str(), 1);
    std::vector<std::string> words = words_of(run.options, out);
    // In a process group of its own, so that Ctrl-C reaches it once: handed on by wait_for().
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t child = 0;
    const int error = ::posix_spawn(&child, "/proc/self/exe", nullptr, &attributes,
                                    pointers_to(words).data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0) throw RunError("a run cannot be started");
    return wait_for(child);
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

std::string time_left(Duration spent, std::size_t done, std::size_t all) {
    const Duration left = spent / done * (all - done);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
    return fmt::format("{}:{:02} left", seconds / 60, seconds % 60);
}

}  // namespace

int carry_out(const SuitePlan& plan, const std::string& folder, bool is_quiet) {
    make_folder(folder);
    const Scratch data;
    const std::string session_id = fmt::format("{}-{}-{}", plan.name, utc_now(), ::getpid());
    const ProcessorClock clock;
    for (std::size_t i = 0; i < plan.runs.size(); ++i) {
        const SuiteRun& run = plan.runs[i];
        const std::string out =
            (fs::path(folder) / fmt::format("{}.r{}.json", run.label, run.repetition)).string();
        const int status = carry_out(run, session_id, data.path(), out);
        if (status == 130 || interrupted()) return 130;
        if (status != 0) {
            throw RunError(fmt::format("{}: the run ended with status {}", run.label, status));
        }
        if (is_quiet) continue;
        const Json result = read_result(out);
        fmt::print(stderr, "[{:>3}/{}] {:<42} repetition {}  {:>9.0f} operations/s  {}\n",
                   i + 1, plan.runs.size(), run.label, run.repetition,
                   result.at("operations_per_second").get<double>(),
                   time_left(clock.now(), i + 1, plan.runs.size()));
    }
    return 0;
}

}  // namespace stalemark
