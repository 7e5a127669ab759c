// The settings of the C library's heap for a server that runs for months.
#pragma once

namespace onlooker::app {

// What is larger than any usual frame is mapped by itself and goes back to the system when it is
// freed. By default glibc learns from the first such block that is freed to keep the next ones, up
// to 32 MiB for each thread: a camera that sent one endless picture would hold that much for ever.
// Owner: main. To be called once, before the first thread; does nothing with other C libraries.
void keep_heap_small() noexcept;

}  // namespace onlooker::app
