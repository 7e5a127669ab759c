#include "opencv/opencv_driver.hpp"

#include <doctest/doctest.h>
#include <opencv2/videoio.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "film_folder.hpp"
#include "media/jpeg_check.hpp"
#include "opencv_subject.hpp"
#include "support/driver_contract.hpp"
#include "support/driver_error.hpp"
#include "support/fake_capture_context.hpp"

using namespace std::chrono_literals;
using onlooker::camera::CameraError;
using onlooker::camera::Captured;
using onlooker::camera::Driver;
using onlooker::camera::ErrorKind;
using onlooker::media::JpegError;
using onlooker::media::JpegImage;
using onlooker::media::PixelFormat;
using onlooker::media::RawImage;
using onlooker::test::FakeCaptureContext;
using onlooker::test::FilmFolder;
using onlooker::test::needs_ffmpeg;
using onlooker::test::opencv;
using onlooker::test::Values;
using Clock = std::chrono::steady_clock;

namespace {

CameraError error_of(const std::string& source, Values values = {}) {
    return onlooker::test::error_of(*opencv(source, std::move(values)));
}

// OpenCV may have been built without GStreamer, and GStreamer be there without its plugins.
doctest::skip needs_pipelines() {
    const bool works =
        cv::VideoCapture("videotestsrc num-buffers=1 ! jpegenc ! appsink", cv::CAP_GSTREAMER)
            .isOpened();
    if (!works)
        std::cout << "skipped: this OpenCV runs no pipeline: apt-get install "
                     "gstreamer1.0-plugins-base gstreamer1.0-plugins-good"
                  << std::endl;
    return doctest::skip(!works);
}

// Blue, green, red.
std::array<int, 3> pixel(const Captured& captured, unsigned x, unsigned y) {
    const auto& image = std::get<RawImage>(captured.picture);
    const auto& plane = image.planes[0];
    const std::size_t at = y * plane.stride + x * 3;
    return {std::to_integer<int>(plane.data[at]), std::to_integer<int>(plane.data[at + 1]),
            std::to_integer<int>(plane.data[at + 2])};
}

// Where the start mark of its third JPEG was, zeros are.
void break_third_picture(const std::string& film) {
    std::fstream file(film, std::ios::in | std::ios::out | std::ios::binary);
    const std::string octets{std::istreambuf_iterator<char>(file), {}};
    std::size_t at = 0;
    for (int i = 0; i < 3; ++i)
        at = octets.find("\xff\xd8\xff", at + 1);
    REQUIRE(at != std::string::npos);
    file.seekp(static_cast<std::streamoff>(at));
    file.write("\0\0", 2);
}

}  // namespace

