#include "relay/multipart_reader.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "unit/relay/streams.hpp"

using namespace onlooker::test;
using onlooker::drivers::MultipartReader;
using onlooker::drivers::StreamError;

TEST_SUITE("multipart reader") {
    TEST_CASE("a padded part is one picture with zeros behind it") {
        const std::string padded = first + std::string(100, '\0');
        const Read read = read_whole(multipart, "--frame\r\n" + jpeg_type + length(padded) +
                                                    "\r\n" + padded + "\r\n--frame\r\n");
        CHECK(read.pictures == std::vector{padded});
    }

    TEST_CASE("a length that is too long costs one picture, and is not believed again") {
        std::string stream;
        for (int i = 0; i < 4; ++i)
            stream += "--frame\r\n" + jpeg_type +
                      "Content-Length: " + std::to_string(first.size() + 40) + "\r\n\r\n" + first +
                      "\r\n";
        MultipartReader reader(multipart);
        reader.feed(octets(stream));
        Read read;
        take_all(reader, read);
        REQUIRE(read.pictures.size() == 3);
        CHECK(read.pictures[0].starts_with(first));
        CHECK(read.pictures[1] == first);
        CHECK(reader.lengths_are_wrong());
    }

    TEST_CASE("a length that is too short costs one picture, and is not believed again") {
        std::string stream;
        for (int i = 0; i < 3; ++i)
            stream += "--frame\r\n" + jpeg_type + "Content-Length: 20\r\n\r\n" + first + "\r\n";
        const Read read = read_whole(multipart, stream);
        REQUIRE(read.pictures.size() == 3);
        CHECK(read.pictures[1] == first);
        CHECK(read.pictures[2] == first);
    }

    TEST_CASE("a torn picture is dropped and counted, wherever the stream is split") {
        const std::string torn = second.substr(0, second.size() - 4);
        const std::string stream = "--frame\r\n" + jpeg_type + "\r\n" + torn + "\r\n--frame\r\n" +
                                   jpeg_type + "\r\n" + third + "\r\n--frame\r\n";
        for (std::size_t at = 1; at < stream.size(); ++at) {
            const std::string_view view = stream;
            const Read read = read_pieces(multipart, {view.substr(0, at), view.substr(at)});
            REQUIRE(read.pictures == std::vector{third});
            REQUIRE(read.lost == 1);
        }
    }

    TEST_CASE("a picture without an end mark is passed on where that is wanted") {
        const std::string endless = second.substr(0, second.size() - 2);
        const auto pictures_in = [](std::string_view type, std::string_view stream) {
            MultipartReader reader(type, {}, MultipartReader::Torn::passed_on);
            reader.feed(octets(stream));
            reader.end();
            Read read;
            take_all(reader, read);
            CHECK(read.lost == 0);
            return read.pictures;
        };
        const std::string part = "--frame\r\n" + jpeg_type + "\r\n" + endless + "\r\n";
        CHECK(pictures_in(multipart, part + part + "--frame\r\n") ==
              std::vector{endless + '\r', endless + '\r'});
        CHECK(pictures_in(multipart, part + "--frame\r\n" + jpeg_type + "\r\n" + third + "\r\n") ==
              std::vector{endless + '\r', third});
        CHECK(pictures_in("image/jpeg", endless) == std::vector{endless});
        CHECK(pictures_in("image/jpeg", endless + endless) == std::vector{endless, endless});
        CHECK(pictures_in("image/jpeg", first) == std::vector{first});
    }

    TEST_CASE("what decoders pass over does not end a picture") {
        const std::string head = "\xff\xd8";
        for (const std::string& odd : {"\0\0"s, "octets"s, "\xff\0"s, "\xff\x01"s, "\xff\xd3"s,
                                       "\xff\xfe\0\0"s, "\xff\xe5\0\1"s}) {
            const std::string picture = head + odd + first.substr(2);
            const std::string stream =
                "--frame\r\n" + jpeg_type + "\r\n" + picture + "\r\n--frame\r\n";
            const Read read = read_whole(multipart, stream);
            CHECK(read.pictures == std::vector{picture});
            CHECK(read.lost == 0);
        }
    }

    TEST_CASE("a picture that is cut off between two segments costs itself alone") {
        const std::string torn = "\xff\xd8\xff\xfe\0\2"s;
        const Read read =
            read_whole(multipart, "--frame\r\n" + jpeg_type + "\r\n" + torn + "\r\n--frame\r\n" +
                                      jpeg_type + "\r\n" + third + "\r\n--frame\r\n");
        CHECK(read.pictures == std::vector{third});
        CHECK(read.lost == 1);
    }

    TEST_CASE("of pictures that follow each other, a torn one costs itself alone") {
        const std::string stream = first + second.substr(0, second.size() - 2) + third;
        for (std::size_t at = 1; at < stream.size(); ++at) {
            const std::string_view view = stream;
            const Read read = read_pieces("image/jpeg", {view.substr(0, at), view.substr(at)});
            REQUIRE(read.pictures == std::vector{first, third});
            REQUIRE(read.lost == 1);
        }
    }

    TEST_CASE("a counted part that is no picture is dropped and counted") {
        const Read read =
            read_whole(multipart, "--frame\r\n" + jpeg_type + "Content-Length: 5\r\n\r\nhello\r\n" +
                                      "--frame\r\n" + jpeg_type + "\r\n" + first);
        CHECK(read.pictures == std::vector{first});
        CHECK(read.lost == 1);
    }

    TEST_CASE("an endless head is refused") {
        MultipartReader reader(multipart);
        CHECK_THROWS_WITH_AS(reader.feed(octets("--frame\r\nX: " + std::string(5000, 'x'))),
                             "sends more than 4096 octets of fields above a picture", StreamError);
        MultipartReader lines(multipart);
        std::string many = "--frame\r\n";
        for (int i = 0; i < 1000; ++i)
            many += "X: y\r\n";
        CHECK_THROWS_AS(lines.feed(octets(many)), StreamError);
    }

    TEST_CASE("an announced giant is refused before its first octet") {
        MultipartReader reader(multipart);
        CHECK_THROWS_WITH_AS(reader.feed(octets("--frame\r\nContent-Length: 33554433\r\n\r\n")),
                             "announces a picture of 33554433 octets; the limit is 33554432",
                             StreamError);
    }

    TEST_CASE("a picture without end is refused at the limit") {
        MultipartReader reader(multipart, {.part_head = 4096, .frame = 10000, .preamble = 65536});
        std::string scan = jpeg("");
        scan.resize(scan.size() - 2);
        reader.feed(octets("--frame\r\n\r\n" + scan));
        CHECK_THROWS_AS(reader.feed(octets(std::string(10000, 'x'))), StreamError);
    }

    TEST_CASE("what never becomes a picture is refused at the limit") {
        MultipartReader announced(multipart);
        CHECK_THROWS_AS(announced.feed(octets(std::string(70000, 'x'))), StreamError);
        MultipartReader lines(multipart);
        std::string text;
        while (text.size() < 70000)
            text += "nothing\r\n";
        CHECK_THROWS_AS(lines.feed(octets(text)), StreamError);
        MultipartReader zeros("image/jpeg");
        CHECK_THROWS_AS(zeros.feed(octets(std::string(70000, '\0'))), StreamError);
    }

    TEST_CASE("a web page is refused at its first line") {
        MultipartReader reader("text/html; charset=utf-8");
        CHECK_THROWS_WITH_AS(reader.feed(octets("<!doctype html>\n")),
                             "answers with \"text/html; charset=utf-8\", not with pictures",
                             StreamError);
    }

    TEST_CASE("tells a multipart stream from pictures alone, and a picture's middle from its end") {
        MultipartReader reader("image/jpeg");
        reader.feed(octets(std::string_view(first).substr(0, 10)));
        CHECK(reader.inside_picture());
        reader.feed(octets(std::string_view(first).substr(10)));
        CHECK_FALSE(reader.inside_picture());
        CHECK_FALSE(reader.is_multipart());
        CHECK(MultipartReader(multipart).is_multipart());
    }
}
