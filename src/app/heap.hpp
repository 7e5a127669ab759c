// The settings of the C library's heap for a server that runs for months.
#pragma once

namespace onlooker::app {

// Maps each block that is larger than any usual frame by itself, so that freeing it returns it to
// the system. By default glibc keeps such blocks once it has seen one freed, up to 32 MiB for each
// thread: a camera that sent one endless picture would hold that much until the program ends.
// Thread: main, before it starts the first thread. Does nothing with other C libraries.
void keep_heap_small() noexcept;

}  // namespace onlooker::app
