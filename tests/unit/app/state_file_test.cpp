#include "app/state_file.hpp"

#include <unistd.h>

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <semaphore>
#include <stdexcept>
#include <string>

#include "base/replace_file.hpp"
#include "base/running_clock.hpp"
#include "support/logged.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace std::chrono_literals;
using app::StateFile;

namespace {

namespace fs = std::filesystem;

struct Stage : test::TestLoop {
    Stage() { folder = ::mkdtemp(folder.data()); }
    ~Stage() { fs::remove_all(folder); }

    fs::path file() const { return fs::path(folder) / "onlooker" / "state.json"; }
    std::string text() const {
        std::ifstream stream(file());
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    void write(const std::string& words) const {
        fs::create_directories(file().parent_path());
        replace_file(file(), words);
    }
    StateFile open(SteadyClock::duration settling = 1h,
                   decltype(StateFile::Settings::write) writer = {}) {
        return StateFile(loop.get_executor(),
                         {.file = file(), .settling = settling, .write = std::move(writer)});
    }
    bool close(StateFile& state, SteadyClock::duration within = 1h) {
        state.close();
        std::optional<bool> closed;
        asio::co_spawn(loop, state.wait_closed(RunningClock::now() + within),
                       [&closed](std::exception_ptr, bool good) { closed = good; });
        return run_until([&] { return closed.has_value(); }) && *closed;
    }

    std::string folder = "/tmp/onlooker-state-file-XXXXXX";
};

double first_value(const StateFile& state, const std::string& camera = "yard") {
    const auto kept = state.controls_of(camera, {});
    return kept.empty() ? -1 : kept.front().value;
}

}  // namespace

TEST_SUITE("state file") {
    TEST_CASE(
        "what was set is written soon, once for many changes, and is there at the next start") {
        Stage stage;
        std::atomic<int> written = 0;
        {
            auto state = stage.open(5ms, [&written](const fs::path& file, std::string_view text) {
                replace_file(file, text);
                ++written;
            });
            for (int value = 0; value <= 100; ++value)
                state.keep("yard", {"gain", static_cast<double>(value)}, {});
            CHECK(written == 0);
            REQUIRE(stage.run_until([&] { return written == 1; }));
            state.keep("yard", {"gain", 100}, {});  // as it is
            CHECK(stage.close(state));
            CHECK(written == 1);
        }
        const auto again = stage.open();
        CHECK(first_value(again) == 100);
    }

    TEST_CASE("what is not written yet is written at the end, and nothing without a change") {
        Stage stage;
        {
            auto state = stage.open();
            CHECK(stage.close(state));
            CHECK_FALSE(fs::exists(stage.file()));
        }
        auto state = stage.open();
        state.keep("yard", {"gain", 7}, {});
        CHECK_FALSE(fs::exists(stage.file()));
        CHECK(stage.close(state));
        CHECK(stage.text().find("\"gain\"") != std::string::npos);
    }

    TEST_CASE("what changes while the disk is slow is written behind it") {
        Stage stage;
        std::atomic<int> begun = 0;
        std::counting_semaphore<> disk(0);
        auto state = stage.open(0ms, [&](const fs::path& file, std::string_view text) {
            ++begun;
            disk.acquire();
            replace_file(file, text);
        });
        state.keep("yard", {"gain", 1}, {});
        REQUIRE(stage.run_until([&] { return begun == 1; }));
        state.keep("yard", {"gain", 2}, {});
        CHECK_FALSE(stage.close(state, 1ms));
        disk.release(2);
        CHECK(stage.close(state));
        CHECK(begun == 2);
        CHECK(first_value(stage.open()) == 2);
    }

    TEST_CASE("what could not be written is told once, and tried again with the next change") {
        Stage stage;
        const test::Logged log;
        std::atomic<int> tries = 0;
        auto state = stage.open(0ms, [&tries](const fs::path& file, std::string_view text) {
            if (++tries < 3)
                throw std::runtime_error("the disk is full");
            replace_file(file, text);
        });
        for (int value = 1; value <= 3; ++value) {
            state.keep("yard", {"gain", static_cast<double>(value)}, {});
            REQUIRE(stage.run_until([&] { return tries == value; }));
            stage.loop.poll();
        }
        CHECK(stage.close(state));
        CHECK(log.count("is not kept: the disk is full") == 1);
        CHECK(first_value(stage.open()) == 3);
    }

    TEST_CASE("a file that cannot be understood is kept aside, and a new one begun") {
        Stage stage;
        stage.write("{\"version\": 1, \"cam");
        const test::Logged log;
        {
            auto state = stage.open();
            CHECK(log.count("no JSON object; it is kept as state.json.broken-") == 1);
            CHECK(state.controls_of("yard", {}).empty());
            state.keep("yard", {"gain", 7}, {});
            CHECK(stage.close(state));
        }
        CHECK(first_value(stage.open()) == 7);
        CHECK(std::distance(fs::directory_iterator(stage.file().parent_path()), {}) == 2);
    }

    TEST_CASE("a folder that was named by mistake is left alone, and told") {
        Stage stage;
        fs::create_directories(stage.file() / "mine");
        const test::Logged log;
        auto state = stage.open(0ms);
        CHECK(log.count("it is no file") == 1);
        state.keep("yard", {"gain", 7}, {});
        CHECK(stage.close(state));
        CHECK(fs::is_directory(stage.file() / "mine"));
        CHECK(log.lines().size() == 1);
    }

    TEST_CASE("a folder in which nothing can be made is told at the start") {
        Stage stage;
        stage.write("a file where a folder should be");
        const test::Logged log;
        const StateFile state(stage.loop.get_executor(), {.file = stage.file() / "state.json"});
        CHECK(log.count("cannot be kept: Not a directory") == 1);
    }
}
