#include "camera/frame_signal.hpp"

#include <asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <coroutine>
#include <exception>
#include <memory>
#include <vector>

using onlooker::camera::FrameSignal;

namespace {

// A coroutine that runs by itself, as simple as can be.
struct Free {
    struct promise_type {
        Free get_return_object() noexcept { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept { std::terminate(); }
    };
};

struct Room {
    asio::io_context loop;
    FrameSignal signal{loop.get_executor()};
    std::vector<int> served;  // who, in order
    std::vector<FrameSignal::Wait*> waits;
    int present = 0;

    explicit Room(int count) {
        waits.resize(static_cast<std::size_t>(count));
        for (int who = 0; who < count; ++who)
            look(*this, who);
    }
    ~Room() {
        closing = true;
        frame();
    }

    static Free look(Room& room, int who) {
        ++room.present;
        while (!room.closing) {
            FrameSignal::Wait wait(room.signal);
            room.waits[static_cast<std::size_t>(who)] = &wait;
            co_await wait;
            room.served.push_back(who);
        }
        --room.present;
    }

    void frame() {
        signal.wake_all();
        loop.restart();
        loop.run();
    }

    bool closing = false;
};

}  // namespace

TEST_SUITE("frame signal") {
    TEST_CASE("a frame wakes everybody once") {
        Room room(1000);
        room.frame();
        std::ranges::sort(room.served);
        REQUIRE(room.served.size() == 1000);
        for (int who = 0; who < 1000; ++who)
            CHECK(room.served[static_cast<std::size_t>(who)] == who);
        CHECK(room.signal.waiting() == 1000);
    }

    TEST_CASE("a frame without viewers does nothing") {
        Room room(0);
        room.frame();
        CHECK(room.served.empty());
    }

    TEST_CASE("the loop gets a turn between the batches") {
        Room room(1000);
        room.signal.wake_all();
        const std::size_t first_batch = room.served.size();
        CHECK(first_batch > 0);
        CHECK(first_batch < 1000);
        room.loop.run();
        CHECK(room.served.size() == 1000);
    }

    TEST_CASE("a crowd has the loop a few times per frame, however many wait") {
        Room room(1000);
        for (int frame = 0; frame < 2; ++frame) {
            room.served.clear();
            room.signal.wake_all();
            int turns = 0;
            room.loop.restart();
            while (room.served.size() < 1000)
                turns += static_cast<int>(room.loop.run_one());
            // Behind the first 64 come 128, 256, 512 and the rest.
            CHECK(turns == 4);
        }
    }

    TEST_CASE("the last of one frame is not the last of every frame") {
        Room room(100);
        std::vector<int> times_last(100);
        for (int frame = 0; frame < 1000; ++frame) {
            room.served.clear();
            room.frame();
            ++times_last[static_cast<std::size_t>(room.served.back())];
        }
        CHECK(std::ranges::max(times_last) <= 60);
    }

    TEST_CASE("with a loop that is never done, everybody has a turn before anyone has two more") {
        // More than the largest batch. A new frame comes after each.
        Room room(5000);
        for (int frame = 0; frame < 400; ++frame) {
            room.signal.wake_all();
            room.loop.restart();
            room.loop.run_one();
        }
        room.frame();
        std::vector<int> times(5000);
        for (const int who : room.served)
            ++times[static_cast<std::size_t>(who)];
        CHECK(std::ranges::min(times) > 0);
        CHECK(std::ranges::max(times) - std::ranges::min(times) <= 2);
    }

    TEST_CASE("one can be woken alone, waiting or due") {
        Room room(200);
        room.waits[7]->wake();
        CHECK(room.served == std::vector<int>{7});
        CHECK(room.signal.waiting() == 200);

        room.served.clear();
        room.signal.wake_all();  // the first batch; the others are due
        int due = 0;
        while (std::ranges::find(room.served, due) != room.served.end())
            ++due;
        room.waits[static_cast<std::size_t>(due)]->wake();
        CHECK(room.served.back() == due);
        room.loop.run();
        CHECK(room.served.size() == 200);
        CHECK(std::ranges::count(room.served, due) == 1);
    }

    TEST_CASE("waking one that does not wait does nothing") {
        asio::io_context loop;
        FrameSignal signal(loop.get_executor());
        FrameSignal::Wait wait(signal);
        wait.wake();
        CHECK(signal.waiting() == 0);
    }
}
