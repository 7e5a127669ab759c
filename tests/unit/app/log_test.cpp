#include "app/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>

#include "base/unique_fd.hpp"

using namespace std::chrono_literals;
using onlooker::UniqueFd;
using onlooker::app::LogWriter;

namespace {

struct Pipe {
    UniqueFd read;
    UniqueFd write;
    Pipe() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        read = UniqueFd(ends[0]);
        write = UniqueFd(ends[1]);
    }

    // Until nothing more fits; the log's end stays blocking, as stderr is.
    void fill() {
        ::fcntl(write.get(), F_SETFL, O_NONBLOCK);
        const std::string octets(4096, 'x');
        while (::write(write.get(), octets.data(), octets.size()) > 0) {
        }
        ::fcntl(write.get(), F_SETFL, 0);
    }

    // What is in it; the writing end is closed first.
    std::string all() {
        write = UniqueFd();
        std::string text;
        std::array<char, 4096> octets{};
        for (ssize_t n = 0; (n = ::read(read.get(), octets.data(), octets.size())) > 0;)
            text.append(octets.data(), static_cast<std::size_t>(n));
        return text;
    }
};

}  // namespace

TEST_SUITE("log") {
    TEST_CASE("writes its lines in order, those left at the end too") {
        Pipe pipe;
        {
            LogWriter writer(pipe.write.get());
            for (const char* line : {"one\n", "two\n", "three\n"})
                writer.write(line);
        }
        CHECK(pipe.all() == "one\ntwo\nthree\n");
    }

    TEST_CASE("takes lines after its end, and writes none of them") {
        Pipe pipe;
        {
            LogWriter writer(pipe.write.get());
            writer.write("one\n");
            writer.finish();
            writer.write("two\n");
        }
        CHECK(pipe.all() == "one\n");
    }

    TEST_CASE("cuts a line that a pipe would not take whole") {
        Pipe pipe;
        {
            LogWriter(pipe.write.get()).write(std::string(10'000, 'a') + "\n");
        }
        const std::string text = pipe.all();
        CHECK(text.size() == LogWriter::longest_line);
        CHECK(text.ends_with("a...\n"));
    }

    TEST_CASE("ends in time when nobody reads") {
        Pipe pipe;
        pipe.fill();
        const auto start = std::chrono::steady_clock::now();
        {
            LogWriter writer(pipe.write.get(), 4);
            for (int i = 0; i < 100; ++i)
                writer.write("line\n");
        }
        const auto taken = std::chrono::steady_clock::now() - start;
        CHECK(taken >= 150ms);
        CHECK(taken < 2s);
    }

    TEST_CASE("does not mind a closed reader or a closed descriptor") {
        std::signal(SIGPIPE, SIG_IGN);
        Pipe pipe;
        pipe.read = UniqueFd();
        {
            LogWriter(pipe.write.get()).write("to nobody\n");
        }
        const int closed = ::fcntl(pipe.write.get(), F_DUPFD_CLOEXEC, 500);
        ::close(closed);
        {
            LogWriter(closed).write("to nowhere\n");
        }
    }

    TEST_CASE("loses the oldest lines, and says how many where they are missing") {
        Pipe pipe;
        pipe.fill();
        std::string text;
        {
            LogWriter writer(pipe.write.get(), 2);
            for (int i = 0; i < 10; ++i)
                writer.write("line " + std::to_string(i) + "\n");
            std::string drained(std::size_t{1024} * 1024, ' ');
            [[maybe_unused]] const ssize_t octets =
                ::read(pipe.read.get(), drained.data(), drained.size());
        }
        text = pipe.all();
        // One may have been in the thread's hand.
        const bool seven = text.find("(7 lines of the log are missing here") != std::string::npos;
        const bool eight = text.find("(8 lines of the log are missing here") != std::string::npos;
        CHECK((seven || eight));
        CHECK(text.ends_with("line 8\nline 9\n"));
    }
}
