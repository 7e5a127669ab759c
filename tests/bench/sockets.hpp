// What the bench programs need of sockets. All throw std::system_error.
#pragma once

#include <cstdint>
#include <string>

#include "base/unique_fd.hpp"

namespace onlooker::bench {

// Throws std::system_error for errno when `result` is negative; else gives it back.
int check(int result, const char* what);

// As many descriptors as the hard limit allows.
void raise_descriptor_limit();

UniqueFd listen_on(const std::string& address, std::uint16_t port);

// Begins to connect, without waiting. `receive_buffer` 0: as the kernel likes.
UniqueFd connect_to(const std::string& address, std::uint16_t port, int receive_buffer);

void set_option(int socket, int level, int name, int value);

}  // namespace onlooker::bench
