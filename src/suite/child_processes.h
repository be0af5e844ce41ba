// SPDX-License-Identifier: Apache-2.0
// Runs of this program in processes of their own, several at once.

#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace stalemark {

// While it lives, it answers for the signals that end a program and for those of children: at
// most one at a time, and no other children.
class ChildProcesses {
public:
    ChildProcesses();

    // Interrupts those that still run, and waits for them.
    ~ChildProcesses();

    ChildProcesses(const ChildProcesses&) = delete;
    ChildProcesses& operator=(const ChildProcesses&) = delete;

    // Starts this program with the words of a command line, its own name first. `tag` is what
    // wait() calls it. Its standard error becomes the file `messages`. Throws RunError if it
    // cannot be started.
    void start(std::vector<std::string> words, std::size_t tag, const std::string& messages);

    std::size_t count() const { return tags_.size(); }

    struct Ended {
        std::size_t tag = 0;
        int status = 0;  // As a shell has it: of one that a signal ended, 128 and its number.
    };

    // Waits until one has ended. An interrupt meanwhile is handed on to all; a second one ends
    // them at once. Requires: there is one.
    Ended wait();

private:
    void signal_all(int signal);

    std::map<pid_t, std::size_t> tags_;
    bool is_handed_on_ = false;
    sigset_t mask_before_{};
    struct sigaction action_before_{};
};

}  // namespace stalemark
