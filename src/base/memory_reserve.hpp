// Memory kept for the moment when there is none left.
//
// An allocation that fails in the middle of a coroutine's wait ends the program: Asio cannot take
// the wait back. So operator new, when it finds nothing, gives up a reserve that was kept for it
// and goes on, and whatever accepts connections looks here first. What is already running lives on
// what the reserve held, until a connection ends.
//
// Our own: the standard library has only the hook (std::set_new_handler), and no library that
// Debian packages keeps a reserve behind it.
//
// Owner: the program, one for all threads. Thread: any.
#pragma once

#include <cstddef>

namespace onlooker::memory_reserve {

// From now on there is one, of at most 2 MiB, as far as memory allows.
void keep(std::size_t octets) noexcept;

// False while it is used up. Fills it again when it can.
bool restore() noexcept;

// Some of it is there.
bool is_there() noexcept;

}  // namespace onlooker::memory_reserve
