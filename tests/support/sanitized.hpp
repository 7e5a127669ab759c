// ONLOOKER_SANITIZED: 1 in a build under a sanitizer. What such a build cannot do is left out by
// it: a sanitizer looks at memory through a pipe, needs descriptors itself, and takes most of the
// address space.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ONLOOKER_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer) || \
    __has_feature(thread_sanitizer)
#define ONLOOKER_SANITIZED 1
#endif
#endif
#ifndef ONLOOKER_SANITIZED
#define ONLOOKER_SANITIZED 0
#endif
