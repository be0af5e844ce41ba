#include "cli/stop.h"

#include <csignal>

namespace stalemark {
namespace {

std::atomic<bool> was_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int /*signal*/) { was_interrupted = true; }

// What waits in the system for something is woken, and the second signal ends the program.
void catch_once(int signal) {
    struct sigaction action{};
    action.sa_handler = on_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(signal, &action, nullptr);
}

}  // namespace

const std::atomic<bool>& interrupted() { return was_interrupted; }

void catch_interrupts() {
    catch_once(SIGINT);
    catch_once(SIGTERM);
}

}  // namespace stalemark