TEST_SUITE("opencv driver") {
    TEST_CASE("gives a film's pictures as BGR, in order, at its own rate, and ends with it" *
              needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.film("film.mp4", "-c:v mpeg4 -q:v 2");
        FakeCaptureContext context;
        const auto driver = opencv(film);
        auto frames = driver->frames(context);
        std::vector<int> brightness;
        Clock::time_point first;
        while (const Captured* captured = frames.next()) {
            if (brightness.empty())
                first = Clock::now();
            const auto& image = std::get<RawImage>(captured->picture);
            CHECK(image.format == PixelFormat::bgr24);
            CHECK(image.width == 64);
            CHECK(image.height == 48);
            const auto [blue, green, red] = pixel(*captured, 8, 24);
            CHECK(red > 200);
            CHECK(green < 50);
            CHECK(blue < 50);
            brightness.push_back(pixel(*captured, 48, 24)[1]);
        }
        const auto lasted = Clock::now() - first;
        REQUIRE(brightness.size() == 10);
        for (std::size_t i = 1; i < brightness.size(); ++i)
            CHECK(brightness[i] > brightness[i - 1] + 10);
        CHECK(lasted > 850ms);
        CHECK(lasted < 2s);
    }

    TEST_CASE("keeps the contract of drivers" * needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.film("film.avi", "-c:v mjpeg -pix_fmt yuvj420p");
        onlooker::test::Plug plug;
        plug.unplug = [&] { std::filesystem::rename(film, folder.file("away")); };
        plug.replug = [&] { std::filesystem::rename(folder.file("away"), film); };
        // It is opened again for each round of the loop.
        plug.ends_with = ErrorKind::not_found;
        onlooker::test::check_driver_contract({
            .name = "opencv",
            .make = [&] { return opencv(film, {{"fps", "200"}, {"loop", "1"}}); },
            .plug = plug,
            .control = onlooker::test::Without("OpenCV's controls are not offered"),
        });
    }

    TEST_CASE("passes MJPEG on undecoded, and decodes it when told to" * needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.film("film.avi", "-c:v mjpeg -pix_fmt yuvj420p");
        FakeCaptureContext context;
        const auto raw = opencv(film, {{"fps", "100"}});
        auto frames = raw->frames(context);
        int count = 0;
        while (const Captured* captured = frames.next()) {
            const auto data = std::get<JpegImage>(captured->picture).data;
            REQUIRE(data.size() > 4);
            CHECK(data[0] == std::byte{0xff});
            CHECK(data[1] == std::byte{0xd8});
            ++count;
        }
        CHECK(count == 10);

        const auto decoded = opencv(film, {{"mjpeg", "0"}});
        auto pictures = decoded->frames(context);
        const Captured* captured = pictures.next();
        REQUIRE(captured != nullptr);
        CHECK(pixel(*captured, 8, 24)[2] > 200);
        CHECK(context.warnings().empty());
    }

    TEST_CASE("a broken picture of raw MJPEG is passed on as one, for the check to refuse" *
              needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.film("film.avi", "-c:v mjpeg -pix_fmt yuvj420p");
        break_third_picture(film);
        FakeCaptureContext context;
        const auto driver = opencv(film, {{"fps", "100"}});
        auto frames = driver->frames(context);
        std::vector<bool> good;
        while (const Captured* captured = frames.next()) {
            REQUIRE(std::holds_alternative<JpegImage>(captured->picture));
            const auto data = std::get<JpegImage>(captured->picture).data;
            good.push_back(onlooker::media::check_jpeg(data).error == JpegError::none);
        }
        CHECK(good ==
              std::vector<bool>{true, true, false, true, true, true, true, true, true, true});
    }

    TEST_CASE("passes on the JPEG of a pipeline" * needs_pipelines()) {
        const std::string pipeline = "videotestsrc num-buffers=3 ! jpegenc ! image/jpeg ! appsink";
        FakeCaptureContext context;
        const auto driver = opencv(pipeline);
        auto frames = driver->frames(context);
        const Captured* captured = frames.next();
        REQUIRE(captured != nullptr);
        const auto data = std::get<JpegImage>(captured->picture).data;
        CHECK(onlooker::media::check_jpeg(data).error == JpegError::none);
    }

    TEST_CASE("what has 16 bits a channel is shown with 8" * needs_pipelines()) {
        FakeCaptureContext context;
        const auto driver = opencv(
            "videotestsrc num-buffers=3 pattern=white ! video/x-raw,format=GRAY16_LE ! appsink");
        auto frames = driver->frames(context);
        const Captured* captured = frames.next();
        REQUIRE(captured != nullptr);
        const auto& image = std::get<RawImage>(captured->picture);
        CHECK(image.format == PixelFormat::grey);
        CHECK(image.planes[0].data[0] > std::byte{230});
    }

    TEST_CASE("a camera's device is watched, and nothing else") {
        CHECK(opencv("3")->watch_path() == "/dev/video3");
        CHECK(opencv("")->watch_path() == "/dev/video0");
        CHECK(opencv("/dev/v4l/by-id/x")->watch_path() == "/dev/v4l/by-id/x");
        CHECK(opencv("film.avi")->watch_path() == "");
        CHECK(opencv("rtsp://127.0.0.1/live")->watch_path() == "");
    }

    TEST_CASE("says so when MJPEG was asked for and cannot be had" * needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.film("film.mp4", "-c:v mpeg4");
        FakeCaptureContext context;
        const auto driver = opencv(film, {{"mjpeg", "1"}});
        auto frames = driver->frames(context);
        REQUIRE(frames.next() != nullptr);
        CHECK(context.warnings().size() == 1);
    }

    TEST_CASE("a film that loops begins again, without a gap in its pace" * needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.film("film.avi", "-c:v mjpeg -pix_fmt yuvj420p");
        FakeCaptureContext context;
        const auto driver = opencv(film, {{"loop", "1"}, {"mjpeg", "0"}, {"fps", "50"}});
        auto frames = driver->frames(context);
        std::vector<int> brightness;
        const auto begin = Clock::now();
        for (int i = 0; i < 25; ++i)
            brightness.push_back(pixel(*frames.next(), 48, 24)[1]);
        CHECK(Clock::now() - begin > 470ms);
        CHECK(brightness[10] == brightness[0]);
        CHECK(brightness[24] == brightness[4]);
    }

    TEST_CASE("what is not there, or no video, is told by its kind") {
        const FilmFolder folder;
        CHECK(error_of(folder.file("nothing.avi")).kind() == ErrorKind::not_found);
        CHECK(error_of("7654").kind() == ErrorKind::not_found);
        CHECK(error_of("/dev/video7654").kind() == ErrorKind::not_found);
        const std::string text = folder.file("text.avi");
        REQUIRE(std::system(("echo no video > " + text).c_str()) == 0);
        CHECK(error_of(text).kind() == ErrorKind::failed);
        CHECK(error_of("no_such_element ! appsink").kind() == ErrorKind::failed);
        const CameraError refused = error_of("rtsp://me:secret@127.0.0.1:1/live");
        CHECK(refused.kind() == ErrorKind::not_found);
        CHECK(std::string(refused.what()).find("secret") == std::string::npos);
    }

    TEST_CASE("starts and stops many times without leaving a descriptor or a thread" *
              needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.film("film.avi", "-c:v mjpeg -pix_fmt yuvj420p");
        const auto count = [](const char* what) {
            return std::distance(std::filesystem::directory_iterator(what),
                                 std::filesystem::directory_iterator());
        };
        const auto driver = opencv(film);
        std::ptrdiff_t descriptors = 0;
        std::ptrdiff_t threads = 0;
        for (int i = 0; i < 100; ++i) {
            FakeCaptureContext context;
            auto frames = driver->frames(context);
            REQUIRE(frames.next() != nullptr);
            if (i == 10) {
                descriptors = count("/proc/self/fd");
                threads = count("/proc/self/task");
            }
            if (i == 99) {
                CHECK(count("/proc/self/fd") <= descriptors);
                CHECK(count("/proc/self/task") <= threads);
            }
        }
    }
}
