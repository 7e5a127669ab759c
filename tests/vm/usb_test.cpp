// A USB camera that gives MJPEG, through the kernel's uvcvideo. The guest script plays the
// hardware: CAMERA_PID is the test camera's process, PICTURES the folder with what it sends.
#include <signal.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "capture_run.hpp"
#include "support/driver_contract.hpp"
#include "test_camera.hpp"
#include "v4l2/entry.hpp"

using namespace onlooker;
using namespace std::chrono_literals;
using camera::ErrorKind;
using test::CaptureRun;
using test::plug;
using test::sent_pictures;
using test::signal_camera;

namespace {

std::string octets_of(const camera::Captured* captured) {
    REQUIRE(captured);
    const auto data = std::get<media::JpegImage>(captured->picture).data;
    return {reinterpret_cast<const char*>(data.data()), data.size()};
}

CaptureRun start(const std::string& source) {
    return CaptureRun(drivers::v4l2::entry(), source, {{"size", "640x480"}});
}

// What udev calls the camera, for as long as it is plugged in: by its makers' names and its serial
// number.
std::string link_by_id() {
    for (const auto& link : std::filesystem::directory_iterator("/dev/v4l/by-id"))
        if (link.path().native().ends_with("_SERIAL1-video-index0"))
            return link.path();
    return "no link below /dev/v4l/by-id";
}

// A run that has given its first picture. The camera at times refuses a request, as others do on a
// busy bus, because GadgetFS is overtaken by the next one; it is then tried again, as the server
// does.
std::unique_ptr<CaptureRun> streaming(const std::string& source) {
    for (int attempt = 0;; ++attempt) {
        auto run =
            std::make_unique<CaptureRun>(drivers::v4l2::entry(), source,
                                         std::map<std::string, std::string>{{"size", "640x480"}});
        try {
            const bool began = run->next() != nullptr;
            REQUIRE(began);
            return run;
        } catch (const camera::CameraError& error) {
            if (error.kind() != ErrorKind::failed || attempt == 5)
                throw;
            MESSAGE("tried again: " << std::string(error.what()));
        }
    }
}

// The other program: has the camera until it is killed, and says when it has it.
[[noreturn]] void hold_camera(int ready) {
    try {
        const auto run = streaming("0");
        if (::write(ready, "!", 1) == 1)
            ::pause();
    } catch (const std::exception&) {
    }
    ::_exit(1);
}

}  // namespace

TEST_SUITE("v4l2 usb") {
    TEST_CASE("a JPEG passes as it is, octet for octet") {
        const auto sent = sent_pictures();
        const auto run = streaming("serial:SERIAL1");
        for (int i = 0; i < 8; ++i) {
            std::string octets = octets_of(run->next());
            // The camera pads a picture by one zero where USB needs it to.
            if (!sent.contains(octets) && octets.back() == '\0')
                octets.pop_back();
            CHECK(sent.contains(octets));
        }
    }

    TEST_CASE(
        "it is found by serial number, by port, by node, by its id, and as the first camera") {
        for (const std::string& source : std::initializer_list<std::string>{
                 "serial:SERIAL1", "usb:1-1", "/dev/video0", link_by_id(), "0", ""}) {
            CAPTURE(source);
            CHECK(streaming(source)->next());
        }
        for (const char* source : {"serial:OTHER", "usb:1-2", "/dev/v4l/by-id/other", "7"}) {
            CAPTURE(source);
            const auto error = start(source).error_within(1);
            REQUIRE(error);
            CHECK(error->kind() == ErrorKind::not_found);
        }
    }

    TEST_CASE("the second node of a USB camera gives no pictures, and says so") {
        const auto error = start("/dev/video1").error_within(1);
        REQUIRE(error);
        CHECK(std::string(error->what()).find("gives no pictures") != std::string::npos);
    }

    TEST_CASE("a second program hears who has the camera") {
        int ready[2];
        REQUIRE(::pipe(ready) == 0);
        const pid_t other = ::fork();
        if (other == 0)
            hold_camera(ready[1]);
        ::close(ready[1]);
        char mark = 0;
        REQUIRE(::read(ready[0], &mark, 1) == 1);
        ::close(ready[0]);
        const auto error = start("0").error_within(1);
        ::kill(other, SIGKILL);
        ::waitpid(other, nullptr, 0);
        REQUIRE(error);
        CHECK(error->kind() == ErrorKind::busy);
        CHECK(std::string(error->what()).starts_with("/dev/video0 is in use by "));
        CHECK(std::string(error->what()).find("(pid " + std::to_string(other) + ")") !=
              std::string::npos);
    }

    TEST_CASE("a frame that the camera marks as broken is dropped and counted") {
        const auto run = streaming("0");
        for (int i = 0; i < 3; ++i)
            REQUIRE(run->next());
        signal_camera(SIGUSR2);
        unsigned lost = 0;
        for (int i = 0; i < 8; ++i) {
            const auto* captured = run->next();
            REQUIRE(captured);
            lost += captured->lost;
        }
        CHECK(lost >= 1);
    }

    TEST_CASE("a camera that falls silent is waited for, and its pictures come again") {
        const auto run = streaming("0");
        signal_camera(SIGUSR1);
        std::jthread operator_([] {
            std::this_thread::sleep_for(700ms);
            signal_camera(SIGUSR1);
        });
        const auto begin = SteadyClock::now();
        for (int i = 0; i < 6; ++i)
            REQUIRE(run->next());
        CHECK(SteadyClock::now() - begin > 600ms);
    }

    TEST_CASE("unplugged in mid-stream, then plugged in again") {
        {
            const auto run = streaming("serial:SERIAL1");
            plug(false);
            const auto error = run->error_within(30);
            REQUIRE(error);
            CHECK(error->kind() == ErrorKind::unplugged);
        }
        const auto missing = start("serial:SERIAL1").error_within(1);
        REQUIRE(missing);
        CHECK(missing->kind() == ErrorKind::not_found);
        plug(true);
        bool back = false;
        for (int i = 0; i < 40 && !back; ++i) {
            std::this_thread::sleep_for(50ms);
            try {
                auto run = start("serial:SERIAL1");
                back = run.next() != nullptr;
            } catch (const camera::CameraError&) {
            }
        }
        CHECK(back);
    }

    TEST_CASE("the V4L2 driver keeps its contract") {
        const auto entry = drivers::v4l2::entry();
        test::Plug cable;
        cable.unplug = [] { plug(false); };
        cable.replug = [] { plug(true); };
        cable.times = 5;
        test::check_driver_contract({
            .name = "uvc",
            .make = [&] { return entry.make({"test", "serial:SERIAL1", {{"size", "320x240"}}}); },
            .plug = cable,
            .control = test::ChangeableControl{"brightness", 77},
            .start_attempts = 6,
        });
    }

    TEST_CASE("the list names the stable way to write it") {
        const auto cameras = drivers::v4l2::entry().list();
        REQUIRE(!cameras.empty());
        CHECK(cameras[0].title == "Test camera (USB 1-1, serial SERIAL1, /dev/video0)");
        // Where there is no udev it is the serial number: guest/server.sh.
        CHECK(cameras[0].option == "--camera v4l2:" + link_by_id());
        REQUIRE(!cameras[0].facts.empty());
        CHECK(cameras[0].facts[0] ==
              "MJPEG: 640x480 at 30/15/10 fps, 1280x720 at 30/15/10 fps, 320x240 at 30/15/10 fps");
    }
}
