// SPDX-License-Identifier: Apache-2.0
#include "experiment/stop.h"

#include <csignal>

namespace stalemark {
namespace {

std::atomic<bool> was_interrupted = false;
std::atomic<bool> was_interrupted_again = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int /*signal*/) { was_interrupted = true; }
void on_second_signal(int /*signal*/) { was_interrupted_again = true; }

// What waits in the system for something is woken, and the next signal ends the program.
void catch_once(int signal, void (*handler)(int)) {
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(signal, &action, nullptr);
}

}  // namespace

const std::atomic<bool>& interrupted() { return was_interrupted; }

void catch_interrupts() {
    catch_once(SIGINT, on_signal);
    catch_once(SIGTERM, on_signal);
}

void catch_second_interrupt() {
    catch_once(SIGINT, on_second_signal);
    catch_once(SIGTERM, on_second_signal);
}

bool interrupted_again() { return was_interrupted_again; }

}  // namespace stalemark
