#include "emulated/picture_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "folder.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::chrono_literals;
using test::embedded;
using test::Folder;

// A folder of pictures, looked at by a clock that the test turns.
struct Watched {
    explicit Watched(const Folder& source, const FolderLimits& limits = {})
        : pictures(source.path(), limits,
                   {.warn = [this](std::string_view words) { warnings.emplace_back(words); },
                    .stopped = [] { return false; }}) {
        look();
    }

    bool look(std::chrono::milliseconds later = 500ms) {
        now += later;
        return pictures.look(now);
    }

    // The digits say which of the binary's pictures are shown, in their order.
    std::string shown() {
        std::string digits;
        for (std::size_t i = 0; i < pictures.count(); ++i)
            digits += digit_of(pictures.picture(i));
        return digits;
    }

    static char digit_of(std::span<const std::byte> octets) {
        const std::string_view text(reinterpret_cast<const char*>(octets.data()), octets.size());
        for (std::size_t i = 0; i < 3; ++i)
            if (text == embedded(i))
                return static_cast<char>('0' + static_cast<int>(i));
        return octets.empty() ? '-' : '?';
    }

    SteadyTime now{1h};
    std::vector<std::string> warnings;
    PictureFolder pictures;
};

// As if a second had passed since it was written last: the times of files are coarse.
void make_later(const std::string& path) {
    std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + 1s);
}

// Two pictures of the same length: the shorter one ends with zeros, which are cut behind its end.
std::string padded(std::size_t index, std::size_t size) {
    std::string text(embedded(index));
    text.resize(size, '\0');
    return text;
}

}  // namespace

TEST_SUITE("picture folder") {
    TEST_CASE("what is put in, replaced and removed is followed") {
        const Folder folder;
        folder.put("1.jpg", embedded(0));
        Watched watched(folder);
        CHECK(watched.shown() == "0");
        CHECK_FALSE(watched.look());
        folder.put("2.jpg", embedded(1));
        CHECK(watched.look());
        CHECK(watched.shown() == "01");
        folder.put("1.jpg", embedded(2));
        CHECK(watched.look());
        CHECK(watched.shown() == "21");
        folder.remove("1.jpg");
        CHECK(watched.look());
        CHECK(watched.shown() == "1");
        CHECK(watched.warnings.empty());
    }

    TEST_CASE("is looked at twice a second, and heard of at once") {
        const Folder folder;
        folder.put("1.jpg", embedded(0));
        Watched watched(folder);
        CHECK(watched.pictures.next_look() >= watched.now + 500ms);
        CHECK_FALSE(watched.pictures.has_news());
        folder.put("2.jpg", embedded(1));
        CHECK(watched.pictures.has_news());
        CHECK(watched.look());
        CHECK_FALSE(watched.pictures.has_news());
        folder.remove("2.jpg");
        CHECK(watched.pictures.has_news());
    }

    TEST_CASE("half-written, empty and foreign files are left out, with one warning") {
        const Folder folder;
        folder.write("1.jpg", embedded(0));
        folder.write("2.jpg", embedded(1).substr(0, 5000));
        folder.write("3.jpg", "");
        folder.write("4.jpg", "GIF89a");
        Watched watched(folder);
        CHECK(watched.shown() == "0");
        for (int i = 0; i < 20; ++i)
            watched.look();
        REQUIRE(watched.warnings.size() == 1);
        CHECK(watched.warnings[0].find("2.jpg cannot be shown: the picture is cut short, nor can 2 "
                                       "others") != std::string::npos);
        folder.append("2.jpg", embedded(1).substr(5000));
        CHECK(watched.look());
        CHECK(watched.shown() == "01");
    }

    TEST_CASE("a slowly written file is shown when it is whole, without a warning") {
        const Folder folder;
        folder.write("1.jpg", embedded(0));
        folder.write("2.jpg", "");
        Watched watched(folder);
        for (std::size_t at = 0; at < embedded(1).size(); at += 2000) {
            CHECK(watched.shown() == "0");
            folder.append("2.jpg", embedded(1).substr(at, 2000));
            watched.look();
        }
        watched.look();
        CHECK(watched.shown() == "01");
        CHECK(watched.warnings.empty());
    }

    TEST_CASE("a picture that is written over stays until it is whole again, and then not") {
        const Folder folder;
        folder.write("1.jpg", embedded(0));
        Watched watched(folder);
        folder.write("1.jpg", embedded(1).substr(0, 5000));
        CHECK_FALSE(watched.look());
        CHECK(watched.shown() == "0");
        folder.append("1.jpg", embedded(1).substr(5000));
        CHECK(watched.look());
        CHECK(watched.shown() == "1");

        folder.write("1.jpg", "broken for good");
        folder.write("2.jpg", embedded(2));
        watched.look();
        CHECK(watched.shown() == "12");
        watched.look(3s);
        CHECK(watched.shown() == "2");
        CHECK(watched.warnings.size() == 1);
    }

    TEST_CASE("a file that is written over in place is not read in between") {
        const Folder folder;
        const std::size_t size = std::max(embedded(0).size(), embedded(1).size());
        const std::string first = padded(0, size), second = padded(1, size);
        folder.write("1.jpg", first);
        Watched watched(folder);
        const auto picture = [&] {
            const auto octets = watched.pictures.picture(0);
            return std::string(reinterpret_cast<const char*>(octets.data()), octets.size());
        };
        // Open throughout, so that nobody hears of its end.
        std::fstream file(folder.path("1.jpg"), std::ios::in | std::ios::out | std::ios::binary);
        file << second.substr(0, size / 2) << std::flush;
        make_later(folder.path("1.jpg"));
        watched.look();
        CHECK(picture() == first);
        file << second.substr(size / 2) << std::flush;
        make_later(folder.path("1.jpg"));
        watched.look();
        CHECK(picture() == first);
        watched.look();
        CHECK(picture() == second);
    }

    TEST_CASE("what does not fit into memory is read when its turn comes") {
        const Folder folder;
        folder.write("1.jpg", embedded(0));
        folder.write("2.jpg", embedded(1));
        folder.write("3.jpg", embedded(2));
        Watched watched(folder, {.total_octets = embedded(0).size()});
        CHECK(watched.shown() == "012");
        folder.remove("2.jpg");
        CHECK(watched.shown() == "0-2");
        watched.look();
        CHECK(watched.shown() == "02");
    }

    TEST_CASE("what is beyond a limit is named") {
        const Folder folder;
        folder.write("1.jpg", embedded(0));
        folder.write("2.jpg", embedded(1));
        CHECK_THROWS_WITH_AS(Watched(folder, {.files = 1}),
                             doctest::Contains("has more than 1 pictures"), camera::CameraError);
        CHECK_THROWS_WITH_AS(Watched(folder, {.file_octets = 1000}),
                             doctest::Contains("1.jpg is larger than"), camera::CameraError);
    }
}

}  // namespace onlooker::drivers
