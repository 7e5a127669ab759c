// The heap of a server that runs for months. Does nothing with C libraries other than glibc.
#pragma once

namespace onlooker {

// Maps each block that is larger than any usual frame by itself, so that freeing it returns it to
// the system. By default glibc keeps such blocks once it has seen one freed, up to 32 MiB for each
// thread: a camera that sent one endless picture would hold that much until the program ends.
// Thread: main, before it starts the first thread.
void keep_heap_small() noexcept;

// Returns to the system what was freed and is kept for the next allocation, of all threads. glibc
// keeps it even for a thread that has ended, and a camera that was closed leaves a frame or two
// and what its encoder worked with. Takes 0.6 ms for that, 4 ms for what eight hundred viewers left
// (server of 2026); what is allocated next pays a page fault for each 4 KiB.
// Thread: any.
void return_free_memory() noexcept;

}  // namespace onlooker
