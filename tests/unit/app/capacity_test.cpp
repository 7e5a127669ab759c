#include "app/capacity.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using onlooker::MemoryRoom;
using onlooker::app::Capacity;
using onlooker::app::capacity_text;

namespace {

constexpr std::uint64_t mebi = std::uint64_t{1024} * 1024;

Capacity with_memory(std::uint64_t mebibytes, bool of_control_group = false) {
    return {.connections = 960,
            .descriptors = {.limit = 1024, .limit_at_start = 1024, .connections = 960},
            .memory = MemoryRoom{.octets = mebibytes * mebi, .of_control_group = of_control_group}};
}

}  // namespace

TEST_SUITE("capacity") {
    TEST_CASE("of enough memory the descriptors are what decides") {
        CHECK(capacity_text(with_memory(512)) ==
              "up to 960 connections: 1024 descriptors, 64 of them kept for cameras and files; "
              "512 MiB of memory free on this machine, 64 KiB for a viewer: up to 960 viewers");
    }

    TEST_CASE("of little memory, which a control group may set, that is what decides") {
        CHECK(capacity_text(with_memory(32, true)) ==
              "up to 960 connections: 1024 descriptors, 64 of them kept for cameras and files; "
              "32 MiB of memory free below the limit of the control group, 64 KiB for a viewer: "
              "up to 512 viewers");
        CHECK(with_memory(0).viewers() == 0);
    }

    TEST_CASE("what was raised and what the user chose is said") {
        Capacity capacity = with_memory(512);
        capacity.descriptors.limit_at_start = 256;
        capacity.connections = 100;
        capacity.max_viewers = 20;
        CHECK(capacity_text(capacity) ==
              "up to 100 connections: 1024 descriptors (raised from 256), 64 of them kept for "
              "cameras and files, and --max-connections 100; 512 MiB of memory free on this "
              "machine, 64 KiB for a viewer: up to 20 viewers (--max-viewers)");
        capacity.max_viewers = 200;
        CHECK(capacity.viewers() == 100);
    }

    TEST_CASE("where the kernel says nothing of memory, nothing is said of it") {
        Capacity capacity = with_memory(0);
        capacity.memory.reset();
        CHECK(capacity_text(capacity) ==
              "up to 960 connections: 1024 descriptors, 64 of them kept for cameras and files: "
              "up to 960 viewers");
    }
}
