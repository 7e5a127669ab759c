#include "base/memory_room.hpp"

#include <unistd.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

using onlooker::memory_room;

namespace {

namespace fs = std::filesystem;

// A /proc and a /sys of our own, on a machine with 8 MiB to spare.
class Machine {
  public:
    Machine() {
        write("proc/meminfo", "MemTotal:  16384 kB\nMemFree: 1 kB\nMemAvailable:   8192 kB\n");
        write("proc/self/cgroup", "1:name=systemd:/other\n0::/system.slice/onlooker.service\n");
    }
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;
    ~Machine() { fs::remove_all(root); }

    void write(const std::string& file, const std::string& text) const {
        fs::create_directories((root / file).parent_path());
        std::ofstream(root / file) << text;
    }
    void limit(const std::string& group, const std::string& most, const std::string& used,
               const std::string& cached = "0") const {
        const std::string folder = "sys/fs/cgroup/" + group;
        write(folder + "/memory.max", most + "\n");
        write(folder + "/memory.current", used + "\n");
        write(folder + "/memory.stat", "anon 77\ninactive_file " + cached + "\nactive_file 5\n");
    }

    const fs::path root =
        fs::temp_directory_path() / ("onlooker-memory-room-" + std::to_string(::getpid()));
};

}  // namespace

TEST_SUITE("memory room") {
    TEST_CASE("without a limit it is what the machine has to spare") {
        const Machine machine;
        machine.limit("system.slice/onlooker.service", "max", "5000");
        const auto room = memory_room(machine.root);
        REQUIRE(room);
        CHECK(room->octets == 8192 * 1024);
        CHECK_FALSE(room->of_control_group);
    }

    TEST_CASE("the limit of the control group counts, less what is used and not just cached") {
        const Machine machine;
        machine.limit("system.slice/onlooker.service", "1000000", "400000", "100000");
        const auto room = memory_room(machine.root);
        REQUIRE(room);
        CHECK(room->octets == 700'000);
        CHECK(room->of_control_group);
    }

    TEST_CASE("so does that of a group above, if less is left there") {
        const Machine machine;
        machine.limit("system.slice/onlooker.service", "1000000", "400000");
        machine.limit("system.slice", "2000000", "1900000");
        CHECK(memory_room(machine.root)->octets == 100'000);
        // It was lowered below what is used.
        machine.limit("system.slice", "1000", "1900000");
        CHECK(memory_room(machine.root)->octets == 0);
    }

    TEST_CASE("a limit above what the machine has is none") {
        const Machine machine;
        machine.limit("system.slice/onlooker.service", "100000000", "1");
        CHECK_FALSE(memory_room(machine.root)->of_control_group);
    }

    TEST_CASE("a kernel that says nothing gets no answer made up") {
        const Machine machine;
        fs::remove_all(machine.root / "proc");
        CHECK_FALSE(memory_room(machine.root));
    }

    TEST_CASE("of this machine it can be told") {
        CHECK(memory_room().has_value());
    }
}
