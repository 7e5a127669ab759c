#include "http/wire/pieces.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

using namespace onlooker::http;

namespace {

std::string text_of(ConstBytes octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

std::vector<std::string> texts_of(std::span<const ConstBytes> pieces) {
    std::vector<std::string> texts;
    for (const ConstBytes piece : pieces)
        texts.push_back(text_of(piece));
    return texts;
}

}  // namespace

TEST_SUITE("pieces") {
    TEST_CASE("what has been sent is gone from the front, across pieces and empty ones") {
        const std::array pieces{bytes_of(""), bytes_of("abc"), bytes_of(""), bytes_of("de"),
                                bytes_of("")};
        Remaining rest(pieces);
        CHECK(texts_of(rest.next()) == std::vector<std::string>{"abc", "", "de", ""});
        rest.drop(1);
        CHECK(texts_of(rest.next()) == std::vector<std::string>{"bc", "", "de", ""});
        rest.drop(2);
        CHECK(texts_of(rest.next()) == std::vector<std::string>{"de", ""});
        CHECK(!rest.empty());
        rest.drop(2);
        CHECK(rest.empty());
        CHECK(rest.next().empty());
    }

    TEST_CASE("nothing but empty pieces is nothing") {
        const std::array pieces{bytes_of(""), bytes_of("")};
        CHECK(Remaining(pieces).empty());
        CHECK(Remaining({}).empty());
    }

    TEST_CASE("of many pieces eight come at a time") {
        const std::vector<ConstBytes> pieces(20, bytes_of("ab"));
        Remaining rest(pieces);
        rest.drop(1);
        CHECK(rest.next().size() == 8);
        CHECK(text_of(rest.next().front()) == "b");
    }

    TEST_CASE("small pieces are gathered, a long or a last one is used where it lies") {
        const std::string long_text(20, 'x');
        const std::array pieces{bytes_of("abc"), bytes_of("def"), bytes_of(long_text),
                                bytes_of("end")};
        std::array<std::byte, 8> scratch{};
        Remaining rest(pieces);
        rest.drop(1);
        CHECK(text_of(rest.gathered(scratch)) == "bcdefxxx");
        rest.drop(5);
        CHECK(rest.gathered(scratch).data() == bytes_of(long_text).data());
        CHECK(rest.gathered(scratch).size() == 20);
        rest.drop(20);
        CHECK(text_of(rest.gathered(scratch)) == "end");
    }
}
