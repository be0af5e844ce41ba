// SPDX-License-Identifier: Apache-2.0
#include "core/huge_pages.h"

#include <cstdint>
#include <cstdlib>
#include <limits>

#if defined(__GLIBC__)

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace stalemark {
namespace {

constexpr std::uintptr_t page_bytes = std::uintptr_t{2} << 20;
constexpr int reserve_bytes = 1 << 30;

char* heap_end() { return static_cast<char*>(::sbrk(0)); }

// How far it lies behind a page's beginning.
std::uintptr_t within_page(const char* place) {
    return reinterpret_cast<std::uintptr_t>(place) % page_bytes;
}

}  // namespace

void prefer_huge_pages() {
    // Large tables lie in the heap, too, and its end stays where it is.
    ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
    ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    ::mallopt(M_TOP_PAD, reserve_bytes);
    char* const begin = heap_end();
    void* volatile grown = std::malloc(std::size_t{1} << 20);  // Or nothing would be called.
    std::free(grown);
    ::mallopt(M_TOP_PAD, 128 << 10);
    char* const first_page = begin + (page_bytes - within_page(begin)) % page_bytes;
    char* const end = heap_end() - within_page(heap_end());
    if (first_page < end) {
        ::madvise(first_page, static_cast<std::size_t>(end - first_page), MADV_HUGEPAGE);
    }
}

}  // namespace stalemark

#else

void stalemark::prefer_huge_pages() {}

#endif
