#include "import/shell_words.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "app/options.hpp"

using onlooker::importing::command_of;
using onlooker::importing::split_words;
using Words = std::vector<std::string>;

TEST_SUITE("words of a command line") {
    TEST_CASE("are cut at blanks, and quotes hold them together") {
        CHECK(split_words(" a  bc\td\n") == Words{"a", "bc", "d"});
        CHECK(split_words(R"(-i "input_uvc.so -d /dev/video0" -o 'a "b" c')") ==
              Words{"-i", "input_uvc.so -d /dev/video0", "-o", R"(a "b" c)"});
        CHECK(split_words(R"(--user=a" b"'c d')") == Words{"--user=a bc d"});
        CHECK(split_words(R"("")") == Words{""});
        CHECK(split_words("").empty());
    }

    TEST_CASE("a backslash makes the next octet plain") {
        CHECK(split_words(R"(--allow-origin=\* a\ b)") == Words{"--allow-origin=*", "a b"});
        CHECK(split_words(R"("a\"b\\c\d")") == Words{R"(a"b\c\d)"});
    }

    TEST_CASE("a backslash at the end joins a line, with blanks or a comment behind it, too") {
        CHECK(split_words("a \\\n  b\\\nc") == Words{"a", "b", "c"});
        CHECK(split_words("a \\ # why\n b \\  \n c") == Words{"a", "b", "c"});
        CHECK(split_words("a \\") == Words{"a"});
    }

    TEST_CASE("comments are left out as systemd and a shell do") {
        CHECK(split_words("a \\\n ; two buffers\n b # c d\n e#f") == Words{"a", "b", "e#f"});
        CHECK(split_words("a ;b") == Words{"a", ";b"});
    }

    TEST_CASE("a quote without its second one is named by its word, and not shown") {
        CHECK_THROWS_WITH_AS(split_words("a \"b hush"), "word 2 has a \" without a second one",
                             onlooker::app::ConfigError);
        CHECK_THROWS_AS(split_words("'"), onlooker::app::ConfigError);
    }

    TEST_CASE("there are limits") {
        CHECK_THROWS_AS(split_words(std::string(5000, 'a')), onlooker::app::ConfigError);
        std::string many;
        for (int i = 0; i < 1001; ++i)
            many += "a ";
        CHECK_THROWS_AS(split_words(many), onlooker::app::ConfigError);
    }
}

TEST_SUITE("command of a unit") {
    TEST_CASE("is what its ExecStart= says, with all its lines") {
        CHECK(command_of("[Unit]\nAfter=a\n[Service]\nExecStart=-/usr/bin/x -a \\\n"
                         "  ; why\n  -b\nRestart=always\n") == "/usr/bin/x -a \\\n  ; why\n  -b");
        CHECK(command_of("ExecStart=x") == "x");
    }

    TEST_CASE("what is no unit stays as it is") {
        CHECK(command_of("x -a\n-b\n") == "x -a\n-b\n");
        CHECK(command_of("").empty());
    }
}
