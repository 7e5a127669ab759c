#include "libcamera/words.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>
#include <string_view>

using namespace onlooker::drivers::libcamera_driver;
using onlooker::camera::CameraError;
using onlooker::camera::ErrorKind;

namespace {

bool mentions(const CameraError& error, std::string_view part) {
    return std::string_view(error.what()).find(part) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("libcamera words") {
    TEST_CASE("no camera: the reason follows from what the system has") {
        CHECK(mentions(no_camera({}), "plugged in"));

        SystemFacts facts{
            .media_nodes = {"/dev/media0"}, .forbidden_nodes = {}, .group = {}, .udev_runs = true};
        CHECK(mentions(no_camera(facts), "libcamera-ipa"));
        facts.udev_runs = false;
        CHECK(mentions(no_camera(facts), "udev does not run"));
        CHECK(no_camera(facts).kind() == ErrorKind::not_found);

        facts.forbidden_nodes = {"/dev/media0"};
        facts.group = "camera";
        CHECK(no_camera(facts).kind() == ErrorKind::no_permission);
        CHECK(mentions(no_camera(facts), "group camera"));

        facts.refusal = EPERM;
        CHECK(no_camera(facts).kind() == ErrorKind::no_permission);
        CHECK(!mentions(no_camera(facts), "group camera"));
        CHECK(mentions(no_camera(facts), "DeviceAllow="));
    }

    TEST_CASE("the wrong camera: the words say which there are") {
        const auto error = no_such_camera("ov5647", {{"id-a", "imx708"}, {"id-b", ""}}, {});
        CHECK(mentions(error, "ov5647"));
        CHECK(mentions(error, "0 is imx708 (id-a)"));
        CHECK(mentions(error, "1 is id-b"));
        CHECK(no_such_camera("x", {}, {}).kind() == ErrorKind::not_found);
    }

    TEST_CASE("a camera that cannot be had: the kind follows from the error number") {
        CHECK(cannot_acquire("cam", -EBUSY).kind() == ErrorKind::busy);
        CHECK(cannot_acquire("cam", EACCES).kind() == ErrorKind::no_permission);
        CHECK(cannot_acquire("cam", EPERM).kind() == ErrorKind::no_permission);
        CHECK(mentions(cannot_acquire("cam", EPERM), "DeviceAllow="));
        CHECK(cannot_acquire("cam", -ENODEV).kind() == ErrorKind::unplugged);
        CHECK(cannot_acquire("cam", -EIO).kind() == ErrorKind::failed);
        CHECK(mentions(cannot_acquire("cam", -EBUSY), "in use"));
    }

    TEST_CASE("a camera that does not start: the words say what to try") {
        CHECK(mentions(cannot_start("cam", -ENOSPC), "USB bandwidth"));
        CHECK(cannot_start("cam", -EBUSY).kind() == ErrorKind::busy);
        CHECK(cannot_start("cam", ENODEV).kind() == ErrorKind::unplugged);
        CHECK(mentions(cannot_start("cam", -EIO), "does not start"));
    }

    TEST_CASE("looking at the system does no harm where there is none") {
        CHECK_NOTHROW(look_at_system());
    }
}
