// With the module, as the program opens it: the octets of each format.
#include "clips/clip_module.hpp"

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "clips/muxer.hpp"
#include "clips/muxer_loader.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace std::chrono_literals;
using clips::ClipModule;
using clips::Format;
using clips::Muxer;
using clips::MuxerSettings;

namespace {

// Opened once, and never closed.
const ClipModule& module() {
    static const ClipModule* const opened = [] {
        test::TestLoop stage;
        clips::MuxerLoader loader(stage.loop.get_executor(), {CLIP_MODULE_FOLDER});
        std::optional<const ClipModule*> answer;
        asio::co_spawn(stage.loop, loader.module(),
                       [&answer](std::exception_ptr, const ClipModule* found) { answer = found; });
        REQUIRE(stage.run_until([&answer] { return answer.has_value(); }));
        INFO(loader.why_not());
        REQUIRE(*answer != nullptr);
        return *answer;
    }();
    return *opened;
}

// A picture that no muxer looks into.
std::string picture(int number, std::size_t size = 3'000) {
    std::string jpeg = "\xff\xd8picture " + std::to_string(number) + ' ';
    jpeg.resize(size, '.');
    return jpeg + "\xff\xd9";
}

struct File {
    explicit File(MuxerSettings settings) {
        settings.width = 320;
        settings.height = 240;
        muxer = module().open(settings, [this](std::span<const std::byte> piece) {
            octets.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        });
    }
    void write(int number, std::chrono::microseconds time) {
        const std::string jpeg = picture(number);
        muxer->write(std::as_bytes(std::span(jpeg)), time);
    }
    std::size_t count(std::string_view what) const {
        std::size_t times = 0;
        for (auto at = octets.find(what); at != std::string::npos; at = octets.find(what, at + 1))
            ++times;
        return times;
    }

    std::string octets;
    std::unique_ptr<Muxer> muxer;
};

constexpr Format formats[] = {Format::mkv, Format::mp4, Format::avi};

}  // namespace

TEST_SUITE("the muxers of the module") {
    TEST_CASE("write a file with every picture's octets as they are, in their order") {
        for (const Format format : formats) {
            CAPTURE(clips::to_string(format));
            File file({.format = format,
                       .title = "H\xc3\xb6"
                                "f"});
            for (int i = 0; i < 60; ++i)
                file.write(i, i * 33'333us);
            file.muxer->finish();
            std::size_t at = 0;
            for (int i = 0; i < 60; ++i) {
                at = file.octets.find(picture(i), at);
                REQUIRE(at != std::string::npos);
            }
            CHECK(file.count("H\xc3\xb6"
                             "f") == 1);
        }
    }

    TEST_CASE("begin as their formats do") {
        const auto begins = [](Format format, std::size_t at, std::string_view with) {
            File file({.format = format});
            return std::string_view(file.octets).substr(at).starts_with(with);
        };
        CHECK(begins(Format::mkv, 0, "\x1a\x45\xdf\xa3"));
        CHECK(begins(Format::mp4, 4, "ftyp"));
        CHECK(begins(Format::avi, 0, "RIFF"));
    }

    TEST_CASE("keep back no more than a second") {
        for (const Format format : formats) {
            CAPTURE(clips::to_string(format));
            File file({.format = format});
            for (int i = 0; i < 300; ++i) {
                file.write(i, i * 33'333us);
                if (i >= 30)
                    CHECK(file.octets.find(picture(i - 30)) != std::string::npos);
            }
        }
    }

    TEST_CASE("keep back no picture of a time-lapse, and none that is rare in Matroska") {
        for (const Format format : formats) {
            CAPTURE(clips::to_string(format));
            File file({.format = format, .interval = 40ms});
            for (int i = 0; i < 10; ++i) {
                file.write(i, i * 40ms);
                CHECK(file.octets.ends_with(picture(i)));
            }
        }
        File rare({.format = Format::mkv});
        rare.write(0, 0s);
        rare.write(1, 1s);
        CHECK(rare.octets.ends_with(picture(1)));
    }

    TEST_CASE("need no more memory for a long clip than for a short one") {
        // By what stands behind the pictures at the end: an index would grow.
        for (const Format format : {Format::mkv, Format::avi}) {
            CAPTURE(clips::to_string(format));
            File file({.format = format});
            for (int i = 0; i < 3'000; ++i)
                file.write(i, i * 33'333us);
            const std::size_t before = file.octets.size();
            file.muxer->finish();
            CHECK(file.octets.size() - before < 10'000);
        }
    }

    TEST_CASE("take times that stand still or go back, and gaps of hours") {
        for (const Format format : formats) {
            CAPTURE(clips::to_string(format));
            File file({.format = format});
            for (const auto time : {0s, 1s, 1s, 0s, 200s, 5'000s})
                file.write(1, time);
            file.muxer->finish();
            CHECK(file.count(picture(1)) == 6);
        }
    }

    TEST_CASE("pass on what the sink throws") {
        for (const Format format : formats) {
            CAPTURE(clips::to_string(format));
            bool full = false;
            const auto muxer = module().open({.format = format, .width = 16, .height = 16},
                                             [&full](std::span<const std::byte>) {
                                                 if (full)
                                                     throw std::bad_alloc();
                                             });
            full = true;
            const std::string jpeg = picture(1, 1'000'000);
            const auto write_much = [&] {
                for (int i = 0; i < 50; ++i)
                    muxer->write(std::as_bytes(std::span(jpeg)), i * 100ms);
            };
            CHECK_THROWS_AS(write_much(), std::bad_alloc);
        }
    }
}
