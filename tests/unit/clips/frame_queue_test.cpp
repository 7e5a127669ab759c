#include "clips/frame_queue.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "media/planes.hpp"
#include "unit/clips/stamped_frame.hpp"

using namespace onlooker;
using clips::FrameQueue;
using test::stamped_frame;

TEST_SUITE("the queue of a clip") {
    TEST_CASE("gives frames in the order in which they came") {
        FrameQueue queue({});
        CHECK(queue.pop() == nullptr);
        for (const unsigned number : {1u, 2u, 3u})
            CHECK(queue.push(stamped_frame({.number = number})));
        CHECK(queue.octets() == 3'000);
        for (const unsigned number : {1u, 2u, 3u})
            CHECK(queue.pop()->number() == number);
        CHECK(queue.empty());
        CHECK(queue.octets() == 0);
    }

    TEST_CASE("leaves out the newest when its octets are full, and counts them") {
        FrameQueue queue({.octets = 2'500, .frames = 100});
        for (const unsigned number : {1u, 2u, 3u, 4u})
            CHECK(queue.push(stamped_frame({.number = number})) == (number < 3));
        CHECK(queue.left_out() == 2);
        CHECK(queue.pop()->number() == 1);
        CHECK(queue.push(stamped_frame({.number = 5})));
        CHECK(queue.pop()->number() == 2);
        CHECK(queue.pop()->number() == 5);
    }

    TEST_CASE("leaves out the newest when it has enough of small ones") {
        FrameQueue queue({.octets = 1'000'000, .frames = 2});
        for (const unsigned number : {1u, 2u, 3u})
            queue.push(stamped_frame({.number = number, .octets = 1}));
        CHECK(queue.left_out() == 1);
    }

    TEST_CASE("takes a frame that is larger than itself when it is empty") {
        FrameQueue queue({.octets = 10, .frames = 10});
        CHECK(queue.push(stamped_frame({})));
        CHECK_FALSE(queue.push(stamped_frame({})));
        CHECK(queue.left_out() == 1);
    }

    TEST_CASE("takes all of the pre-roll, and as much again while that is on its way") {
        FrameQueue queue({.octets = 1'000, .frames = 1});
        queue.begin_with({stamped_frame({.number = 1}), stamped_frame({.number = 2})});
        CHECK(queue.left_out() == 0);
        for (const unsigned number : {3u, 4u, 5u})
            CHECK(queue.push(stamped_frame({.number = number})));
        CHECK_FALSE(queue.push(stamped_frame({.number = 6})));
        CHECK(queue.pop()->number() == 1);
    }

    TEST_CASE("keeps the picture and lets go of what it was encoded from") {
        auto planes = std::make_shared<media::Planes>();
        const std::weak_ptr<media::Planes> watched = planes;
        FrameQueue queue({});
        auto frame = stamped_frame({.number = 7, .planes = std::move(planes)});
        const std::vector<std::byte> jpeg(frame->jpeg().begin(), frame->jpeg().end());
        const auto captured = frame->stamps().captured;
        queue.push(frame);
        frame.reset();
        CHECK(watched.expired());
        const auto kept = queue.pop();
        CHECK(kept->number() == 7);
        CHECK(kept->stamps().captured == captured);
        CHECK(std::vector<std::byte>(kept->jpeg().begin(), kept->jpeg().end()) == jpeg);
    }

    TEST_CASE("shares a frame that has nothing else") {
        const auto frame = stamped_frame({});
        CHECK(clips::without_planes(frame) == frame);
    }
}
