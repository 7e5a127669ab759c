// The whole V4L2 driver on a scripted camera: faults at every call, loss, signals, controls.
#include "v4l2/v4l2_driver.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fake_v4l2.hpp"
#include "support/fake_capture_context.hpp"

using namespace onlooker;
using camera::CameraError;
using camera::ErrorKind;
using drivers::v4l2::Settings;
using drivers::v4l2::V4l2Driver;
using test::FakeCaptureContext;
using test::FakeV4l2;

namespace {

constexpr int wanted_pictures = 3;

struct Run {
    int pictures = 0;
    std::uint32_t lost = 0;
    std::optional<CameraError> error;
};

Settings settings_of(std::map<std::string, std::string> values = {}) {
    return drivers::v4l2::parse_options({"test", "/dev/video-fake", std::move(values)});
}

// Until three pictures came, the driver ended, or a hundred polls went by.
Run run(FakeV4l2& kernel, camera::Driver& driver, FakeCaptureContext& context) {
    Run result;
    int polls = 0;
    kernel.on_poll = [&] {
        if (++polls > 100)
            context.request_stop();
    };
    auto pictures = driver.frames(context);
    try {
        while (result.pictures < wanted_pictures) {
            const auto* captured = pictures.next();
            if (!captured)
                break;
            ++result.pictures;
            result.lost += captured->lost;
        }
    } catch (const CameraError& error) {
        result.error = error;
    }
    return result;
}

Run run(FakeV4l2& kernel) {
    V4l2Driver driver(settings_of(), kernel);
    FakeCaptureContext context;
    return run(kernel, driver, context);
}

unsigned calls_of_a_good_run() {
    FakeV4l2 kernel;
    const Run good = run(kernel);
    REQUIRE(good.pictures == wanted_pictures);
    REQUIRE(kernel.nothing_leaked());
    return kernel.calls;
}

FakeV4l2::Filled picture(std::uint32_t sequence,
                         std::uint32_t flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC,
                         std::string octets = FakeV4l2::Filled{}.octets) {
    return {sequence, flags, std::move(octets)};
}

v4l2_event source_change() {
    v4l2_event event{};
    event.type = V4L2_EVENT_SOURCE_CHANGE;
    event.u.src_change.changes = V4L2_EVENT_SRC_CH_RESOLUTION;
    return event;
}

}  // namespace

