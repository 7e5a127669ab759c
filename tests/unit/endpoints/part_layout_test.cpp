#include "endpoints/part_layout.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "camera/viewing.hpp"
#include "http/wire/transport.hpp"
#include "media/frame.hpp"

using namespace onlooker;
using endpoints::PartFormat;
using endpoints::PartLayout;

namespace {

media::FramePtr frame(const std::string& jpeg, bool is_card = false, unsigned width = 640,
                      std::string_view fields = {}) {
    const auto octets = std::as_bytes(std::span(jpeg));
    media::Frame::Description description;
    description.number = 7;
    description.width = width;
    description.height = 480;
    description.is_card = is_card;
    description.fields = fields;
    description.stamps.wall =
        std::chrono::system_clock::time_point(std::chrono::microseconds(1'700'000'000'250'000));
    return media::Frame::make(description, std::span(&octets, 1));
}

std::string text(const PartLayout::Part& part) {
    std::string result;
    for (const http::ConstBytes piece : part.pieces())
        result.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    CHECK(result.size() == part.octets());
    return result;
}

}  // namespace

TEST_SUITE("part layout") {
    TEST_CASE("length: head, picture, boundary") {
        PartLayout layout({});
        CHECK(layout.preamble() == "--boundarydonotcross\r\n");
        const auto shown = frame("JPEG");
        const auto part = layout.next(shown, {});
        CHECK(part.shows_frame());
        CHECK(text(part) ==
              "Content-Type: image/jpeg\r\nContent-Length: 4\r\nX-Timestamp: 1700000000.250000\r\n"
              "\r\nJPEG\r\n--boundarydonotcross\r\n");
    }

    TEST_CASE("length with the article's boundary") {
        PartLayout layout({.format = PartFormat::length, .boundary = "frame"});
        CHECK(layout.preamble() == "--frame\r\n");
        CHECK(text(layout.next(frame("JPEG"), {})).ends_with("\r\n\r\nJPEG\r\n--frame\r\n"));
    }

    TEST_CASE("ahead: the head of the next part goes with the picture, without length or stamp") {
        for (const std::string boundary : {"frame", "boundarydonotcross"}) {
            PartLayout layout({.format = PartFormat::ahead, .boundary = boundary});
            const std::string head = "--" + boundary + "\r\nContent-Type: image/jpeg\r\n\r\n";
            CHECK(layout.preamble() == head);
            CHECK(text(layout.next(frame("JPEG"), {})) == "JPEG\r\n" + head);
        }
    }

    TEST_CASE("with the common boundary, a part is one piece that lies ready in the frame") {
        const auto shown = frame("JPEG");
        PartLayout length({});
        const auto part = length.next(shown, {});
        CHECK(part.pieces().size() == 1);
        CHECK(part.pieces().front().data() == shown->part().data());
        PartLayout ahead({.format = PartFormat::ahead});
        const auto part_ahead = ahead.next(shown, {});
        CHECK(part_ahead.pieces().size() == 1);
        CHECK(part_ahead.pieces().front().data() == shown->part_ahead().data());
    }

    TEST_CASE("padded: each picture is filled up to the length announced before it") {
        PartLayout layout({.format = PartFormat::padded});
        const std::string head = "Content-Type: image/jpeg\r\nContent-Length: 2048\r\n\r\n";
        const std::string boundary = "\r\n--boundarydonotcross\r\n";
        CHECK(layout.preamble() == "--boundarydonotcross\r\n");
        const std::string first(1500, 'a');
        CHECK(text(layout.next(frame(first), {})) ==
              head + first + std::string(548, '\0') + boundary + head);
        const std::string second(1000, 'b');
        CHECK(text(layout.next(frame(second), {})) ==
              second + std::string(1048, '\0') + boundary + head);
    }

    TEST_CASE("where the size follows the link, each head says the size and the step") {
        auto step = std::make_shared<camera::AutoStep>();
        PartLayout layout({.auto_step = step});
        CHECK(text(layout.next(frame("JPEG"), {})) ==
              "Content-Type: image/jpeg\r\nContent-Length: 4\r\nX-Timestamp: 1700000000.250000\r\n"
              "X-Width: 640\r\nX-Height: 480\r\nX-Step: 1\r\n\r\nJPEG\r\n"
              "--boundarydonotcross\r\n");
        step->eighths = 4;
        CHECK(text(layout.next(frame("JPEG"), {})).find("X-Step: 1/2\r\n") != std::string::npos);
        // There is no head of its own to say it in, and the part still lies ready.
        PartLayout ahead({.format = PartFormat::ahead, .auto_step = step});
        const auto shown = frame("JPEG");
        const PartLayout::Part part = ahead.next(shown, {});
        CHECK(part.pieces().front().data() == shown->part_ahead().data());
    }

    TEST_CASE("padded: a picture of another size waits until its size has been announced") {
        PartLayout layout(
            {.format = PartFormat::padded, .auto_step = std::make_shared<camera::AutoStep>()});
        const std::string picture(1500, 'a');
        CHECK(text(layout.next(frame(picture), {})).find("X-Width: 640\r\n") != std::string::npos);
        const std::string smaller(700, 'b');
        const auto shown = frame(smaller, false, 320);
        const auto repeat = layout.next(shown, {});
        CHECK_FALSE(repeat.shows_frame());
        const std::string repeated = text(repeat);
        CHECK(repeated.starts_with(picture));
        CHECK(repeated.find("X-Width: 320\r\n") != std::string::npos);
        const auto part = layout.next(shown, {});
        CHECK(part.shows_frame());
        CHECK(text(part).starts_with(smaller));
    }

    TEST_CASE("padded: what does not fit waits until more has been announced") {
        PartLayout layout({.format = PartFormat::padded});
        const std::string small(1500, 'a');
        const std::string large(5000, 'b');
        text(layout.next(frame(small), {}));
        const auto shown = frame(large);
        const auto repeat = layout.next(shown, {});
        CHECK_FALSE(repeat.shows_frame());
        const std::string announced = "Content-Length: 6144\r\n\r\n";
        CHECK(text(repeat).starts_with(small + std::string(548, '\0')));
        CHECK(text(repeat).ends_with(announced));
        const auto part = layout.next(shown, {});
        CHECK(part.shows_frame());
        CHECK(text(part).starts_with(large + std::string(1144, '\0') + "\r\n--"));
    }

    TEST_CASE("padded: the length goes down again thirty frames after a large one") {
        PartLayout layout({.format = PartFormat::padded});
        const std::string large(50'000, 'b');
        text(layout.next(frame(large), {}));
        std::string last;
        for (int i = 0; i < 31; ++i)
            last = text(layout.next(frame("small"), {}));
        CHECK(last.ends_with("Content-Length: 1024\r\n\r\n"));
    }

    TEST_CASE("padding longer than the block of zeros") {
        PartLayout layout({.format = PartFormat::padded});
        const std::string large(3'000'000, 'b');
        text(layout.next(frame(large), {}));
        const std::string part = text(layout.next(frame("small"), {}));
        CHECK(part.size() > 3'000'000);
        CHECK(part.find_first_not_of('\0', 5) > 3'000'000);
    }

    TEST_CASE("uStreamer's extra headers keep within what FFmpeg reads") {
        PartLayout layout({.extra_headers = true});
        const std::string part = text(layout.next(frame("JPEG"), {.online = true, .own_rate = 25}));
        const std::string head = part.substr(0, part.find("\r\n\r\n"));
        CHECK(head.find("X-UStreamer-Online: true\r\n") != std::string::npos);
        CHECK(head.find("X-UStreamer-Width: 640\r\n") != std::string::npos);
        CHECK(head.find("X-UStreamer-Client-FPS: 25\r\n") != std::string::npos);
        CHECK(head.size() < 400);
        CHECK(text(layout.next(frame("JPEG", true), {})).find("Online: false") !=
              std::string::npos);
    }

    TEST_CASE("fields of a frame's own go with every head that has its length") {
        const auto shown = frame("JPEG", false, 640, "X-Width: 640\r\nX-Height: 480\r\n");
        for (const PartLayout::Settings& settings :
             {PartLayout::Settings{}, PartLayout::Settings{.boundary = "frame"},
              PartLayout::Settings{.extra_headers = true},
              PartLayout::Settings{.zero_data = true}}) {
            PartLayout layout(settings);
            const std::string part = text(layout.next(shown, {}));
            CHECK(part.find("\r\nX-Width: 640\r\nX-Height: 480\r\n") < part.find("\r\n\r\n"));
        }
        // These send their heads before they know the picture.
        for (const PartFormat format : {PartFormat::ahead, PartFormat::padded}) {
            PartLayout layout({.format = format});
            CHECK(text(layout.next(shown, {})).find("X-Width") == std::string::npos);
        }
    }

    TEST_CASE("zero data: heads that say so, and nothing behind them") {
        PartLayout layout({.zero_data = true});
        const std::string part = text(layout.next(frame("JPEG"), {}));
        CHECK(part.find("Content-Length: 0\r\n") != std::string::npos);
        CHECK(part.ends_with("\r\n\r\n\r\n--boundarydonotcross\r\n"));
    }
}
