// What the field sends as Motion JPEG, and that the reader takes all of it.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "relay/multipart_reader.hpp"
#include "unit/relay/streams.hpp"

using namespace std::string_literals;
using namespace onlooker::test;
using onlooker::drivers::MultipartReader;

namespace {

struct Habit {
    const char* who;
    std::string type;
    std::string stream;
};

// Each holds first, second and third.
const std::vector<Habit> habits = {
    {"onlooker, format length", multipart,
     "--frame\r\n" + jpeg_type + length(first) + "X-Timestamp: 1700000000.000001\r\n\r\n" + first +
         "\r\n--frame\r\n" + jpeg_type + length(second) + "\r\n" + second + "\r\n--frame\r\n" +
         jpeg_type + length(third) + "\r\n" + third + "\r\n--frame\r\n"},
    {"onlooker, format ahead", multipart,
     "--frame\r\n" + jpeg_type + "\r\n" + first + "\r\n--frame\r\n" + jpeg_type + "\r\n" + second +
         "\r\n--frame\r\n" + jpeg_type + "\r\n" + third + "\r\n--frame\r\n" + jpeg_type + "\r\n"},
    {"the article's generator: boundary before, an empty line behind",
     "multipart/x-mixed-replace; boundary=frame",
     "--frame\r\nContent-Type: image/jpeg\r\n\r\n" + first +
         "\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n" + second +
         "\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n" + third + "\r\n"},
    {"uStreamer with extra headers", "multipart/x-mixed-replace;boundary=boundarydonotcross",
     "--boundarydonotcross\r\n" + jpeg_type + length(first) +
         "X-Timestamp: 1700000000.000001\r\nX-UStreamer-Online: true\r\n"
         "X-UStreamer-Width: 640\r\n\r\n" +
         first + "\r\n--boundarydonotcross\r\n" + jpeg_type + length(second) + "\r\n" + second +
         "\r\n--boundarydonotcross\r\n" + jpeg_type + length(third) + "\r\n" + third +
         "\r\n--boundarydonotcross\r\n"},
    {"ESP32-CAM: the end of line of the boundary first",
     "multipart/x-mixed-replace;boundary=123456789000000000000987654321",
     "\r\n--123456789000000000000987654321\r\n" + jpeg_type + length(first) + "\r\n" + first +
         "\r\n--123456789000000000000987654321\r\n" + jpeg_type + length(second) + "\r\n" + second +
         "\r\n--123456789000000000000987654321\r\n" + jpeg_type + length(third) + "\r\n" + third},
    {"FFmpeg's mpjpeg", "multipart/x-mixed-replace;boundary=ffmpeg",
     "--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: " + std::to_string(first.size()) +
         "\r\n\r\n" + first + "\r\n--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: " +
         std::to_string(second.size()) + "\r\n\r\n" + second +
         "\r\n--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: " +
         std::to_string(third.size()) + "\r\n\r\n" + third + "\r\n--ffmpeg\r\n"},
    {"quoted", "multipart/x-mixed-replace; boundary=\"frame\"; charset=utf-8",
     "--frame\r\n\r\n" + first + "\r\n--frame\r\n\r\n" + second + "\r\n--frame\r\n\r\n" + third},
    {"announced with its dashes", "multipart/x-mixed-replace; boundary=--frame",
     "--frame\r\n" + jpeg_type + "\r\n" + first + "\r\n--frame\r\n" + jpeg_type + "\r\n" + second +
         "\r\n--frame\r\n" + jpeg_type + "\r\n" + third},
    {"announced with its dashes, and sent with two more",
     "multipart/x-mixed-replace; boundary=--frame",
     "----frame\r\n" + jpeg_type + "\r\n" + first + "\r\n----frame\r\n" + jpeg_type + "\r\n" +
         second + "\r\n----frame\r\n" + jpeg_type + "\r\n" + third},
    {"sent without dashes", multipart,
     "frame\r\n" + jpeg_type + length(first) + "\r\n" + first + "\r\nframe\r\n" + jpeg_type +
         length(second) + "\r\n" + second + "\r\nframe\r\n" + jpeg_type + length(third) + "\r\n" +
         third},
    {"not announced", "multipart/x-mixed-replace",
     "--secret\r\n" + jpeg_type + "\r\n" + first + "\r\n--secret\r\n" + jpeg_type + "\r\n" +
         second + "\r\n--secret\r\n" + jpeg_type + "\r\n" + third},
    {"not announced and without fields", "multipart/x-mixed-replace",
     "--secret\r\n\r\n" + first + "\r\n--secret\r\n\r\n" + second + "\r\n--secret\r\n\r\n" + third},
    {"announced wrongly", "multipart/x-mixed-replace; boundary=wrong",
     "--right\r\n" + jpeg_type + "\r\n" + first + "\r\n--right\r\n" + jpeg_type + "\r\n" + second +
         "\r\n--right\r\n" + jpeg_type + "\r\n" + third},
    {"a type that is no multipart", "video/x-motion-jpeg",
     "--frame\r\n" + jpeg_type + "\r\n" + first + "\r\n--frame\r\n" + jpeg_type + "\r\n" + second +
         "\r\n--frame\r\n" + jpeg_type + "\r\n" + third},
    {"lines ended by LF alone", multipart,
     "--frame\nContent-Type: image/jpeg\n\n" + first + "\n--frame\nContent-Type: image/jpeg\n\n" +
         second + "\n--frame\nContent-Type: image/jpeg\nContent-Length: " +
         std::to_string(third.size()) + "\n\n" + third + "\n--frame\n"},
    {"no end of line before the boundary", multipart,
     "--frame\r\n" + jpeg_type + "\r\n" + first + "--frame\r\n" + jpeg_type + length(second) +
         "\r\n" + second + "--frame\r\n" + jpeg_type + "\r\n" + third + "--frame\r\n"},
    {"no empty line above the picture", multipart,
     "--frame\r\n" + jpeg_type + first + "\r\n--frame\r\n" + jpeg_type + length(second) + second +
         "\r\n--frame\r\n" + third},
    {"an empty line between boundary and fields", multipart,
     "--frame\r\n\r\n" + jpeg_type + length(first) + "\r\n" + first + "\r\n--frame\r\n\r\n" +
         jpeg_type + "\r\n" + second + "\r\n--frame\r\n\r\n" + jpeg_type + "\r\n" + third},
    {"two empty lines above the picture", multipart,
     "--frame\r\n" + jpeg_type + "\r\n\r\n" + first + "\r\n--frame\r\n" + jpeg_type + "\r\n\r\n" +
         second + "\r\n--frame\r\n" + jpeg_type + "\r\n\r\n" + third},
    {"boundary only behind the pictures", multipart,
     first + "\r\n--frame\r\n" + second + "\r\n--frame\r\n" + third + "\r\n--frame\r\n"},
    {"each boundary twice", multipart,
     "--frame\r\n--frame\r\n" + jpeg_type + "\r\n" + first + "\r\n--frame\r\n--frame\r\n" +
         jpeg_type + length(second) + "\r\n" + second + "\r\n--frame\r\n--frame\r\n" + jpeg_type +
         "\r\n" + third},
    {"the last boundary behind every picture", multipart,
     "--frame\r\n" + jpeg_type + length(first) + "\r\n" + first + "\r\n--frame--\r\n--frame\r\n" +
         jpeg_type + "\r\n" + second + "\r\n--frame--\r\n--frame\r\n" + jpeg_type + "\r\n" + third +
         "\r\n--frame--\r\n"},
    {"text before the first boundary", multipart,
     "This is a message with\r\n-- some parts\r\nin MIME format.\r\n--frame\r\n" + jpeg_type +
         "\r\n" + first + "\r\n--frame\r\n" + jpeg_type + "\r\n" + second + "\r\n--frame\r\n" +
         jpeg_type + "\r\n" + third},
    {"blanks behind the boundary", multipart,
     "--frame \t\r\n" + jpeg_type + "\r\n" + first + "\r\n--frame \r\n" + jpeg_type + "\r\n" +
         second + "\r\n--frame\t\r\n" + jpeg_type + "\r\n" + third},
    {"a boundary that begins like another", "multipart/x-mixed-replace; boundary=--fra",
     "--fra\r\n" + jpeg_type + length(first) + "\r\n" + first + "\r\n--fra\r\n" + jpeg_type +
         length(second) + "\r\n" + second + "\r\n--frame\r\n--fra\r\n" + jpeg_type + "\r\n" +
         third},
    {"fields that are none", multipart,
     "--frame\r\nHTTP/1.0 200 OK\r\n" + jpeg_type + "Content-Length: many\r\n:\r\n\r\n" + first +
         "\r\n--frame\r\ncontent-TYPE:IMAGE/JPG;q=1\r\n\r\n" + second + "\r\n--frame\r\n" +
         "Content-Type:\r\n\r\n" + third},
    {"parts of other types between", multipart,
     "--frame\r\nContent-Type: text/plain\r\n\r\nhello --frame not\r\n--frame\r\n" + jpeg_type +
         "\r\n" + first +
         "\r\n--frame\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n"
         "--frame\r\n\r\n--frame\r\n" +
         jpeg_type + "\r\n" + second + "\r\n--frame\r\n" +
         "Content-Type: audio/basic\r\n\r\nnoise\r\n--frame\r\n" + jpeg_type + "\r\n" + third},
    {"empty parts between", multipart,
     "--frame\r\n" + jpeg_type + "\r\n\r\n--frame\r\n" + jpeg_type + "Content-Length: 0\r\n\r\n" +
         "\r\n--frame\r\n" + jpeg_type + "\r\n" + first + "\r\n--frame\r\n" + jpeg_type + "\r\n" +
         second + "\r\n--frame\r\n" + jpeg_type + "\r\n" + third},
    {"pictures that follow each other", "image/jpeg", first + second + third},
    {"pictures that follow each other, of no type", "", first + second + third},
    {"pictures that follow each other, announced as multipart", multipart, first + second + third},
    {"zeros and lines between pictures", "application/octet-stream",
     "\r\n" + first + "\r\n" + second + "\0\0\0\0\0"s + third + "\n"},
};

Read expected(const Read& seen) {
    return {.pictures = {first, second, third}, .stamps = seen.stamps, .lost = 0};
}

}  // namespace

