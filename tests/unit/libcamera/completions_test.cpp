#include "libcamera/completions.hpp"

#include <poll.h>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <vector>

using namespace std::chrono_literals;
using onlooker::drivers::libcamera_driver::Completions;
using Outcome = Completions::Outcome;
using Request = libcamera::Request;

namespace {

// Completions never looks into a request: any address will do.
std::array<char, 8> memory{};
Request* request(std::size_t index) {
    return reinterpret_cast<Request*>(&memory[index]);
}

bool readable(const Completions& completions) {
    pollfd descriptor{completions.descriptor(), POLLIN, 0};
    return ::poll(&descriptor, 1, 0) == 1;
}

struct Fixture {
    std::vector<Request*> given_back;
    Completions completions{[this](Request* each) { given_back.push_back(each); }};
    onlooker::SteadyTime now = onlooker::SteadyTime{} + 1h;

    void complete(std::size_t index, std::chrono::milliseconds later,
                  Outcome outcome = Outcome::picture) {
        now += later;
        completions.put({request(index), outcome, now});
    }
};

}  // namespace

TEST_SUITE("libcamera completions") {
    TEST_CASE_FIXTURE(Fixture, "hands over what was completed, and is readable until then") {
        CHECK_FALSE(readable(completions));
        complete(0, 33ms);
        CHECK(readable(completions));
        const auto taken = completions.take();
        REQUIRE(taken);
        CHECK(taken->request == request(0));
        CHECK(taken->time == now);
        CHECK_FALSE(readable(completions));
        CHECK_FALSE(completions.take());
    }

    TEST_CASE_FIXTURE(Fixture, "the newest picture wins, and the older goes back to the camera") {
        complete(0, 33ms);
        complete(1, 33ms);
        complete(2, 33ms);
        CHECK(given_back == std::vector{request(0), request(1)});
        CHECK(completions.take()->request == request(2));
        CHECK(completions.take_parked().empty());
    }

    TEST_CASE_FIXTURE(Fixture, "a camera that keeps no time waits for the capture thread") {
        complete(0, 33ms);
        complete(1, 0ms);
        complete(2, 1ms);
        CHECK(given_back.empty());
        CHECK(completions.take()->request == request(2));
        CHECK(completions.take_parked() == std::vector{request(0), request(1)});
        CHECK(completions.take_parked().empty());
    }

    TEST_CASE_FIXTURE(Fixture, "a fault displaces no picture, and each is handed over") {
        complete(0, 33ms);
        complete(1, 33ms, Outcome::broken);
        complete(2, 33ms, Outcome::refused);
        CHECK(given_back.empty());
        CHECK(completions.take()->outcome == Outcome::broken);
        CHECK(readable(completions));
        CHECK(completions.take()->outcome == Outcome::refused);
        CHECK(completions.take()->request == request(0));
        CHECK_FALSE(readable(completions));
    }

    TEST_CASE_FIXTURE(Fixture, "an unplugged camera stays readable, so that nobody waits for it") {
        CHECK_FALSE(completions.removed());
        completions.set_removed();
        CHECK(completions.removed());
        CHECK_FALSE(completions.take());
        CHECK(readable(completions));
    }

    TEST_CASE_FIXTURE(Fixture, "what completes after the end is left alone") {
        complete(0, 33ms);
        completions.close();
        complete(1, 33ms);
        CHECK(given_back.empty());
        CHECK(completions.take()->request == request(0));
        CHECK_FALSE(completions.take());
    }
}
