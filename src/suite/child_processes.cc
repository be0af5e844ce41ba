// SPDX-License-Identifier: Apache-2.0
#include "suite/child_processes.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/errors.h"
#include "experiment/stop.h"

namespace stalemark {
namespace {

// Wakes who waits; to be ignored would not.
void on_child(int /*signal*/) {}

sigset_t signals_of_interest() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&signals, signal);
    return signals;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

// The signals are blocked but while wait() sleeps: none is missed between a look and the sleep.
ChildProcesses::ChildProcesses() {
    const sigset_t signals = signals_of_interest();
    ::sigprocmask(SIG_BLOCK, &signals, &mask_before_);
    struct sigaction action{};
    action.sa_handler = on_child;
    ::sigaction(SIGCHLD, &action, &action_before_);
}

ChildProcesses::~ChildProcesses() {
    signal_all(SIGINT);
    for (const auto& [child, tag] : tags_) ::waitpid(child, nullptr, 0);
    ::sigaction(SIGCHLD, &action_before_, nullptr);
    ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

void ChildProcesses::start(std::vector<std::string> words, std::size_t tag,
                           const std::string& messages) {
    // In a process group of its own, so that Ctrl-C reaches it once: handed on by wait().
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    ::posix_spawnattr_setsigmask(&attributes, &mask_before_);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, messages.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child = 0;
    const int error = ::posix_spawn(&child, "/proc/self/exe", &actions, &attributes,
                                    pointers_to(words).data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0) throw RunError("a run cannot be started");
    tags_.emplace(child, tag);
}

void ChildProcesses::signal_all(int signal) {
    for (const auto& [child, tag] : tags_) ::kill(child, signal);
}

ChildProcesses::Ended ChildProcesses::wait() {
    for (;;) {
        int status = 0;
        const pid_t child = ::waitpid(-1, &status, WNOHANG);
        if (child < 0) throw RunError("a run cannot be waited for");
        if (const auto found = tags_.find(child); found != tags_.end()) {
            const std::size_t tag = found->second;
            tags_.erase(found);
            return {.tag = tag,
                    .status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
        }
        if (child > 0) continue;
        if (interrupted() && !is_handed_on_) {
            signal_all(SIGINT);
            catch_second_interrupt();
            is_handed_on_ = true;
            continue;
        }
        // SIGINT might meet an earlier one that is still under way, and then be one with it.
        if (interrupted_again()) signal_all(SIGKILL);
        ::sigsuspend(&mask_before_);
    }
}

}  // namespace stalemark
