// What every driver keeps to, whatever is behind it: the rules of camera/driver.hpp, as checks.
//
// A driver's test names itself and how to make it, and calls check_driver_contract(). The checks
// run the driver as the capture thread does: one thread, one generator at a time.
#pragma once

#include <malloc.h>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <variant>

#include "camera/driver.hpp"
#include "support/fake_capture_context.hpp"

namespace onlooker::test {

struct DriverSubject {
    std::string name;
    std::function<std::unique_ptr<camera::Driver>()> make;
    int steady_frames = 10;
    int restarts = 1000;
    // What is promised. Longer only where the machine is emulated, many times slower than a real
    // one.
    std::chrono::milliseconds longest_stop{200};
};

namespace contract {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

inline std::size_t entries_of(const char* folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder),
                                                  std::filesystem::directory_iterator()));
}

// What a driver could leave behind. Under a sanitizer, which has an allocator of its own, `octets`
// stays 0 and the sanitizer counts instead.
struct Resources {
    std::size_t descriptors = entries_of("/proc/self/fd");
    std::size_t threads = entries_of("/proc/self/task");
    std::size_t octets = ::mallinfo2().uordblks;
};

inline bool is_whole(const media::Picture& picture) {
    if (const auto* jpeg = std::get_if<media::JpegImage>(&picture))
        return jpeg->data.size() > 4 && jpeg->data[0] == std::byte{0xFF} &&
               jpeg->data[1] == std::byte{0xD8};
    const auto& raw = std::get<media::RawImage>(picture);
    return raw.width > 0 && raw.height > 0 && raw.planes[0].stride > 0 &&
           raw.planes[0].data.size() >= raw.planes[0].stride * (raw.height - 1);
}

inline void gives_first_and_steady_frames(const DriverSubject& subject) {
    const auto driver = subject.make();
    FakeCaptureContext context;
    auto pictures = driver->frames(context);
    auto previous = Clock::time_point::min();
    for (int i = 0; i < subject.steady_frames; ++i) {
        const camera::Captured* captured = pictures.next();
        REQUIRE(captured);
        CHECK(is_whole(captured->picture));
        const auto taken = captured->captured.value_or(Clock::now());
        CHECK(taken <= Clock::now());
        CHECK(taken >= previous);
        previous = taken;
    }
}

// Asked to stop `after` so long, it ends by returning, in time.
inline void stops(const DriverSubject& subject, std::chrono::milliseconds after) {
    CAPTURE(after.count());
    const auto driver = subject.make();
    FakeCaptureContext context;
    Clock::time_point asked;
    Clock::time_point ended;
    {
        std::jthread capture([&] {
            auto pictures = driver->frames(context);
            while (pictures.next()) {
            }
            pictures = {};
            ended = Clock::now();
        });
        std::this_thread::sleep_for(after);
        asked = Clock::now();
        context.request_stop();
    }
    CHECK(ended - asked < subject.longest_stop);
}

inline void ends_at_once_when_stopped_before(const DriverSubject& subject) {
    const auto driver = subject.make();
    FakeCaptureContext context;
    context.request_stop();
    const auto begin = Clock::now();
    auto pictures = driver->frames(context);
    // One picture may have been on its way.
    if (pictures.next())
        CHECK(pictures.next() == nullptr);
    CHECK(Clock::now() - begin < subject.longest_stop);
}

inline void survives_unknown_controls(const DriverSubject& subject) {
    const auto driver = subject.make();
    FakeCaptureContext context;
    auto pictures = driver->frames(context);
    REQUIRE(pictures.next());
    context.change_control("no_such_control", 1);
    for (const auto& control : context.controls())
        if (control.type == camera::Control::Type::integer && !control.read_only)
            context.change_control(control.id, control.fallback);
    CHECK(pictures.next());
    CHECK(pictures.next());
}

// A thread that has ended, and was joined, may be seen in /proc for a moment longer.
inline bool threads_become(std::size_t expected) {
    const auto until = Clock::now() + 2s;
    while (entries_of("/proc/self/task") != expected && Clock::now() < until)
        std::this_thread::sleep_for(10ms);
    return entries_of("/proc/self/task") == expected;
}

inline void restarts_without_a_leak(const DriverSubject& subject) {
    const auto driver = subject.make();
    const auto once = [&] {
        FakeCaptureContext context;
        auto pictures = driver->frames(context);
        REQUIRE(pictures.next());
    };
    once();  // what is made once and kept
    once();
    const Resources before;
    for (int i = 0; i < subject.restarts; ++i)
        once();
    const Resources after;
    CHECK(after.descriptors == before.descriptors);
    CHECK(threads_become(before.threads));
    // Less than the smallest block of the allocator for each start: nothing of a start is kept. The
    // rest is room for what libraries keep of their own accord (libcurl's names and sessions), seen
    // to differ by some kilobytes from run to run; the leak sanitizer looks at each octet.
    const auto allowed = static_cast<std::size_t>(subject.restarts) * 24;
    CHECK(after.octets <= before.octets + allowed);
}

}  // namespace contract

inline void check_driver_contract(const DriverSubject& subject) {
    using namespace std::chrono_literals;
    CAPTURE(subject.name);
    contract::gives_first_and_steady_frames(subject);
    contract::ends_at_once_when_stopped_before(subject);
    for (const auto after : {0ms, 1ms, 3ms, 10ms, 20ms, 50ms, 120ms, 333ms})
        contract::stops(subject, after);
    contract::survives_unknown_controls(subject);
    contract::restarts_without_a_leak(subject);
}

}  // namespace onlooker::test
