#include "emulated/emulated.hpp"

#include <unistd.h>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "emulated/picture_listing.hpp"
#include "folder.hpp"
#include "support/cranked_time.hpp"

namespace onlooker::drivers {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using camera::CameraError;
using camera::DriverOptionError;
using camera::DriverOptions;
using camera::ErrorKind;
using test::CrankedContext;
using test::CrankedTime;
using test::embedded;
using test::Folder;

std::string_view content(const camera::Captured* captured) {
    REQUIRE(captured != nullptr);
    const auto octets = std::get<media::JpegImage>(captured->picture).data;
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

void set_wall(CrankedTime& time, std::chrono::milliseconds since_epoch) {
    time.wall = CrankedTime::Wall(since_epoch);
}

DriverOptions folder_options(const std::string& path) {
    return {.camera_name = "camera", .source = path, .values = {}};
}

struct Failure {
    ErrorKind kind{};
    std::string words;
};

Failure failure_of(const std::string& path) {
    CrankedTime time;
    CrankedContext context(time);
    const auto driver = make_emulated(folder_options(path), time.clocks());
    try {
        auto pictures = driver->frames(context);
        pictures.next();
    } catch (const CameraError& error) {
        return {error.kind(), error.what()};
    }
    FAIL("the folder was taken: " << path);
    return {};
}

bool has(const std::string& words, std::string_view part) {
    return words.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("emulated") {
    TEST_CASE("shows the picture whose number is the unix second modulo three") {
        for (int second = 1'700'000'000; second < 1'700'000'007; ++second) {
            CrankedTime time;
            CrankedContext context(time);
            set_wall(time, std::chrono::seconds(second) + 250ms);
            const auto driver = make_emulated({}, time.clocks());
            auto pictures = driver->frames(context);
            CHECK(content(pictures.next()) == embedded(static_cast<std::size_t>(second % 3)));
        }
        CHECK(embedded(0) != embedded(1));
        CHECK(embedded(1) != embedded(2));
    }

    TEST_CASE("the first picture comes at once, the next when the second changes") {
        CrankedTime time;
        CrankedContext context(time);
        set_wall(time, 300'400ms);
        const auto driver = make_emulated({}, time.clocks());
        auto pictures = driver->frames(context);
        const auto start = time.steady;
        CHECK(content(pictures.next()) == embedded(0));
        CHECK(time.steady == start);
        CHECK(content(pictures.next()) == embedded(1));
        CHECK(time.steady == start + 600ms);
        CHECK(content(pictures.next()) == embedded(2));
        CHECK(time.steady == start + 1600ms);
    }

    TEST_CASE("a turn of the wall clock is followed") {
        CrankedTime time;
        CrankedContext context(time);
        set_wall(time, 300'000ms);
        const auto driver = make_emulated({}, time.clocks());
        auto pictures = driver->frames(context);
        pictures.next();
        set_wall(time, 200'000ms);  // 200000 modulo 3 is 2
        CHECK(content(pictures.next()) == embedded(200 % 3));
        set_wall(time, -1'000ms);
        CHECK(content(pictures.next()) == embedded(2));
    }

    TEST_CASE("fps says how many pictures a second has") {
        CrankedTime time;
        CrankedContext context(time);
        set_wall(time, 300'000ms);
        const auto driver = make_emulated(
            {.camera_name = "c", .source = "", .values = {{"fps", "4"}}}, time.clocks());
        CHECK(driver->nominal_rate() == 4);
        auto pictures = driver->frames(context);
        const auto start = time.steady;
        for (std::size_t i = 0; i < 9; ++i) {
            CHECK(content(pictures.next()) == embedded((300 * 4 + i) % 3));
            CHECK(time.steady == start + 250ms * static_cast<int>(i));
        }
    }

    TEST_CASE("ends when it is stopped, also in its sleep") {
        CrankedTime time;
        CrankedContext context(time);
        const auto driver = make_emulated({}, time.clocks());
        auto pictures = driver->frames(context);
        CHECK(pictures.next() != nullptr);
        context.request_stop();
        CHECK(pictures.next() == nullptr);
    }

    TEST_CASE("a folder is shown in the order of a person: 1, 2, 10") {
        const Folder folder;
        folder.write("10.jpg", embedded(2));
        folder.write("2.JPEG", embedded(1));
        folder.write("1.jpg", embedded(0));
        folder.write(".hidden.jpg", "not read");
        folder.write("notes.txt", "not read");
        CrankedTime time;
        CrankedContext context(time);
        set_wall(time, 300'000ms);
        const auto driver = make_emulated(folder_options(folder.path()), time.clocks());
        auto pictures = driver->frames(context);
        for (std::size_t i = 0; i < 6; ++i)
            CHECK(content(pictures.next()) == embedded(i % 3));
    }

    TEST_CASE("natural order counts runs of digits as numbers") {
        CHECK(natural_less("1", "2"));
        CHECK(natural_less("2", "10"));
        CHECK(natural_less("a2b10", "a10b2"));
        CHECK(natural_less("a2b9", "a2b10"));
        CHECK(natural_less("img", "img1"));
        CHECK(natural_less("99999999999999999999998", "99999999999999999999999"));
        CHECK(!natural_less("10", "9"));
        CHECK(!natural_less("x", "x"));
        CHECK(natural_less("01", "1") != natural_less("1", "01"));
    }

    TEST_CASE("a folder that is not there is not found, and says so by name") {
        const Failure failure = failure_of("/nonexistent/pictures");
        CHECK(failure.kind == ErrorKind::not_found);
        CHECK(has(failure.words, "/nonexistent/pictures"));
        CHECK(has(failure_of("~/pictures").words, "write the whole path"));
    }

    TEST_CASE("a folder without pictures says what to put in") {
        const Folder folder;
        folder.write("notes.txt", "none");
        const Failure failure = failure_of(folder.path());
        CHECK(failure.kind == ErrorKind::not_found);
        CHECK(has(failure.words, "*.jpg"));
        CHECK(has(failure.words, "notes.txt"));
    }

    TEST_CASE("a folder without a whole picture names one, and what is wrong with it") {
        const Folder folder;
        folder.write("1.jpg", "");
        Failure failure = failure_of(folder.path());
        CHECK(failure.kind == ErrorKind::failed);
        CHECK(has(failure.words, "1.jpg is empty"));
        folder.write("2.jpg", embedded(1).substr(0, embedded(1).size() / 2));
        folder.write("1.jpg", "\x89PNG\r\n");
        failure = failure_of(folder.path());
        CHECK(has(failure.words, "1.jpg cannot be shown: this is not a JPEG picture"));
        CHECK(has(failure.words, "other 1 files"));
    }

    TEST_CASE("a single file is a source, also one that has no extension") {
        const Folder folder;
        folder.write("snapshot", embedded(1));
        CrankedTime time;
        CrankedContext context(time);
        const auto driver = make_emulated(folder_options(folder.path("snapshot")), time.clocks());
        auto pictures = driver->frames(context);
        CHECK(content(pictures.next()) == embedded(1));
        folder.put("snapshot", embedded(2));
        CHECK(content(pictures.next()) == embedded(2));
        CHECK(driver->watch_path() == folder.path("snapshot"));
    }

    TEST_CASE("a change is shown at once where the next turn is far") {
        const Folder folder;
        folder.write("1.jpg", embedded(0));
        CrankedTime time;
        CrankedContext context(time);
        const auto driver = make_emulated(
            {.camera_name = "c", .source = folder.path(), .values = {{"fps", "0.01"}}},
            time.clocks());
        auto pictures = driver->frames(context);
        CHECK(content(pictures.next()) == embedded(0));
        const auto shown = time.steady;
        folder.put("1.jpg", embedded(1));
        CHECK(content(pictures.next()) == embedded(1));
        CHECK(time.steady - shown < 2s);
    }

    TEST_CASE("the last picture that goes ends it, and a new one begins it") {
        const Folder folder;
        folder.write("1.jpg", embedded(0));
        CrankedTime time;
        CrankedContext context(time);
        const auto driver = make_emulated(folder_options(folder.path()), time.clocks());
        {
            auto pictures = driver->frames(context);
            CHECK(pictures.next() != nullptr);
            folder.remove("1.jpg");
            CHECK_THROWS_WITH_AS(pictures.next(), doctest::Contains("put some in"), CameraError);
        }
        folder.write("2.jpg", embedded(1));
        auto pictures = driver->frames(context);
        CHECK(content(pictures.next()) == embedded(1));
    }

    TEST_CASE("pictures without an end mark are shown where the user allows it") {
        const Folder folder;
        folder.write("1.jpg", embedded(0).substr(0, embedded(0).size() - 2));
        CHECK(has(failure_of(folder.path()).words, "cut short"));
        CrankedTime time;
        CrankedContext context(time);
        DriverOptions options = folder_options(folder.path());
        options.allow_truncated = true;
        const auto driver = make_emulated(options, time.clocks());
        auto pictures = driver->frames(context);
        CHECK(pictures.next() != nullptr);
    }

    TEST_CASE("a picture that may not be read is no permission") {
        if (::geteuid() == 0)
            return;  // root may read everything
        const Folder folder;
        folder.write("1.jpg", embedded(0));
        fs::permissions(folder.path() + "/1.jpg", fs::perms::none);
        CHECK(failure_of(folder.path()).kind == ErrorKind::no_permission);
    }

    TEST_CASE("a folder can come back: it is watched, and read again each time") {
        const Folder folder;
        CrankedTime time;
        CrankedContext context(time);
        const auto driver = make_emulated(folder_options(folder.path()), time.clocks());
        CHECK(driver->watch_path() == folder.path() + "/");
        CHECK_THROWS_AS(driver->frames(context).next(), CameraError);
        folder.write("1.jpg", embedded(2));
        auto pictures = driver->frames(context);
        CHECK(content(pictures.next()) == embedded(2));
    }

    TEST_CASE("what is watched is absolute: what is in the folder, or its own coming") {
        const auto watched = [](const std::string& source) {
            return make_emulated(folder_options(source), Clocks{})->watch_path();
        };
        const std::string here = fs::current_path().string();
        CHECK(watched("no-such-pictures") == here + "/no-such-pictures");
        CHECK(watched("no-such-pictures/") == here + "/no-such-pictures");
        CHECK(watched(".") == here + "/");
        const Folder folder;
        CHECK(watched(folder.path()) == folder.path() + "/");
        CHECK(watched(folder.path() + "/") == folder.path() + "/");
        CHECK(watched("") == "");
    }

    TEST_CASE("options that make no sense are refused") {
        const auto made = [](const char* key, const char* value) {
            return make_emulated({.camera_name = "c", .source = "", .values = {{key, value}}},
                                 Clocks{});
        };
        for (const char* value : {"0.001", "0.5", "1000"})
            CHECK_NOTHROW(made("fps", value));
        for (const char* value : {"0", "-1", "nan", "inf", "0.0009", "1001", "", "3 ", "x"})
            CHECK_THROWS_AS(made("fps", value), DriverOptionError);
        CHECK_THROWS_WITH_AS(made("size", "1x1"), doctest::Contains("'size'"), DriverOptionError);
    }
}

}  // namespace onlooker::drivers
