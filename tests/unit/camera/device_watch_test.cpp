#include "camera/device_watch.hpp"

#include <unistd.h>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct Place : test::TestLoop {
    Place() {
        std::string pattern = (fs::temp_directory_path() / "device-watch-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        root = pattern;
    }
    ~Place() {
        watch.reset();
        fs::remove_all(root);
    }

    void watch_for(const std::string& path) {
        watch = std::make_unique<DeviceWatch>(loop.get_executor(), root.string() + path,
                                              [this] { ++calls; });
    }
    void make_file(const std::string& path) const { std::ofstream(root.string() + path) << "x"; }
    void make_folder(const std::string& path) const { fs::create_directory(root.string() + path); }
    // Whether it is told of since the last time that this was asked.
    bool is_told() {
        const bool told = run_until([this] { return calls > 0; });
        settle();
        calls = 0;
        return told;
    }
    bool is_quiet() {
        settle();
        return calls == 0;
    }
    // Events are there as soon as the call that made them has returned.
    void settle() { loop.run_for(10ms); }

    fs::path root;
    int calls = 0;
    std::unique_ptr<DeviceWatch> watch;
};

// A USB camera and the folders of its stable name appear.
void check_step_by_step(Place& place) {
    place.make_folder("/v4l");
    CHECK(place.is_quiet());
    place.make_folder("/v4l/by-id");
    CHECK(place.is_quiet());
    place.make_file("/v4l/by-id/usb-camera");
    CHECK(place.is_told());
}

}  // namespace

TEST_SUITE("device watch") {
    TEST_CASE("tells when the path appears, and of nothing else in its folder") {
        Place place;
        place.watch_for("/video0");
        place.make_file("/video1");
        CHECK(place.is_quiet());
        place.make_file("/video0");
        CHECK(place.is_told());
    }

    TEST_CASE("tells when a device that is there may be opened at last") {
        Place place;
        place.make_file("/video0");
        place.watch_for("/video0");
        CHECK(place.is_quiet());
        fs::permissions(place.root / "video0", fs::perms::owner_read);
        CHECK(place.is_told());
    }

    TEST_CASE("moves down as the folders above the path appear") {
        Place place;
        place.watch_for("/v4l/by-id/usb-camera");
        check_step_by_step(place);
    }

    TEST_CASE("moves up when they go, and down again") {
        Place place;
        fs::create_directories(place.root / "v4l/by-id");
        place.watch_for("/v4l/by-id/usb-camera");
        for (int i = 0; i < 3; ++i) {
            fs::remove_all(place.root / "v4l");
            CHECK(place.is_quiet());
            check_step_by_step(place);
        }
    }

    TEST_CASE("misses none that appears with its folders, at any moment") {
        for (int i = 0; i < 200; ++i) {
            Place place;
            place.watch_for("/a/b/c/d/e/video0");
            std::thread other([&place, i] {
                std::string path = "/";
                for (const char* const folder : {"a", "b", "c", "d", "e"}) {
                    place.make_folder(path += folder);
                    path += "/";
                    for (int wait = 0; wait < i; ++wait)
                        std::this_thread::yield();
                }
                place.make_file(path + "video0");
            });
            const bool told = place.run_until([&place] { return place.calls > 0; });
            other.join();
            REQUIRE(told);
        }
    }

    TEST_CASE("a path that ends with a slash is anything new in that folder, once it is there") {
        Place place;
        place.watch_for("/pictures/");
        place.make_file("/other");
        CHECK(place.is_quiet());
        place.make_folder("/pictures");
        CHECK(place.is_told());
        place.make_file("/pictures/1.jpg");
        CHECK(place.is_told());
        place.make_file("/another");
        CHECK(place.is_quiet());
    }

    TEST_CASE("may be ended by whom it tells") {
        Place place;
        bool told = false;
        std::unique_ptr<DeviceWatch> watch;
        watch = std::make_unique<DeviceWatch>(place.loop.get_executor(),
                                              (place.root / "video0").string(), [&] {
                                                  told = true;
                                                  watch.reset();
                                              });
        place.make_file("/video0");
        CHECK(place.run_until([&] { return told; }));
        place.make_file("/video0");
        place.settle();
        CHECK_FALSE(watch);
    }
}
