// Lengths that are wrong, octets behind a picture, and torn pictures: that the JPEG is whole is
// what counts.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "unit/relay/relayed.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace onlooker::test;
using onlooker::trimmed;
using onlooker::drivers::MultipartReader;

namespace {

constexpr auto left_open = 5s;

std::string ok(std::string_view fields, std::string_view version = "1.1") {
    return fmt::format("HTTP/{} 200 OK\r\nContent-Type: image/jpeg\r\n{}\r\n", version, fields);
}

std::string counted(std::size_t length) {
    return fmt::format("Content-Length: {}\r\n", length);
}

std::string chunk(std::string_view data) {
    return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
}

// `answer` makes what is sent of a picture; the pictures are numbered from 1 on.
template <typename Answer>
UpstreamDouble carrying(Answer answer, bool closes) {
    return UpstreamDouble([answer, closes, number = 0](Visit& visit) mutable {
        while (!visit.read_request().empty()) {
            visit.send(answer(jpeg(std::to_string(++number))));
            if (closes)
                return;
        }
    });
}

// Each of the pictures comes, and nothing else.
template <typename Answer>
void check_carrier(Answer answer) {
    for (const bool closes : {true, false}) {
        CAPTURE(closes);
        const auto upstream = carrying(answer, closes);
        const Watched watched = watch(upstream.url(), 4, {{"fps", "50"}, {"timeout", "0.6"}});
        CAPTURE(watched.error);
        CHECK(watched.pictures == std::vector{jpeg("1"), jpeg("2"), jpeg("3"), jpeg("4")});
        CHECK(watched.error.empty());
        CHECK(watched.warnings.empty());
    }
}

// No picture is passed on, and it is said why.
template <typename Answer>
void check_torn(Answer answer) {
    for (const bool closes : {true, false}) {
        CAPTURE(closes);
        const auto upstream = carrying(answer, closes);
        const Watched watched = watch(upstream.url(), 1, {{"fps", "50"}, {"timeout", "0.2"}});
        CHECK(watched.pictures.empty());
        CHECK_FALSE(watched.error.empty());
    }
}

std::string cut(const std::string& picture) {
    return picture.substr(0, picture.size() - 2);
}

std::string multipart_part(const std::string& picture, std::size_t length) {
    return jpeg_type + counted(length) + "\r\n" + picture + "\r\n--frame\r\n";
}

}  // namespace

