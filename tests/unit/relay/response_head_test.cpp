#include "relay/response_head.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "camera/driver.hpp"

using onlooker::camera::CameraError;
using onlooker::drivers::HeadReader;

namespace {

constexpr std::string_view shown = "http://far/";

// Each line ends with \n.
void feed(HeadReader& reader, std::string_view lines) {
    while (!lines.empty()) {
        const std::size_t size = lines.find('\n') + 1;
        REQUIRE(size > 0);
        reader.feed(lines.substr(0, size), shown);
        lines.remove_prefix(size);
    }
}

}  // namespace

TEST_SUITE("response head") {
    TEST_CASE("its fields are read in any case and with any blanks, up to the empty line") {
        for (const std::string end : {"\r\n", "\n"}) {
            HeadReader reader;
            CHECK_FALSE(reader.begun());
            for (const char* line :
                 {"HTTP/1.1 200 OK", "content-TYPE:image/jpeg", "ETag:  \"tag\" ",
                  "LAST-MODIFIED: then", "date: now", "X-Timestamp: 1.5"})
                feed(reader, line + end);
            CHECK(reader.begun());
            CHECK_FALSE(reader.complete());
            feed(reader, end);
            CHECK(reader.complete());
            CHECK(reader.head().content_type == "image/jpeg");
            CHECK(reader.head().etag == "\"tag\"");
            CHECK(reader.head().last_modified == "then");
            CHECK(reader.head().date == "now");
            CHECK(reader.head().timestamp == "1.5");
        }
    }

    TEST_CASE("of interim responses, redirects and challenges nothing is left: the last one wins") {
        HeadReader reader;
        feed(reader,
             "HTTP/1.1 100 Continue\r\nDate: a\r\n\r\n"
             "HTTP/1.1 302 Found\r\nETag: \"b\"\r\nContent-Type: text/html\r\n\r\n"
             "HTTP/1.1 401 Unauthorized\r\nLast-Modified: c\r\nX-Timestamp: 1\r\n\r\n"
             "HTTP/1.1 200 OK\r\n");
        CHECK_FALSE(reader.complete());
        feed(reader, "Content-Type: image/jpeg\r\n\r\n");
        CHECK(reader.head().content_type == "image/jpeg");
        CHECK(reader.head().date.empty());
        CHECK(reader.head().etag.empty());
        CHECK(reader.head().last_modified.empty());
        CHECK(reader.head().timestamp.empty());
    }

    TEST_CASE("trailer fields are none of the head's") {
        HeadReader reader;
        feed(reader, "HTTP/1.1 200 OK\r\nETag: \"head\"\r\n\r\n");
        feed(reader, "ETag: \"trailer\"\r\nContent-Type: text/html\r\n\r\n");
        CHECK(reader.complete());
        CHECK(reader.head().etag == "\"head\"");
        CHECK(reader.head().content_type.empty());
    }

    TEST_CASE("a head may have its largest size, and not one octet more") {
        const std::string first = "HTTP/1.1 200 OK\r\n";
        const std::string second =
            "X: " + std::string(HeadReader::largest_head - first.size() - 7, 'x') + "\r\n";
        HeadReader reader;
        feed(reader, first + second + "\r\n");
        CHECK(reader.complete());
        // The next response has its own size.
        feed(reader, first + second + "\r\n");
        // Trailers count as a part of it, for they cost as much.
        CHECK_THROWS_WITH_AS(feed(reader, "\n"),
                             "http://far/ answers with an endless head: it is longer than 16384 "
                             "octets, or there are more than 16 of them",
                             CameraError);
    }

    TEST_CASE("there may be so many heads, and not one more") {
        HeadReader reader;
        for (std::size_t i = 0; i < HeadReader::most_heads; ++i)
            feed(reader, "HTTP/1.1 100 Continue\r\n\r\n");
        CHECK_THROWS_AS(feed(reader, "HTTP/1.1 200 OK\r\n"), CameraError);
    }
}
