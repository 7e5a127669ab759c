#include "testcard/testcard.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "support/cranked_time.hpp"
#include "testcard/test_picture.hpp"
#include "testcard/timetable.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::chrono_literals;
using camera::Captured;
using camera::DriverOptionError;
using camera::DriverOptions;
using test::CrankedContext;
using test::CrankedTime;

DriverOptions options(const std::map<std::string, std::string>& values) {
    return {.camera_name = "camera", .source = "", .values = values};
}

const media::RawImage& image_of(const Captured* captured) {
    REQUIRE(captured != nullptr);
    return std::get<media::RawImage>(captured->picture);
}

// As a program would: the middle of each block, dark or bright, by the place in the header.
std::uint32_t number_in(const media::RawImage& image) {
    std::uint32_t number = 0;
    for (unsigned i = 0; i < 32; ++i) {
        const unsigned left = i * image.width / 32, right = (i + 1) * image.width / 32;
        const unsigned x = (left + right) / 2, y = std::max(2U, image.height / 16) / 2;
        const auto luma = image.planes[0].data[y * image.planes[0].stride + x];
        number = number << 1 | (luma > std::byte{128} ? 1U : 0U);
    }
    return number;
}

std::vector<std::byte> octets(const media::RawImage& image) {
    std::vector<std::byte> all;
    for (const media::Plane& plane : image.planes)
        all.insert(all.end(), plane.data.begin(), plane.data.end());
    return all;
}

constexpr std::chrono::system_clock::time_point noon{1'700'049'600s};

}  // namespace

