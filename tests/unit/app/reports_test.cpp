#include "app/reports.hpp"

#include <asio/ip/tcp.hpp>
#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace onlooker;
using app::load_options;
using app::Options;

namespace {

class NoDriver : public camera::Driver {
  public:
    Generator<camera::Captured> frames(camera::CaptureContext&) override { co_return; }
};

camera::DriverEntry find(std::string_view name) {
    if (name == "nonesuch")
        throw std::runtime_error("there is no driver nonesuch");
    camera::DriverEntry entry;
    entry.name = name;
    entry.make = [](const camera::DriverOptions& options) -> std::unique_ptr<camera::Driver> {
        if (options.values.contains("bad"))
            throw camera::DriverOptionError("bad: expected good");
        return std::make_unique<NoDriver>();
    };
    return entry;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("reports") {
    TEST_CASE("of a good configuration list address and cameras without secrets") {
        const std::string text = app::check_text(load_options(
            {"--host", "::1", "--port", "80", "--camera",
             "bed=relay:http://a:hush@h/,fps=5,password=hush", "--camera", "b,always_on=1"},
            {}));
        CHECK(contains(text, "ok: http://[::1]:80/\n"));
        CHECK(contains(text, "bed          relay:http://a:***@h/,fps=5,password=***"));
        CHECK(contains(text, "always open"));
        CHECK_FALSE(contains(text, "hush"));
    }

    TEST_CASE("of an address are what a browser takes") {
        CHECK(app::page_address("127.0.0.1", 5000, false) == "http://127.0.0.1:5000/");
        CHECK(app::page_address("localhost", 5000, false) == "http://localhost:5000/");
        CHECK(app::page_address("127.0.0.2", 5000, false) == "http://127.0.0.2:5000/");
        CHECK(app::page_address("::1", 5000, true) == "https://[::1]:5000/");
        CHECK(app::page_address("::", 80, false) == "http://<this machine's address>:80/");
    }

    TEST_CASE("of several addresses name localhost only where each client of it is served") {
        const asio::ip::tcp::endpoint v4(asio::ip::make_address("127.0.0.1"), 80);
        const asio::ip::tcp::endpoint v6(asio::ip::make_address("::1"), 80);
        using Addresses = std::vector<std::string>;
        CHECK(app::page_addresses(std::array{v4, v6}, false) == Addresses{"http://localhost:80/"});
        CHECK(app::page_addresses(std::array{v4}, false) == Addresses{"http://127.0.0.1:80/"});
        CHECK(app::page_addresses(std::array{v6}, true) == Addresses{"https://[::1]:80/"});
        const asio::ip::tcp::endpoint other(v6.address(), 81);
        CHECK(app::page_addresses(std::array{v4, other}, false) ==
              Addresses{"http://127.0.0.1:80/", "http://[::1]:81/"});
        CHECK(app::page_address("%wlan0", 80, false) == "http://<the address of wlan0>:80/");
    }

    TEST_CASE("of a bad camera name it") {
        CHECK_THROWS_WITH_AS(
            app::check_cameras(load_options({"--camera", "bed=x,bad=1"}, {}), find),
            "--camera: camera bed: bad: expected good", app::ConfigError);
        CHECK_THROWS_WITH_AS(app::check_cameras(load_options({"--camera", "nonesuch"}, {}), find),
                             "--camera: camera camera: there is no driver nonesuch",
                             app::ConfigError);
        CHECK_NOTHROW(app::check_cameras(load_options({"--camera", "x,good=1"}, {}), find));
    }

    TEST_CASE("of the version tell drivers and libraries") {
        const std::string text = app::version_text({"emulated", "v4l2"}, {});
        CHECK(contains(text, "onlooker 0."));
        CHECK(contains(text, "drivers built in: emulated, v4l2\n"));
        CHECK(contains(text, "driver modules:   none\n"));
        CHECK(contains(text, "asio 1."));
        CHECK(contains(text, "libjpeg-turbo 2."));
    }

    TEST_CASE("of found cameras give the line to type") {
        camera::DriverEntry entry = find("v4l2");
        CHECK(contains(app::cameras_text({entry}), "--camera emulated"));
        entry.list = [] {
            return std::vector<camera::FoundCamera>{
                {"A \x1b camera", "--camera v4l2:/dev/video0", {"MJPG 1280x720"}}};
        };
        CHECK(app::cameras_text({entry}) ==
              "A \\x1b camera\n    --camera v4l2:/dev/video0\n    MJPG 1280x720\n");
        // A path of the firmware has backslashes, which belong to the line; \x1b does not.
        entry.list = [] {
            return std::vector<camera::FoundCamera>{
                {"A camera", "--camera 'libcamera:\\_SB_.PCI0'", {}},
                {"Another", "--camera v4l2:serial:\x1b[2J\n", {}}};
        };
        CHECK(app::cameras_text({entry}) ==
              "A camera\n    --camera 'libcamera:\\_SB_.PCI0'\n"
              "Another\n    --camera v4l2:serial:\\x1b[2J\\x0a\n");
        entry.list = []() -> std::vector<camera::FoundCamera> { throw std::runtime_error("no"); };
        CHECK(app::cameras_text({entry}) == "v4l2: no\n");
    }
}
