#include "cli/stop.h"

#include <csignal>

namespace stalemark {
namespace {

std::atomic<bool> was_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int signal) {
    was_interrupted = true;
    std::signal(signal, SIG_DFL);
}

}  // namespace

const std::atomic<bool>& interrupted() { return was_interrupted; }

void catch_interrupts() {
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
}

}  // namespace stalemark
