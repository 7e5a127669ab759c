#include "manual/regions.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <stdexcept>
#include <string>

using onlooker::manual::with_regions;

namespace {

std::optional<std::string> make(std::string_view name) {
    if (name == "kept")
        return std::nullopt;
    return std::string(name) + " made\n";
}

std::string error_of(std::string_view text) {
    try {
        (void)with_regions(text, "page", make);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "nothing";
}

}  // namespace

TEST_SUITE("regions of a file") {
    TEST_CASE("are made, and what is around them stays") {
        CHECK(with_regions("a\n.\\\" [x]\nold\n.\\\" [end]\nb\n", "page", make) ==
              "a\n.\\\" [x]\nx made\n.\\\" [end]\nb\n");
        CHECK(with_regions("  # [x]\n  # [end]\n", "script", make) ==
              "  # [x]\nx made\n  # [end]\n");
    }

    TEST_CASE("stay as they are where nothing is known of them") {
        const std::string text = "# [kept]\nold\n# [end]\n";
        CHECK(with_regions(text, "page", make) == text);
    }

    TEST_CASE("are comments of a name alone") {
        const std::string text = "# a list [x], in a comment\n[x]\n#[x]\n";
        CHECK(with_regions(text, "page", make) == text);
    }

    TEST_CASE("need an end of their own") {
        CHECK(error_of("a\n# [x]\nold\n") == "page:3: [x] has no [end]");
        CHECK(error_of("# [x]\n# [y]\n# [end]\n") == "page:2: [y] begins before [x] has its [end]");
        CHECK(error_of("# [end]\n") == "page:1: an [end] of nothing");
    }
}
