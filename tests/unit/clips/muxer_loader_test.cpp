#include "clips/muxer_loader.hpp"

#include <unistd.h>

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "clips/clip_module.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using clips::ClipModule;
using clips::MuxerLoader;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / ("onlooker-clips-" + std::to_string(::getpid()));
    Folder() { fs::create_directory(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path); }
};

const ClipModule* wait_for_module(test::TestLoop& stage, MuxerLoader& loader) {
    std::optional<const ClipModule*> answer;
    asio::co_spawn(stage.loop, loader.module(),
                   [&answer](std::exception_ptr, const ClipModule* m) { answer = m; });
    REQUIRE(stage.run_until([&answer] { return answer.has_value(); }));
    return *answer;
}

bool contains(std::string_view text, std::string_view piece) {
    return text.find(piece) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("the module for clips") {
    TEST_CASE("that is not there gives no formats, and the reason with what brings it") {
        test::TestLoop stage;
        MuxerLoader loader(stage.loop.get_executor(), {"/nowhere", "/nor/here"});
        CHECK(loader.formats().empty());
        CHECK(contains(loader.why_not(),
                       "/nowhere/onlooker_clips.so and /nor/here/onlooker_clips.so"));
        CHECK(contains(loader.why_not(), "libavformat-dev"));
        CHECK(wait_for_module(stage, loader) == nullptr);
    }

    TEST_CASE(
        "that cannot be opened is found out with the first clip, and then no more is offered") {
        const Folder folder;
        std::ofstream(folder.path / clips::clip_module_file) << "this is no module";
        test::TestLoop stage;
        MuxerLoader loader(stage.loop.get_executor(), {folder.path});
        CHECK(loader.formats().size() == 3);
        CHECK(wait_for_module(stage, loader) == nullptr);
        CHECK(contains(loader.why_not(), "cannot be loaded"));
        CHECK(loader.formats().empty());
        CHECK(wait_for_module(stage, loader) == nullptr);
    }

    TEST_CASE("writes formats that are called as their files end") {
        for (const char* name : {"mkv", "mp4", "avi"})
            CHECK(clips::to_string(clips::format_named(name).value()) == name);
        CHECK_FALSE(clips::format_named("MKV"));
        CHECK_FALSE(clips::format_named(""));
    }
}
