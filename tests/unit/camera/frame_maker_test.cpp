#include "camera/frame_maker.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "capture_desk.hpp"
#include "media/jpeg_encoder.hpp"
#include "support/scripted_driver.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using test::captured;
using test::grey_picture;

namespace {

media::FramePtr made_of(FrameMaker& maker, const Captured& picture) {
    return std::get<media::FramePtr>(maker.make(picture, 1, false));
}

}  // namespace

TEST_SUITE("frame maker") {
    TEST_CASE("keeps the planes of raw pictures while they are wanted") {
        FrameMaker maker({});
        CHECK_FALSE(made_of(maker, captured(grey_picture()))->planes());
        maker.keep_planes(true);
        const media::FramePtr frame = made_of(maker, captured(grey_picture()));
        REQUIRE(frame->planes());
        CHECK(frame->planes()->width == 16);
        CHECK(frame->planes()->grid == media::ChromaGrid::grey);
        CHECK(frame->planes()->planes[0].samples == std::vector<std::uint8_t>(256, 0x82));
        maker.keep_planes(false);
        CHECK_FALSE(made_of(maker, captured(grey_picture()))->planes());
    }

    TEST_CASE("takes the memory of planes that are no longer looked at") {
        FrameMaker maker({});
        maker.keep_planes(true);
        const auto* memory =
            made_of(maker, captured(grey_picture()))->planes()->planes[0].samples.data();
        CHECK(made_of(maker, captured(grey_picture()))->planes()->planes[0].samples.data() ==
              memory);
    }

    TEST_CASE("has no planes of a JPEG") {
        media::JpegEncoder encoder({});
        FrameMaker maker({});
        maker.keep_planes(true);
        CHECK_FALSE(made_of(maker, captured(media::JpegImage{encoder.encode(grey_picture()).jpeg}))
                        ->planes());
    }

    TEST_CASE("hears of the wish for planes while the camera runs, with workers and without") {
        for (const unsigned workers : {0U, 1U}) {
            CAPTURE(workers);
            test::CaptureDesk desk;
            const auto capture =
                test::start(desk,
                            [](CaptureContext& context) {
                                return test::steady_pictures(context, std::chrono::milliseconds(1));
                            },
                            {.encode_workers = workers});
            REQUIRE(desk.run_until([&] { return !desk.frames.empty(); }));
            CHECK_FALSE(desk.frames.front()->planes());
            capture->want_planes(true);
            CHECK(desk.run_until([&] { return desk.frames.back()->planes() != nullptr; }));
            capture->want_planes(false);
            CHECK(desk.run_until([&] { return desk.frames.back()->planes() == nullptr; }));
            capture->stop();
            CHECK(desk.run_to_end());
        }
    }
}
