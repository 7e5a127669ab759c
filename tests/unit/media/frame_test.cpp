#include "media/frame.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onlooker::media {

namespace {

using namespace std::chrono_literals;

std::span<const std::byte> octets(std::string_view text) {
    return std::as_bytes(std::span(text));
}

std::string text(std::span<const std::byte> octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

FramePtr frame_of(std::initializer_list<std::string_view> pieces,
                  std::chrono::microseconds wall = 1'700'000'000'000'042us) {
    Frame::Description description{.number = 7, .width = 640, .height = 480, .stamps = {}};
    description.stamps.wall = std::chrono::system_clock::time_point(wall);
    std::vector<std::span<const std::byte>> jpeg;
    for (const std::string_view piece : pieces)
        jpeg.push_back(octets(piece));
    return Frame::make(description, jpeg);
}

}  // namespace

TEST_SUITE("frame") {
    TEST_CASE("is laid out for the wire, octet by octet") {
        const FramePtr frame = frame_of({"JPEG"});
        const std::string header =
            "Content-Type: image/jpeg\r\n"
            "Content-Length: 4\r\n"
            "X-Timestamp: 1700000000.000042\r\n"
            "\r\n";
        CHECK(text(frame->jpeg()) == "JPEG");
        CHECK(text(frame->part_without_boundary()) == header + "JPEG");
        CHECK(text(frame->part()) == header + "JPEG\r\n--boundarydonotcross\r\n");
        CHECK(text(frame->part_ahead()) ==
              "JPEG\r\n--boundarydonotcross\r\nContent-Type: image/jpeg\r\n\r\n");
    }

    TEST_CASE("fields of its own stand behind those of every frame") {
        Frame::Description description;
        description.stamps.wall = std::chrono::system_clock::time_point(1'700'000'000s);
        std::string fields = "X-Width: 320\r\n";
        description.fields = fields;
        const std::span<const std::byte> jpeg = octets("JPEG");
        const FramePtr frame = Frame::make(description, std::span(&jpeg, 1));
        fields.assign("overwritten");
        CHECK(frame->fields() == "X-Width: 320\r\n");
        CHECK(text(frame->part_without_boundary()) ==
              "Content-Type: image/jpeg\r\n"
              "Content-Length: 4\r\n"
              "X-Timestamp: 1700000000.000000\r\n"
              "X-Width: 320\r\n"
              "\r\n"
              "JPEG");
        CHECK(frame_of({"JPEG"})->fields().empty());
    }

    TEST_CASE("its ranges are one buffer, so that a viewer costs one send") {
        const FramePtr frame = frame_of({"JPEG"});
        CHECK(frame->part().data() + frame->part_without_boundary().size() - 4 ==
              frame->jpeg().data());
        CHECK(frame->part_ahead().data() == frame->jpeg().data());
    }

    TEST_CASE("joins the pieces of a cleaned picture") {
        const FramePtr frame = frame_of({"\xff\xd8", "", "tables", "rest"});
        CHECK(text(frame->jpeg()) == "\xff\xd8tablesrest");
        CHECK(text(frame->part()).find("Content-Length: 12\r\n") != std::string::npos);
    }

    TEST_CASE("keeps what it was told about itself") {
        const FramePtr frame = frame_of({"x"});
        CHECK(frame->number() == 7);
        CHECK(frame->width() == 640);
        CHECK(frame->height() == 480);
        CHECK(!frame->is_card());
    }

    TEST_CASE("stamps of a clock that stands before 1970 are still digits") {
        const FramePtr frame = frame_of({"x"}, -1us);
        CHECK(text(frame->part()).find("X-Timestamp: -1.999999\r\n") != std::string::npos);
    }

    TEST_CASE("of a picture without octets is a part without octets") {
        const FramePtr frame = frame_of({});
        CHECK(frame->jpeg().empty());
        CHECK(text(frame->part()).find("Content-Length: 0\r\n") != std::string::npos);
    }
}

}  // namespace onlooker::media
