// SPDX-License-Identifier: Apache-2.0
// Which sanitizer the program is built with: g++ says so by a macro, clang by a feature.

#pragma once

#if defined(__has_feature)
#define STALEMARK_HAS_FEATURE(name) __has_feature(name)
#else
#define STALEMARK_HAS_FEATURE(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || STALEMARK_HAS_FEATURE(address_sanitizer)
#define STALEMARK_ADDRESS_SANITIZER
#endif
#if defined(__SANITIZE_THREAD__) || STALEMARK_HAS_FEATURE(thread_sanitizer)
#define STALEMARK_THREAD_SANITIZER
#endif
