#include "relay/input_window.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <string_view>

using onlooker::drivers::InputWindow;

namespace {

std::span<const std::byte> octets(std::string_view text) {
    return std::as_bytes(std::span(text));
}

}  // namespace

TEST_SUITE("input window") {
    TEST_CASE("what was not used comes before what is added next") {
        InputWindow window;
        window.add(octets("abc"));
        window.use(1);
        window.keep();
        CHECK(window.empty());
        window.add(octets("def"));
        CHECK(window.text() == "bcdef");
        window.use(3);
        window.keep();
        window.add({});
        CHECK(window.text() == "ef");
    }

    TEST_CASE("what is used up leaves nothing behind") {
        InputWindow window;
        window.add(octets("abc"));
        window.use(3);
        window.keep();
        const std::string_view next = "next";
        window.add(octets(next));
        CHECK(window.octets().data() == octets(next).data());  // not copied
    }

    TEST_CASE("what is kept does not depend on the octets that were lent") {
        InputWindow window;
        std::string lent = "abc";
        window.add(octets(lent));
        window.use(1);
        window.keep();
        lent = "xyz";
        window.add({});
        CHECK(window.text() == "bc");
    }

    TEST_CASE("a step back gives the last octet again") {
        InputWindow window;
        window.add(octets("abc"));
        window.use(2);
        window.step_back(std::byte{'b'});
        CHECK(window.text() == "bc");
        window.use(1);
        window.keep();
        window.add(octets("d"));
        CHECK(window.text() == "cd");
    }

    TEST_CASE("a step back reaches over the border between two pieces") {
        InputWindow window;
        window.add(octets("ab"));
        window.use(2);
        window.keep();
        window.add(octets("c"));
        window.step_back(std::byte{'b'});
        CHECK(window.text() == "bc");
        window.use(2);
        window.keep();
        window.add(octets("d"));
        CHECK(window.text() == "d");
    }
}
