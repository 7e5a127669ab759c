#include "base/generator.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using onlooker::Generator;

namespace {

Generator<int> count_to(int last) {
    for (int i = 1; i <= last; ++i)
        co_yield i;
}

Generator<int> break_after_one() {
    co_yield 1;
    throw std::runtime_error("broken");
}

struct Device {
    bool& open;
    explicit Device(bool& flag) : open(flag) { open = true; }
    ~Device() { open = false; }
};

Generator<std::string> read(bool& open) {
    Device device(open);
    while (true)
        co_yield std::string("picture");
}

}  // namespace

TEST_SUITE("generator") {
    TEST_CASE("gives each value once and then ends for good") {
        auto numbers = count_to(2);
        CHECK(*numbers.next() == 1);
        CHECK(*numbers.next() == 2);
        CHECK(numbers.next() == nullptr);
        CHECK(numbers.next() == nullptr);
    }

    TEST_CASE("an exception of the body comes out of next, and the generator has ended") {
        auto numbers = break_after_one();
        CHECK(*numbers.next() == 1);
        CHECK_THROWS_WITH(numbers.next(), "broken");
        CHECK(numbers.next() == nullptr);
    }

    TEST_CASE("destroying a suspended generator closes what its body holds") {
        bool open = false;
        {
            auto pictures = read(open);
            CHECK_FALSE(open);
            CHECK(*pictures.next() == "picture");
            CHECK(open);
        }
        CHECK_FALSE(open);
    }

    TEST_CASE("an empty generator has nothing to give") {
        Generator<int> nothing;
        CHECK_FALSE(nothing);
        CHECK(nothing.next() == nullptr);
    }
}
