#include "http/message/message_lines.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace onlooker::http;

TEST_SUITE("message lines") {
    TEST_CASE("a field is a token, a colon and a value without the white space around it") {
        CHECK(read_field_line("Host: a") == FieldLine{"Host", "a"});
        CHECK(read_field_line("X-1:\t a\tb, \"c\" \t") == FieldLine{"X-1", "a\tb, \"c\""});
        CHECK(read_field_line("Empty:") == FieldLine{"Empty", ""});
        CHECK(read_field_line("Empty: \t ") == FieldLine{"Empty", ""});
        CHECK(read_field_line("a::b:") == FieldLine{"a", ":b:"});
        CHECK(read_field_line("a:\xe9") == FieldLine{"a", "\xe9"});
    }

    TEST_CASE("nothing else is a field") {
        for (const char* line : {"", ":", ": a", "a", "a b", "a : b", "a\t: b", " a: b", "a(b): c",
                                 "a\xe9: b", "\"a\": b"})
            CHECK_FALSE(read_field_line(line).has_value());
    }

    TEST_CASE("the size of a chunk is hexadecimal, without sign or prefix") {
        CHECK(read_chunk_size("0") == 0);
        CHECK(read_chunk_size("00aF") == 0xaf);
        CHECK(read_chunk_size("ffffffffffffffff") == 0xffffffffffffffff);
        CHECK(read_chunk_size(std::string(200, '0') + "1") == 1);
        for (const char* line : {"", " 1", "1 ", "+1", "-1", "0x1", "g", "10000000000000000", "1,"})
            CHECK_FALSE(read_chunk_size(line).has_value());
    }

    TEST_CASE("extensions of a chunk are ignored, but must be well formed") {
        for (const char* line : {"1;a", "1;a=b", "1;a=\"\"", "1;a;b", "1;a;b=\"c; d\";e"})
            CHECK(read_chunk_size(line) == 1);
        for (const char* line :
             {"1;", "1;;a", "1;a=b;c", "1;a=\"b\";c=d;e", "1; a", "1 ;a", "1;a=", "1;=b", "1;a =b",
              "1;a=b c", "1;a=\"b", "1;a=\"b\"c", "1;a=\"\\\"\"", "1;a;"})
            CHECK_FALSE(read_chunk_size(line).has_value());
    }
}
