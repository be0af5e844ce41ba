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

std::uintptr_t heap_end() { return reinterpret_cast<std::uintptr_t>(::sbrk(0)); }

}  // namespace

void prefer_huge_pages() {
    // Large tables lie in the heap, too, and its end stays where it is.
    ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
    ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    ::mallopt(M_TOP_PAD, reserve_bytes);
    const std::uintptr_t begin = heap_end();
    void* volatile grown = std::malloc(std::size_t{1} << 20);  // Or nothing would be called.
    std::free(grown);
    ::mallopt(M_TOP_PAD, 128 << 10);
    const std::uintptr_t first_page = (begin + page_bytes - 1) / page_bytes * page_bytes;
    const std::uintptr_t end = heap_end() / page_bytes * page_bytes;
    if (first_page < end) {
        ::madvise(reinterpret_cast<void*>(first_page), end - first_page, MADV_HUGEPAGE);
    }
}

}  // namespace stalemark

#else

void stalemark::prefer_huge_pages() {}

#endif
