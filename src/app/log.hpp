// The log: one line per event on stderr, written by a thread of its own.
//
// The program logs with logging::info() and the like, from any thread, and never waits: a line goes
// into a bounded queue, and when nobody reads the log fast enough the oldest lines are dropped and
// counted. LogWriter replaces spdlog's asynchronous logger, which wakes its thread every ten
// seconds for nothing and whose destructor never returns while stderr is a full pipe that nobody
// reads.
//
// Under systemd (JOURNAL_STREAM) lines carry the level as the journal reads it and no time, which
// the journal adds by itself.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/options.hpp"

namespace onlooker::app {

// Writes lines to a descriptor, in order, from its own thread. That thread sleeps without a
// time-out while there is nothing to do.
class LogWriter {
  public:
    // What write(2) to a pipe does whole or not at all; a longer line is cut.
    static constexpr std::size_t longest_line = 4096;

    // Borrows `fd`, which stays open longer than this object.
    explicit LogWriter(int fd, std::size_t queue_lines = 512);
    // Calls finish().
    ~LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    // Any thread; never waits for the descriptor. `line` ends with a line end.
    void write(std::string line);

    // Writes what is left, for 200 ms at most. Lines that come later are never written. Thread: its
    // owner's.
    void finish();

  private:
    struct Shared;
    static void run(std::shared_ptr<Shared> shared);

    // Shared with the thread, which outlives this object when it is stuck in the kernel.
    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

// Makes sure that descriptors 0, 1 and 2 are open, on /dev/null if need be, so that no socket or
// camera gets one of these numbers and the log with it; and has SIGPIPE ignored. Call it before
// anything else.
void prepare_standard_descriptors();

// What is logged from now on.
void set_log_level(LogLevel level);

// Installs spdlog's default logger; at its end what is queued is written. One at a time.
class Log {
  public:
    explicit Log(LogLevel level);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    // For a program that must end while a thread that may log still runs: writes what is left and
    // leaves the logger where it is.
    void finish() { writer_->finish(); }

  private:
    std::shared_ptr<LogWriter> writer_;
};

}  // namespace onlooker::app
