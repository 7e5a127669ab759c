#include "camera/encode_workers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "support/emulated.hpp"
#include "support/few_threads.hpp"
#include "support/sanitized.hpp"
#include "support/scripted_driver.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using media::PixelFormat;
using test::captured;
using test::grey_picture;

namespace {

constexpr unsigned width = 1280;
constexpr unsigned height = 720;

// A device's buffer, in which one picture takes the place of the other.
class Buffer {
  public:
    explicit Buffer(PixelFormat format)
        : image_(media::raw_image_in(octets_, format, width, height, stride_of(format))) {}

    // Another picture for each number, with rows and columns that can be told apart.
    Captured picture(std::uint64_t number) {
        for (std::size_t i = 0; i < octets_.size(); ++i)
            octets_[i] = static_cast<std::byte>((i / 16 + i / 4096 * 3 + number * 29) % 256);
        return captured(image_);
    }

  private:
    // Longer than the rows, as many devices have it.
    static std::size_t stride_of(PixelFormat format) {
        switch (format) {
            case PixelFormat::rgb24:
                return 3 * width + 64;
            case PixelFormat::bgrx32:
                return 4 * width + 64;
            case PixelFormat::yuyv:
                return 2 * width + 64;
            default:
                return width + 64;
        }
    }

    std::vector<std::byte> octets_ = std::vector<std::byte>((4 * width + 64) * height);
    media::RawImage image_;
};

std::vector<std::byte> jpeg_of(const FrameMaker::Result& made) {
    const auto* frame = std::get_if<media::FramePtr>(&made);
    REQUIRE(frame != nullptr);
    return {(*frame)->jpeg().begin(), (*frame)->jpeg().end()};
}

std::uint64_t number_of(const FrameMaker::Result& made) {
    const auto* frame = std::get_if<media::FramePtr>(&made);
    return frame ? (*frame)->number() : 0;
}

}  // namespace

TEST_SUITE("encode workers") {
    TEST_CASE(
        "real pictures come out as one thread makes them, though the device reuses its buffer") {
        for (const PixelFormat format :
             {PixelFormat::grey, PixelFormat::yuyv, PixelFormat::nv12, PixelFormat::yuv420,
              PixelFormat::yuv422, PixelFormat::rgb24, PixelFormat::bgrx32}) {
            CAPTURE(media::to_string(format));
            constexpr std::uint64_t count = 6;
            std::vector<FrameMaker::Result> made;
            Buffer buffer(format);
            {
                EncodeWorkers workers(
                    3, {}, [&](FrameMaker::Result result) { made.push_back(std::move(result)); });
                for (std::uint64_t number = 1; number <= count; ++number)
                    if (!workers.submit(buffer.picture(number), number, false)) {
                        workers.drain();
                        REQUIRE(workers.submit(buffer.picture(number), number, false));
                    }
            }
            REQUIRE(made.size() == count);
            FrameMaker alone({});
            std::vector<std::byte> before;
            for (std::uint64_t number = 1; number <= count; ++number) {
                const auto& result = made[static_cast<std::size_t>(number - 1)];
                const auto jpeg = jpeg_of(result);
                CHECK(number_of(result) == number);
                CHECK(jpeg == jpeg_of(alone.make(buffer.picture(number), number, false)));
                CHECK(jpeg != before);
                before = jpeg;
            }
        }
    }

    TEST_CASE("a frame's stamps begin when it was submitted") {
        std::vector<FrameMaker::Result> made;
        const auto before = SteadyClock::now();
        Buffer buffer(PixelFormat::nv12);
        const Captured picture = buffer.picture(1);
        SteadyTime after;
        {
            EncodeWorkers workers(
                1, {}, [&](FrameMaker::Result result) { made.push_back(std::move(result)); });
            REQUIRE(workers.submit(picture, 1, false));
            after = SteadyClock::now();
        }
        REQUIRE(made.size() == 1);
        const media::Stamps& stamps = std::get<media::FramePtr>(made.front())->stamps();
        CHECK(stamps.taken >= before);
        CHECK(stamps.taken <= after);
        CHECK(stamps.captured == stamps.taken);
        CHECK(stamps.ready >= stamps.taken);
    }

    TEST_CASE("a frame that cannot be handed over does not stop those behind it") {
        std::vector<std::uint64_t> numbers;
        {
            EncodeWorkers workers(2, {}, [&](const FrameMaker::Result& result) {
                if (number_of(result) == 1)
                    throw std::bad_alloc();
                numbers.push_back(number_of(result));
            });
            for (std::uint64_t number = 1; number <= 3; ++number) {
                REQUIRE(workers.submit(captured(grey_picture()), number, false));
                workers.drain();
            }
        }
        CHECK(numbers == std::vector<std::uint64_t>{2, 3});
    }

#if !ONLOOKER_SANITIZED
    TEST_CASE("too few threads are an error in words, and those that began have ended" *
              doctest::skip(test::is_emulated())) {
        std::string_view told = "nothing";
        try {
            const test::FewThreads few;
            const EncodeWorkers workers(4, {}, [](const FrameMaker::Result&) {});
        } catch (const CameraError& error) {
            const std::string_view words = error.what();
            told = words.find("of its 4 encode workers") != words.npos ? "the number" : "another";
            CHECK(words.find("only 0 ") == words.npos);
        }
        CHECK(told == "the number");
    }
#endif
}
