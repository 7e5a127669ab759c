#include "app/config_file.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "app/options.hpp"

using onlooker::app::ConfigError;
using onlooker::app::ConfigLine;
using onlooker::app::parse_config;
using onlooker::app::read_config_file;

namespace {

using Values = std::vector<std::string>;

Values value_of(const std::string& text) {
    const auto lines = parse_config("k = " + text, "f");
    REQUIRE(lines.size() == 1);
    return lines.front().values;
}

std::string refusal(const std::string& text) {
    try {
        parse_config(text, "f");
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_SUITE("config file") {
    TEST_CASE("is lines of name and value, counted from 1") {
        const auto lines =
            parse_config("\xef\xbb\xbf# head\n\nport = 1\r\n  public=true\n; x\n", "f");
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].key == "port");
        CHECK(lines[0].values == Values{"1"});
        CHECK(lines[0].line == 3);
        CHECK(lines[1].key == "public");
        CHECK(lines[1].values == Values{"true"});
        CHECK(lines[1].line == 4);
    }

    TEST_CASE("takes a value as it stands up to a comment") {
        CHECK(value_of("a=v4l2:/dev/video0,size=1x2") == Values{"a=v4l2:/dev/video0,size=1x2"});
        CHECK(value_of("http://h/#x  # note") == Values{"http://h/#x"});
        CHECK(value_of("# nothing") == Values{""});
        CHECK(value_of("") == Values{""});
        CHECK(value_of("a b\t") == Values{"a b"});
    }

    TEST_CASE("takes a quoted value whole") {
        CHECK(value_of(R"("a # b"  # note)") == Values{"a # b"});
        CHECK(value_of(R"("a \"b\" \\ \, c")") == Values{R"(a "b" \ \, c)"});
        CHECK(value_of(R"('a \" b')") == Values{R"(a \" b)"});
    }

    TEST_CASE("takes lists over several lines") {
        CHECK(value_of("[a, \"b, c\",\n # note\n d # note\n]") == Values{"a", "b, c", "d"});
        CHECK(value_of("[]").empty());
        CHECK(value_of("[a,]") == Values{"a"});
        const auto lines = parse_config("k = [a,\nb]\nl = c", "f");
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].is_list);
        CHECK(lines[1].line == 3);
    }

    TEST_CASE("is refused with file and line") {
        CHECK(refusal("a = 1\nport\n") == "f:2: expected port = value");
        CHECK(refusal("= 1") == "f:1: there is no name before the '='");
        CHECK(refusal("\n[network]\n").starts_with("f:2: sections in [brackets] are not used"));
        CHECK(refusal("a = \"b\n").starts_with("f:1: a value began with \""));
        CHECK(refusal("a = \"b\" c\n").starts_with("f:1: there is more in the line"));
        CHECK(refusal("a = [b\nc]").starts_with("f:2: expected ',' or ']'"));
        CHECK(refusal("a = [b,\n").starts_with("f:2: a list began with '['"));
        CHECK(refusal(std::string("a\0b", 3)) == "f is no text file: it holds a NUL octet");
    }

    TEST_CASE("that cannot be read says why") {
        CHECK_THROWS_WITH_AS(read_config_file("/nonesuch/file"),
                             "cannot read /nonesuch/file: No such file or directory", ConfigError);
        CHECK_THROWS_WITH_AS(read_config_file("/"), "cannot read /: it is a folder", ConfigError);
    }
}