TEST_SUITE("habits of multipart streams") {
    TEST_CASE("reads what the field sends") {
        for (const Habit& habit : habits) {
            CAPTURE(habit.who);
            const Read read = read_whole(habit.type, habit.stream);
            CHECK(read == expected(read));
        }
    }

    TEST_CASE("reads the same wherever the stream is split") {
        for (const Habit& habit : habits) {
            CAPTURE(habit.who);
            const std::string_view stream = habit.stream;
            const Read whole = read_whole(habit.type, stream);
            for (std::size_t at = 1; at < stream.size(); ++at) {
                CAPTURE(at);
                const Read split =
                    read_pieces(habit.type, {stream.substr(0, at), stream.substr(at)});
                REQUIRE(split == whole);
            }
        }
    }

    TEST_CASE("reads the same octet by octet") {
        for (const Habit& habit : habits) {
            CAPTURE(habit.who);
            std::vector<std::string_view> pieces;
            for (std::size_t at = 0; at < habit.stream.size(); ++at)
                pieces.push_back(std::string_view(habit.stream).substr(at, 1));
            const Read read = read_pieces(habit.type, pieces);
            CHECK(read == expected(read));
        }
    }

    TEST_CASE("a picture is there with its last octet, whatever delimits it") {
        for (const Habit& habit : habits) {
            CAPTURE(habit.who);
            const std::size_t end = habit.stream.find(first) + first.size();
            MultipartReader reader(habit.type);
            reader.feed(octets(std::string_view(habit.stream).substr(0, end - 1)));
            CHECK_FALSE(reader.take());
            reader.feed(octets(std::string_view(habit.stream).substr(end - 1, 1)));
            CHECK(reader.take());
        }
    }

    TEST_CASE("the capture stamp belongs to its picture alone") {
        const Read read = read_whole(multipart, habits[0].stream);
        CHECK(read.stamps == std::vector{"1700000000"s, ""s, ""s});
    }
}
