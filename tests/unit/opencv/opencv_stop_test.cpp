// A blocked read does not block the stop: the thread that hangs in OpenCV is left behind.
#include <unistd.h>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <thread>

#include "base/unique_fd.hpp"
#include "film_folder.hpp"
#include "opencv_subject.hpp"
#include "support/driver_contract.hpp"
#include "support/fake_capture_context.hpp"

using namespace std::chrono_literals;
using onlooker::camera::CameraError;
using onlooker::camera::ErrorKind;
using onlooker::test::FakeCaptureContext;
using onlooker::test::FilmFolder;
using onlooker::test::needs_ffmpeg;
using onlooker::test::opencv;
using onlooker::test::Values;
using Clock = std::chrono::steady_clock;

namespace {

// Waits for the threads that a test left behind in OpenCV: with one of them running, the end of
// this program would pull the libraries away from under it.
class LeftBehind {
  public:
    LeftBehind() = default;
    LeftBehind(const LeftBehind&) = delete;
    LeftBehind& operator=(const LeftBehind&) = delete;
    ~LeftBehind() {
        const auto until = Clock::now() + 20s;
        while (threads() > before_ && Clock::now() < until)
            std::this_thread::sleep_for(10ms);
    }

  private:
    static std::size_t threads() { return onlooker::test::contract::entries_of("/proc/self/task"); }
    std::size_t before_ = threads();
};

// The reader that was left behind waits for a writer: this one, which leaves at once.
void open_for_a_moment(const std::string& pipe) {
    std::system(("exec 3<>" + pipe).c_str());
}

void check_stop_is_minded(const std::string& source, const Values& values = {}) {
    FakeCaptureContext context;
    const auto driver = opencv(source, values);
    Clock::time_point asked;
    std::thread stopper([&] {
        std::this_thread::sleep_for(200ms);
        asked = Clock::now();
        context.request_stop();
    });
    {
        auto frames = driver->frames(context);
        while (frames.next() != nullptr) {
        }
    }
    const auto ended = Clock::now();
    stopper.join();
    CHECK(ended - asked < 200ms);
}

}  // namespace

TEST_SUITE("opencv driver, stopping") {
    TEST_CASE("a stop is minded while a film waits for its next picture" * needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.film("film.mp4", "-c:v mpeg4");
        check_stop_is_minded(film, {{"fps", "0.1"}});
    }

    TEST_CASE("a stop is minded while opening hangs, and the thread left behind ends by itself") {
        const LeftBehind reader;
        const FilmFolder folder;
        const std::string pipe = folder.file("pipe.avi");
        REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
        check_stop_is_minded(pipe);
        open_for_a_moment(pipe);
    }

    TEST_CASE("a stop is minded while a server does not answer") {
        const LeftBehind readers;
        const onlooker::UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener.get(), generic, size) == 0);
        REQUIRE(::listen(listener.get(), 1) == 0);
        REQUIRE(::getsockname(listener.get(), generic, &size) == 0);
        const std::string port = std::to_string(ntohs(address.sin_port));
        check_stop_is_minded("http://127.0.0.1:" + port + "/film.avi");
        check_stop_is_minded("rtsp://127.0.0.1:" + port + "/live");
    }

    TEST_CASE("may be asked again while the thread before still hangs, and says so") {
        const LeftBehind reader;
        const FilmFolder folder;
        const std::string pipe = folder.file("pipe.avi");
        REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
        const auto driver = opencv(pipe);
        for (int i = 0; i < 2; ++i) {
            FakeCaptureContext context;
            std::thread stopper([&] {
                std::this_thread::sleep_for(100ms);
                context.request_stop();
            });
            auto frames = driver->frames(context);
            CHECK(frames.next() == nullptr);
            stopper.join();
        }
        FakeCaptureContext context;
        auto frames = driver->frames(context);
        try {
            frames.next();
            FAIL("it did not notice");
        } catch (const CameraError& error) {
            CHECK(error.kind() == ErrorKind::busy);
        }
        open_for_a_moment(pipe);
    }
}
