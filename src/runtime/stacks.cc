// SPDX-License-Identifier: Apache-2.0
#include "runtime/stacks.h"

#include <sys/mman.h>

#include <new>

#include "core/sanitizers.h"

#ifdef STALEMARK_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_UNPOISON_MEMORY_REGION(address, size) (static_cast<void>(address))
#endif

namespace stalemark {
namespace {

constexpr std::size_t page_bytes = 4'096;

// Mapped at once of those without a guard page, which can lie side by side.
constexpr std::size_t stacks_a_region = 64;

}  // namespace

Stacks::Stacks(std::size_t bytes_each)
    : bytes_each_((bytes_each + page_bytes - 1) / page_bytes * page_bytes) {}

Stacks::~Stacks() {
    for (const Region& region : regions_) ::munmap(region.begin, region.bytes);
}

Stack Stacks::take(bool has_guard_page) {
    std::vector<Stack>& free = free_[has_guard_page];
    if (free.empty()) {
        if (has_guard_page) {
            char* const guard = map(page_bytes + bytes_each_);
            ::mprotect(guard, page_bytes, PROT_NONE);
            free.push_back({guard + page_bytes, bytes_each_, true});
        } else {
            char* const first = map(stacks_a_region * bytes_each_);
            for (std::size_t i = stacks_a_region; i-- > 0;) {
                free.push_back({first + i * bytes_each_, bytes_each_, false});
            }
        }
    }
    const Stack taken = free.back();
    free.pop_back();
    return taken;
}

void Stacks::give_back(const Stack& stack) {
    // The last frames of a fiber never return: AddressSanitizer would watch over them for ever.
    ASAN_UNPOISON_MEMORY_REGION(stack.bottom, stack.bytes);
    free_[stack.has_guard_page].push_back(stack);
}

char* Stacks::map(std::size_t bytes) {
    void* const begin = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (begin == MAP_FAILED) throw std::bad_alloc();
    regions_.push_back({static_cast<char*>(begin), bytes});
    return regions_.back().begin;
}

}  // namespace stalemark