TEST_SUITE("v4l2 driver") {
    TEST_CASE("an interrupted call is repeated, whichever it is") {
        const unsigned calls = calls_of_a_good_run();
        for (unsigned n = 0; n < calls; ++n) {
            CAPTURE(n);
            FakeV4l2 kernel;
            kernel.fail_call = n;
            kernel.fail_error = EINTR;
            const Run result = run(kernel);
            CHECK_FALSE(result.error);
            CHECK(result.pictures == wanted_pictures);
            CHECK(kernel.nothing_leaked());
        }
    }

    TEST_CASE("a device that goes at any call is unplugged or not there, and nothing leaks") {
        const unsigned calls = calls_of_a_good_run();
        for (unsigned n = 0; n < calls; ++n) {
            CAPTURE(n);
            FakeV4l2 kernel;
            kernel.fail_call = n;
            kernel.fail_error = ENODEV;
            kernel.fail_for_good = true;
            const Run result = run(kernel);
            REQUIRE(result.error);
            CHECK_MESSAGE((result.error->kind() == ErrorKind::unplugged ||
                           result.error->kind() == ErrorKind::not_found ||
                           result.error->kind() == ErrorKind::failed),
                          result.error->what());
            CHECK(kernel.nothing_leaked());
            CHECK_FALSE(kernel.streaming);
        }
    }

    TEST_CASE("whatever one call says, there is a picture or an error with words, and no leak") {
        const unsigned calls = calls_of_a_good_run();
        for (const int error : {EAGAIN, EBUSY, EINVAL, EIO, ENOMEM, ENOSPC, ENOTTY, EACCES})
            for (unsigned n = 0; n < calls; ++n) {
                CAPTURE(error);
                CAPTURE(n);
                FakeV4l2 kernel;
                kernel.fail_call = n;
                kernel.fail_error = error;
                const Run result = run(kernel);
                CHECK((result.pictures == wanted_pictures || result.error));
                CHECK(kernel.nothing_leaked());
            }
    }

    TEST_CASE("broken, short and missing frames are counted, and whole ones shown") {
        FakeV4l2 kernel;
        kernel.pictures = {picture(0),
                           picture(1, V4L2_BUF_FLAG_ERROR),
                           picture(2, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, ""),
                           picture(3, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, "no picture"),
                           picture(6),
                           picture(7)};
        const Run result = run(kernel);
        CHECK(result.pictures == 3);
        CHECK(result.lost == 5);
    }

    TEST_CASE("a short raw frame is dropped") {
        FakeV4l2 kernel;
        kernel.formats = {V4L2_PIX_FMT_YUYV};
        const std::string whole(640 * 480 * 2, 'x');
        kernel.pictures = {picture(0, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, whole),
                           picture(1, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, whole.substr(1)),
                           picture(2, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, whole),
                           picture(3, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, whole)};
        const Run result = run(kernel);
        CHECK(result.pictures == 3);
        CHECK(result.lost == 1);
    }

    TEST_CASE("a sequence that wraps, or jumps about, is no loss") {
        FakeV4l2 kernel;
        kernel.pictures = {picture(0xFFFFFFFF), picture(0), picture(0)};
        CHECK(run(kernel).lost == 0);
    }

    TEST_CASE("frames that are left out for a wished rate are not lost") {
        FakeV4l2 kernel;
        kernel.stamp_interval = 66'667;
        V4l2Driver driver(settings_of({{"fps", "5"}}), kernel);
        FakeCaptureContext context;
        const Run result = run(kernel, driver, context);
        CHECK(result.pictures == wanted_pictures);
        CHECK(result.lost == 0);
        CHECK(kernel.taken == 7);  // the first, and every third after it
    }

    TEST_CASE("a device that calls its pictures JPEG gives them as they are") {
        FakeV4l2 kernel;
        kernel.formats = {V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_JPEG};
        V4l2Driver driver(settings_of(), kernel);
        FakeCaptureContext context;
        auto pictures = driver.frames(context);
        const auto* captured = pictures.next();
        REQUIRE(captured);
        CHECK(kernel.format.fmt.pix.pixelformat == V4L2_PIX_FMT_JPEG);
        CHECK(std::get<media::JpegImage>(captured->picture).data.size() ==
              FakeV4l2::Filled{}.octets.size());
    }

    TEST_CASE("format=MJPEG and format=JPEG are one: devices call the same pictures either") {
        for (const std::uint32_t offered : {V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_JPEG})
            for (const char* written : {"MJPEG", "MJPG", "JPEG"}) {
                CAPTURE(offered);
                CAPTURE(written);
                FakeV4l2 kernel;
                kernel.formats = {V4L2_PIX_FMT_YUYV, offered};
                V4l2Driver driver(settings_of({{"format", written}}), kernel);
                FakeCaptureContext context;
                const Run result = run(kernel, driver, context);
                CHECK_FALSE(result.error);
                CHECK(result.pictures == wanted_pictures);
                CHECK(context.warnings().empty());
                CHECK(kernel.format.fmt.pix.pixelformat == offered);
            }
    }

    TEST_CASE("a stamp that cannot be is left out, even one that would wrap to now") {
        // So many seconds are a whole number of times 2^64 nanoseconds.
        std::vector<std::time_t> stamps{0, 60, -60, std::numeric_limits<std::time_t>::max() / 2};
        if constexpr (sizeof(std::time_t) > 4)
            stamps.insert(stamps.end(), {std::time_t{1} << 55, -(std::time_t{1} << 55)});
        for (const std::time_t ahead : stamps) {
            CAPTURE(ahead);
            FakeV4l2 kernel;
            kernel.seconds_ahead = ahead;
            V4l2Driver driver(settings_of(), kernel);
            FakeCaptureContext context;
            auto pictures = driver.frames(context);
            const auto* captured = pictures.next();
            REQUIRE(captured);
            CHECK(captured->captured.has_value() == (ahead == 0));
        }
    }

    TEST_CASE("not enough USB bandwidth, said with what to try") {
        FakeV4l2 kernel;
        kernel.fail_requests[VIDIOC_STREAMON] = ENOSPC;
        const Run result = run(kernel);
        REQUIRE(result.error);
        const std::string words = result.error->what();
        CHECK(words.find("not enough USB bandwidth") != std::string::npos);
        CHECK(words.find("size=") != std::string::npos);
        CHECK(kernel.nothing_leaked());
    }

    TEST_CASE("a device that can convert is asked for the colours of JPEG") {
        FakeV4l2 kernel;
        kernel.formats = {V4L2_PIX_FMT_YUYV};
        kernel.format_flags = V4L2_FMT_FLAG_CSC_QUANTIZATION | V4L2_FMT_FLAG_CSC_YCBCR_ENC;
        V4l2Driver driver(settings_of(), kernel);
        FakeCaptureContext context;
        auto pictures = driver.frames(context);
        const auto* captured = pictures.next();
        REQUIRE(captured);
        CHECK(std::get<media::RawImage>(captured->picture).full_range);
        CHECK(kernel.format.fmt.pix.ycbcr_enc == V4L2_YCBCR_ENC_601);
        CHECK(kernel.format.fmt.pix.flags == V4L2_PIX_FMT_FLAG_SET_CSC);
    }

    TEST_CASE("each way of having no signal has its words") {
        const std::array<std::pair<int, std::string>, 3> faults{
            {{ENOLINK, "has no signal"}, {ENOLCK, "cannot lock"}, {ERANGE, "out of its range"}}};
        for (const auto& [error, words] : faults) {
            FakeV4l2 kernel;
            kernel.has_timings = true;
            kernel.timings_error = error;
            const Run result = run(kernel);
            REQUIRE(result.error);
            CHECK(result.error->kind() == ErrorKind::no_signal);
            CHECK(std::string(result.error->what()).find(words) != std::string::npos);
            CHECK(kernel.nothing_leaked());
        }
    }

    TEST_CASE("a change of the source makes a new agreement, with the device kept open") {
        FakeV4l2 kernel;
        kernel.has_timings = true;
        V4l2Driver driver(settings_of(), kernel);
        FakeCaptureContext context;
        auto pictures = driver.frames(context);
        REQUIRE(pictures.next());
        kernel.events.push_back(source_change());
        kernel.fail_requests[VIDIOC_QUERYCAP] = EIO;  // asked only when it is opened
        CHECK(pictures.next());
        kernel.events.push_back(source_change());
        kernel.timings_error = ENOLINK;
        CHECK_THROWS_AS(pictures.next(), CameraError);
        CHECK(kernel.nothing_leaked());
    }

    TEST_CASE("controls: switches first, then values; set again when the device is opened anew") {
        FakeV4l2 kernel;
        V4l2Driver driver(
            settings_of({{"brightness", "90"}, {"ctrl.auto_exposure", "manual_mode"}}), kernel);
        {
            FakeCaptureContext context;
            auto pictures = driver.frames(context);
            REQUIRE(pictures.next());
            CHECK(kernel.controls_set ==
                  std::vector<std::uint32_t>{V4L2_CID_EXPOSURE_AUTO, V4L2_CID_BRIGHTNESS});
            CHECK(kernel.control_values[V4L2_CID_EXPOSURE_AUTO] == 1);
            context.change_control("brightness", 300);
            REQUIRE(pictures.next());
            CHECK(context.control("brightness")->value == 255);
        }
        // It forgets them when it is unplugged. The options come first, then what the program asks
        // for again.
        kernel.control_values = {{V4L2_CID_BRIGHTNESS, 128}, {V4L2_CID_EXPOSURE_AUTO, 3}};
        FakeCaptureContext context;
        context.change_control("brightness", 300);
        auto pictures = driver.frames(context);
        REQUIRE(pictures.next());
        CHECK(kernel.control_values[V4L2_CID_EXPOSURE_AUTO] == 1);
        CHECK(kernel.control_values[V4L2_CID_BRIGHTNESS] == 255);
        CHECK(context.control("brightness")->value == 255);
        CHECK(context.warnings().empty());
    }

    TEST_CASE("controls: switches first also among those that wait, in whatever order") {
        FakeV4l2 kernel;
        V4l2Driver driver(settings_of({{"brightness", "90"}}), kernel);
        FakeCaptureContext context;
        context.change_control("brightness", 200);
        context.change_control("auto_exposure", 1);
        auto pictures = driver.frames(context);
        REQUIRE(pictures.next());
        CHECK(kernel.controls_set ==
              std::vector<std::uint32_t>{V4L2_CID_EXPOSURE_AUTO, V4L2_CID_BRIGHTNESS});
        CHECK(kernel.control_values[V4L2_CID_BRIGHTNESS] == 200);
        CHECK(context.warnings().empty());
    }

    TEST_CASE("controls: a button that was pressed is not pressed again with the next opening") {
        FakeV4l2 kernel;
        kernel.control_values[V4L2_CID_DO_WHITE_BALANCE] = 0;
        V4l2Driver driver(settings_of(), kernel);
        {
            FakeCaptureContext context;
            auto pictures = driver.frames(context);
            REQUIRE(pictures.next());
            context.change_control("do_white_balance", 1);
            REQUIRE(pictures.next());
            CHECK(context.warnings().empty());
            REQUIRE(kernel.controls_set == std::vector<std::uint32_t>{V4L2_CID_DO_WHITE_BALANCE});
        }
        FakeCaptureContext context;
        auto pictures = driver.frames(context);
        REQUIRE(pictures.next());
        CHECK(kernel.controls_set.size() == 1);
    }

    TEST_CASE("a stop ends the pictures and closes the device") {
        FakeV4l2 kernel;
        V4l2Driver driver(settings_of(), kernel);
        FakeCaptureContext context;
        auto pictures = driver.frames(context);
        REQUIRE(pictures.next());
        context.request_stop();
        CHECK(pictures.next() == nullptr);
        CHECK(kernel.nothing_leaked());
        CHECK_FALSE(kernel.streaming);
    }
}
