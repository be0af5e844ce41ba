// SPDX-License-Identifier: Apache-2.0
// Memory in pages of 2 MiB, where a run looks at so much of it in no order that finding the
// place of a small page takes longer than reading it.

#pragma once

namespace stalemark {

// Lets what this process allocates from now on lie in huge pages: up to 1 GiB, of which only
// what is used takes memory. Where the C library or the kernel has none, nothing changes.
// Requires: no other thread has begun.
void prefer_huge_pages();

}  // namespace stalemark
