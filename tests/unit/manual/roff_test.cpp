#include "manual/roff.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace onlooker::manual;

TEST_SUITE("text for a page") {
    TEST_CASE("means nothing to roff") {
        CHECK(roff_escaped(R"(a-b \, ~/x ^ 'q')") == R"(a\-b \e, \(ti/x \(ha \(aqq\(aq)");
    }

    TEST_CASE("has its options in bold, and what stands between backticks") {
        CHECK(roff_paragraph("Needs --users or (--public).") ==
              "Needs \\fB\\-\\-users\\fR or (\\fB\\-\\-public\\fR).\n");
        CHECK(roff_paragraph("A line `name = value`, and a -- dash.") ==
              "A line \\fBname = value\\fR, and a \\-\\- dash.\n");
    }

    TEST_CASE("is broken into lines, none of which is a request") {
        CHECK(roff_paragraph("one\ntwo") == "one two\n");
        CHECK(roff_paragraph(".hidden") == "\\&.hidden\n");
        const std::string lines = roff_paragraph(std::string(99, 'x') + " .so a");
        CHECK(lines == std::string(99, 'x') + "\n\\&.so a\n");
    }

    TEST_CASE("shows what is to be filled in in italics") {
        CHECK(roff_placeholder("[NAME=]DRIVER") == "[\\fINAME\\fR=]\\fIDRIVER\\fR");
        CHECK(roff_placeholder("420|422") == "420|422");
    }

    TEST_CASE("lists a term with its explanation") {
        CHECK(roff_entry(roff_bold("--port"), "TCP port.") ==
              ".TP\n\\fB\\-\\-port\\fR\nTCP port.\n");
    }
}