TEST_SUITE("test card") {
    TEST_CASE("the number can be read from the strip at any size of 32 pixels and more") {
        for (const unsigned width : {32U, 33U, 64U, 127U, 640U, 1281U})
            for (const unsigned height : {16U, 17U, 49U, 480U}) {
                TestPicture picture(width, height, 30);
                for (const std::uint32_t number : {0U, 1U, 2U, 123456U, 0x80000001U, 0xFFFFFFFFU})
                    CHECK(number_in(picture.draw(number, noon)) == number);
            }
    }

    TEST_CASE("its blocks are where the header says") {
        CHECK(number_block(0, 1280, 720) == media::Rectangle{0, 0, 40, 45});
        CHECK(number_block(31, 1280, 720) == media::Rectangle{1240, 0, 40, 45});
        CHECK(number_block(1, 33, 16) == media::Rectangle{1, 0, 1, 2});
    }

    TEST_CASE("nothing of an older picture stays behind") {
        for (const auto& [width, height] : {std::pair{1280U, 720U}, {641U, 479U}, {160U, 120U}}) {
            TestPicture fresh(width, height, 30), used(width, height, 30);
            used.draw(88888888, noon + 888ms);
            used.draw(0xFFFFFFFF, noon + 10h + 999ms);
            CHECK(octets(used.draw(17, noon)) == octets(fresh.draw(17, noon)));
        }
    }

    TEST_CASE("number, second and millisecond each change the picture below the strip") {
        TestPicture picture(640, 480, 30);
        const auto below = [&](std::uint32_t number, std::chrono::system_clock::time_point wall) {
            auto all = octets(picture.draw(number, wall));
            all.erase(all.begin(), all.begin() + 640 * 30);
            return all;
        };
        const auto one = below(1, noon);
        CHECK(below(1, noon) == one);
        CHECK(below(2, noon) != one);
        CHECK(below(1, noon + 1s) != one);
        CHECK(below(1, noon + 1ms) != one);
    }

    TEST_CASE("every size from 16 x 16 to 4096 draws") {
        for (const auto& [width, height] : {std::pair{16U, 16U},
                                            {17U, 19U},
                                            {4096U, 16U},
                                            {16U, 4096U},
                                            {31U, 700U},
                                            {1920U, 1080U}}) {
            TestPicture picture(width, height, 30);
            const media::RawImage image = picture.draw(1, noon);
            CHECK(image.width == width);
            CHECK(image.height == height);
        }
    }

    TEST_CASE("the colour bars have the colours of bars") {
        TestPicture picture(1280, 720, 30);
        const media::RawImage image = picture.draw(1, noon);
        const auto chroma = [&](std::size_t plane, unsigned x) {
            return static_cast<int>(
                image.planes[plane].data[80 * image.planes[plane].stride + x / 2]);
        };
        const media::Colour red = media::rgb(191, 0, 0), blue = media::rgb(0, 0, 191);
        CHECK(chroma(1, 80) == 128);
        CHECK(chroma(2, 80) == 128);
        CHECK(chroma(1, 880) == red.blue);
        CHECK(chroma(2, 880) == red.red);
        CHECK(chroma(1, 1040) == blue.blue);
        CHECK(chroma(2, 1040) == blue.red);
    }

    TEST_CASE("frames come at their exact times, without drift") {
        CrankedTime time;
        CrankedContext context(time);
        const auto driver =
            make_testcard(options({{"size", "64x16"}, {"fps", "30"}}), time.clocks());
        CHECK(driver->nominal_rate() == 30);
        auto pictures = driver->frames(context);
        const auto start = time.steady;
        for (std::uint32_t frame = 0; frame < 1000; ++frame) {
            const Captured* captured = pictures.next();
            CHECK(number_in(image_of(captured)) == frame + 1);
            CHECK(captured->lost == 0);
            CHECK(captured->captured ==
                  start + std::chrono::nanoseconds(std::llround(frame * 1e9 / 30)));
            CHECK(captured->wall == time.wall);
            time.advance(std::chrono::milliseconds(frame % 30));  // what the encoder takes
        }
    }

    TEST_CASE("what is late is skipped and counted, never bunched") {
        CrankedTime time;
        CrankedContext context(time);
        const auto driver =
            make_testcard(options({{"size", "64x16"}, {"fps", "10"}}), time.clocks());
        auto pictures = driver->frames(context);
        const auto start = time.steady;
        CHECK(number_in(image_of(pictures.next())) == 1);
        time.advance(350ms);  // frames 2 and 3 were due meanwhile, and 4
        const Captured* captured = pictures.next();
        CHECK(number_in(image_of(captured)) == 4);
        CHECK(captured->lost == 2);
        CHECK(captured->captured == start + 350ms);
        captured = pictures.next();
        CHECK(number_in(image_of(captured)) == 5);
        CHECK(captured->lost == 0);
        CHECK(captured->captured == start + 400ms);
    }

    TEST_CASE("ends when it is stopped, and starts anew") {
        CrankedTime time;
        CrankedContext context(time);
        const auto driver = make_testcard(options({{"size", "64x16"}}), time.clocks());
        {
            CrankedContext first(time);
            auto pictures = driver->frames(first);
            CHECK(pictures.next() != nullptr);
            first.request_stop();
            CHECK(pictures.next() == nullptr);
        }
        auto pictures = driver->frames(context);
        CHECK(number_in(image_of(pictures.next())) == 1);
    }

    TEST_CASE("the timetable is exact after a day, also at odd rates") {
        const SteadyTime start{std::chrono::hours(1)};
        for (const double rate : {0.1, 1.0, 29.97, 30.0, 240.0, 1000.0}) {
            const Timetable timetable(start, rate);
            const auto frames = static_cast<std::uint64_t>(rate * 86400);
            for (std::uint64_t frame = frames; frame < frames + 100; ++frame) {
                CHECK(timetable.newest_at(timetable.due(frame)) == frame);
                if (frame > 0)
                    CHECK(timetable.newest_at(timetable.due(frame) - 1ns) == frame - 1);
            }
            CHECK(std::chrono::abs(timetable.due(frames) - start - 86400s) <= 10s);
            CHECK(timetable.newest_at(start - 1s) == 0);
        }
    }

    TEST_CASE("options that make no sense are refused by name") {
        const auto made = [](const char* key, const char* value) {
            return make_testcard(options({{key, value}}), Clocks{});
        };
        for (const char* value : {"16x16", "4096x4096", "641x479"})
            CHECK_NOTHROW(made("size", value));
        for (const char* value : {"", "x", "640", "640x", "x480", "15x16", "16x4097", "-640x480",
                                  "640x480x3", " 640x480", "99999999999x16"})
            CHECK_THROWS_WITH_AS(made("size", value), doctest::Contains("size="),
                                 DriverOptionError);
        for (const char* value : {"", "0", "0.0009", "1001", "nan", "inf", "-1", "30fps"})
            CHECK_THROWS_WITH_AS(made("fps", value), doctest::Contains("fps="), DriverOptionError);
        CHECK_THROWS_WITH_AS(made("colour", "red"), doctest::Contains("'colour'"),
                             DriverOptionError);
        DriverOptions with_source;
        with_source.source = "640x480";
        CHECK_THROWS_AS(make_testcard(with_source, Clocks{}), DriverOptionError);
    }
}

}  // namespace onlooker::drivers
