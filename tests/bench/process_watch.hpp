// What the kernel knows of another process: its CPU time, switches and memory, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "clock.hpp"

namespace onlooker::bench {

struct ProcessReading {
    Nanoseconds cpu = 0;       // of all its threads, from schedstat
    Nanoseconds cpu_main = 0;  // of the thread that main() runs on: the loop
    std::int64_t voluntary_switches = 0;
    std::int64_t involuntary_switches = 0;
    std::int64_t resident = 0;  // octets
    std::int64_t own = 0;       // octets of private memory, clean and dirty
};

// Throws std::runtime_error when there is no such process. Reading the memory map costs the process
// a moment, so it is left out where only times are wanted.
ProcessReading read_process(pid_t process, bool with_memory);

}  // namespace onlooker::bench
