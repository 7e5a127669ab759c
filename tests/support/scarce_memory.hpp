// Memory that runs out when a test says so: operator new of this program, replaced. Not under a
// sanitizer.
#pragma once

namespace onlooker::test {

// The next `count` allocations of the calling thread throw std::bad_alloc.
void fail_allocations(int count) noexcept;

}  // namespace onlooker::test