TEST_SUITE("lengths and ends of pictures") {
    TEST_CASE("a chunked answer without its last chunk, or in the midst of one, costs no picture") {
        check_carrier([](const std::string& picture) {
            return ok("Transfer-Encoding: chunked\r\n") + chunk(picture);
        });
        check_carrier([](const std::string& picture) {
            return ok("Transfer-Encoding: chunked\r\n") +
                   fmt::format("{:x}\r\n{}", picture.size() + 48, picture);
        });
    }

    TEST_CASE("octets behind the end mark are none of the picture's") {
        const std::string zeros(300, '\0');
        for (const std::string& behind : {zeros, "\r\n"s, "\n"s, "--"s}) {
            check_carrier([&](const std::string& picture) {
                return ok(counted(picture.size() + behind.size())) + picture + behind;
            });
            check_carrier([&](const std::string& picture) {
                return ok("Transfer-Encoding: chunked\r\n") + chunk(picture + behind) + "0\r\n\r\n";
            });
            check_carrier(
                [&](const std::string& picture) { return ok("", "1.0") + picture + behind; });
        }
    }

    TEST_CASE("a Content-Length that is no number, or stands twice, costs no picture") {
        for (const std::string& lengths : {"Content-Length: -1\r\n"s, "Content-Length: many\r\n"s,
                                           counted(500) + counted(600)}) {
            CAPTURE(lengths);
            for (const bool closes : {true, false}) {
                const auto upstream = carrying(
                    [&](const std::string& picture) { return ok(lengths) + picture; }, closes);
                const Watched watched =
                    watch(upstream.url(), 3, {{"fps", "50"}, {"timeout", "0.6"}});
                CAPTURE(watched.error);
                // Not every libcurl refuses them.
                CHECK((watched.pictures == std::vector{jpeg("1"), jpeg("2"), jpeg("3")} ||
                       watched.pictures == std::vector{jpeg("2"), jpeg("3"), jpeg("4")}));
                CHECK(watched.warnings.empty());
            }
        }
    }

    TEST_CASE("a torn picture is never passed on, whatever carries it") {
        check_torn(
            [](const std::string& picture) { return ok(counted(picture.size())) + cut(picture); });
        check_torn([](const std::string& picture) {
            return ok(counted(cut(picture).size())) + cut(picture);
        });
        check_torn([](const std::string& picture) {
            return ok("Transfer-Encoding: chunked\r\n") + chunk(cut(picture));
        });
        check_torn([](const std::string& picture) {
            return ok("Transfer-Encoding: chunked\r\n") + chunk(cut(picture)) + "0\r\n\r\n";
        });
        check_torn([](const std::string& picture) { return ok("", "1.0") + cut(picture); });
        check_torn([](const std::string& picture) {
            return stream_head + jpeg_type + counted(picture.size()) + "\r\n" + cut(picture);
        });
        check_torn([](const std::string& picture) {
            return stream_head + jpeg_type + "\r\n" + cut(picture) + "\r\n--frame\r\n";
        });
    }

    TEST_CASE("a torn picture is not passed on because a thumbnail in it is whole") {
        const std::string torn = cut(jpeg("scan", jpeg("thumb")));
        for (const std::string& answer :
             {ok(counted(torn.size() + 2)) + torn, ok("", "1.0") + torn,
              stream_head + jpeg_type + counted(torn.size() + 2) + "\r\n" + torn}) {
            const std::string head_and_thumb = answer.substr(0, answer.find("thumb") + 7);
            for (const std::string& sent : {answer, head_and_thumb})
                check_torn([&](const std::string&) { return sent; });
        }
    }

    TEST_CASE("lengths of parts that are wrong cost one picture at most, and are told once") {
        for (const int wrong : {48, 1, -1, -5}) {
            CAPTURE(wrong);
            const UpstreamDouble upstream([wrong](Visit& visit) {
                if (visit.read_request().empty())
                    return;
                visit.send(stream_head);
                for (int i = 1; i <= 8; ++i) {
                    const std::string picture = jpeg(std::to_string(i));
                    visit.send(multipart_part(
                        picture,
                        static_cast<std::size_t>(static_cast<int>(picture.size()) + wrong)));
                }
                visit.wait(left_open);
            });
            const Watched watched = watch(upstream.url(), 7);
            REQUIRE(watched.pictures.size() == 7);
            int number = 0;
            for (const std::string& picture : watched.pictures) {
                // An octet too many is the end of the line.
                while (number < 8 && !picture.starts_with(jpeg(std::to_string(++number)))) {
                }
                CHECK(trimmed(picture, "\r\n") == jpeg(std::to_string(number)));
            }
            CHECK(number <= (wrong > 2 ? 8 : 7));
            CHECK(watched.warnings.size() <= 1);
        }
    }
}

TEST_SUITE("multipart reader, when nothing more comes") {
    TEST_CASE("a counted picture that is whole is given, and its length is not believed again") {
        for (const bool at_end : {true, false}) {
            MultipartReader reader(multipart);
            reader.feed(
                octets("--frame\r\n" + jpeg_type + counted(first.size() + 48) + "\r\n" + first));
            Read read;
            take_all(reader, read);
            CHECK(read.pictures.empty());
            at_end ? reader.end() : reader.settle();
            take_all(reader, read);
            CHECK(read.pictures == std::vector{first});
            CHECK(reader.lengths_are_wrong());
        }
    }

    TEST_CASE("what comes behind it is read on, with the end of the line that was owed") {
        MultipartReader reader(multipart);
        Read read;
        for (const std::string& picture : {first, second, third}) {
            reader.feed(octets("--frame\r\n" + jpeg_type + counted(picture.size() + 48) + "\r\n" +
                               picture));
            reader.settle();
            reader.settle();
            reader.feed(octets("\r\n"));
        }
        take_all(reader, read);
        CHECK(read.pictures == std::vector{first, second, third});
        CHECK(read.lost == 0);
    }

    TEST_CASE("a picture in its midst is waited for, and dropped at the end") {
        const std::string head = "--frame\r\n" + jpeg_type + length(first) + "\r\n";
        for (std::size_t size = 0; size < first.size(); ++size) {
            CAPTURE(size);
            MultipartReader reader(multipart);
            Read read;
            reader.feed(octets(head));
            reader.feed(octets(std::string_view(first).substr(0, size)));
            reader.settle();
            take_all(reader, read);
            CHECK(read.pictures.empty());
            CHECK_FALSE(reader.lengths_are_wrong());
            MultipartReader ended(multipart);
            ended.feed(octets(head + first.substr(0, size)));
            ended.end();
            take_all(ended, read);
            CHECK(read.pictures.empty());
            reader.feed(octets(std::string_view(first).substr(size)));
            take_all(reader, read);
            CHECK(read.pictures == std::vector{first});
        }
    }
}
