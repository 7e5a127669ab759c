// Parts whose type is wrong, and parts that are no JPEG.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "unit/relay/streams.hpp"

using namespace onlooker::test;
using namespace std::string_literals;
using onlooker::drivers::MultipartReader;
using onlooker::drivers::StreamError;

namespace {

std::string part_of(std::string_view type, const std::string& body, bool counted) {
    return "--frame\r\nContent-Type: " + std::string(type) + "\r\n" +
           (counted ? length(body) : "") + "\r\n" + body + "\r\n";
}

const std::string png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on"s;
const std::string h264 = "\0\0\0\x01\x67\x42\0\x1e and so on, for a while"s;

}  // namespace

TEST_SUITE("types of parts") {
    TEST_CASE("a JPEG is one whatever its part calls it, however the octets arrive") {
        for (const char* type : {"image/png", "text/plain", "\"image/jpeg\"", "image/x-jpeg",
                                 "jpeg", "video/jpeg", "binary/octet-stream", "image/jpg"}) {
            for (const bool counted : {true, false}) {
                CAPTURE(type);
                CAPTURE(counted);
                const std::string stream =
                    part_of(type, first, counted) + part_of(type, second, counted) + "--frame\r\n";
                const Read whole = read_whole(multipart, stream);
                CHECK(whole.pictures == std::vector{first, second});
                CHECK(whole.lost == 0);
                std::vector<std::string_view> octets_one_by_one;
                for (std::size_t i = 0; i < stream.size(); ++i)
                    octets_one_by_one.push_back(std::string_view(stream).substr(i, 1));
                CHECK(read_pieces(multipart, octets_one_by_one) == whole);
            }
        }
    }

    TEST_CASE("texts between the pictures are passed over") {
        for (const bool counted : {true, false}) {
            const std::string stream = part_of("text/xml", "<event/>", counted) +
                                       part_of("image/jpeg", first, counted) +
                                       part_of("text/xml", "<event>door</event>", counted) +
                                       part_of("image/jpeg", second, counted) + "--frame\r\n";
            MultipartReader reader(multipart);
            reader.feed(octets(stream));
            Read read;
            take_all(reader, read);
            CHECK(read.pictures == std::vector{first, second});
            CHECK(read.lost == 0);
            CHECK(reader.refused().empty());
        }
    }

    TEST_CASE("what came instead of a JPEG is named, by its octets and by its type") {
        for (const bool counted : {true, false}) {
            for (const auto& [type, body, words] :
                 {std::tuple{"video/x-h264"s, h264, "H.264 (\"video/x-h264\")"s},
                  std::tuple{"image/png"s, png, "PNG (\"image/png\")"s},
                  std::tuple{"image/jpeg"s, png, "PNG (\"image/jpeg\")"s},
                  std::tuple{"text/html"s, "<p>Please log in first</p>"s, "\"text/html\""s}}) {
                CAPTURE(words);
                MultipartReader reader(multipart);
                reader.feed(octets(part_of(type, body, counted) + "--frame\r\n"));
                CHECK(reader.refused() == "sends " + words + ", and only JPEG can be shown");
                CHECK_FALSE(reader.take());
            }
        }
    }

    TEST_CASE("a picture that is cut short is said to be") {
        const std::string cut = first.substr(0, first.size() - 2);
        MultipartReader reader(multipart);
        reader.feed(octets(part_of("image/jpeg", cut, false) + "--frame\r\n"));
        CHECK(reader.refused() == "sends pictures that are cut short or broken");
        reader.feed(octets("Content-Type: image/jpeg\r\n\r\n" + first));
        CHECK(reader.refused().empty());
    }

    TEST_CASE("a response that is one picture of another kind is named, too") {
        MultipartReader reader("image/png");
        CHECK_THROWS_WITH_AS(reader.feed(octets(png)),
                             "answers with PNG (\"image/png\"), and only JPEG can be shown",
                             StreamError);
        MultipartReader mislabelled("image/jpeg");
        mislabelled.feed(octets(png));
        CHECK(mislabelled.answer_in_words(" and no more") ==
              "answers with PNG (\"image/jpeg\"), and only JPEG can be shown");
    }
}
