#include "relay/forbearance.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "camera/driver.hpp"

using namespace std::chrono_literals;
using onlooker::SteadyTime;
using onlooker::camera::CameraError;
using onlooker::camera::ErrorKind;
using onlooker::camera::Retry;
using onlooker::drivers::Forbearance;

namespace {

const CameraError busy(ErrorKind::busy, "busy");
const CameraError refused(ErrorKind::no_permission, "no", Retry::locks_out);
constexpr SteadyTime begin{1000s};

}  // namespace

TEST_SUITE("forbearance") {
    TEST_CASE("nothing is borne before the first picture") {
        Forbearance forbearance(1s);
        CHECK_FALSE(forbearance.bears(busy, begin));
    }

    TEST_CASE("a camera may be busy for two seconds, or for three of its pictures") {
        Forbearance fast(100ms);
        fast.on_success(begin);
        CHECK(fast.bears(busy, begin + 2s));
        CHECK_FALSE(fast.bears(busy, begin + 2001ms));
        Forbearance slow(10s);
        slow.on_success(begin);
        CHECK(slow.bears(busy, begin + 30s));
        CHECK_FALSE(slow.bears(busy, begin + 31s));
    }

    TEST_CASE("a refused login is never borne, for more tries could lock the account") {
        Forbearance forbearance(1s);
        forbearance.on_success(begin);
        CHECK_FALSE(forbearance.bears(refused, begin + 1s));
    }

    TEST_CASE("what is no matter of a moment is not borne") {
        for (const ErrorKind kind :
             {ErrorKind::not_found, ErrorKind::no_permission, ErrorKind::no_signal}) {
            Forbearance forbearance(1s);
            forbearance.on_success(begin);
            CHECK_FALSE(forbearance.bears(CameraError(kind, "no"), begin + 1ms));
        }
    }
}
