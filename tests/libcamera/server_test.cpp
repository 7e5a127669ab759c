// The whole server with twenty viewers on a libcamera camera that is unplugged and plugged in
// again. In the environment: PORT, where it listens; SERVER_LOG, what it says; FIRST_PICTURE, the
// program that shows what libcamera alone needs; and what usb_hand.hpp tells of.
//
// The promise is: the picture is back within a second of the device, whose node is the kernel's
// word of it. What goes by before libcamera can show anything (udev's rules, looking at the device,
// negotiating with it) is not ours, and this machine is emulated, many times slower than a real
// one. So FIRST_PICTURE, the shortest program that does the same with libcamera alone, is measured
// before: where it needs half a second itself, the second counts from its slowest time.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/libcamera/usb_hand.hpp"
#include "tests/vm/test_camera.hpp"
#include "tests/vm/viewers.hpp"

using namespace onlooker::test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Seen = Viewers::Seen;
using Milliseconds = std::chrono::milliseconds;

namespace {

constexpr int watching = 20;
constexpr int rounds = 5;
constexpr Clock::duration promised = 1s;

bool becomes_true(const std::function<bool()>& condition, Milliseconds limit) {
    const auto end = Clock::now() + limit;
    while (!condition()) {
        if (Clock::now() > end)
            return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

std::vector<std::string> nodes() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator("/sys/class/video4linux"))
        found.push_back(entry.path().filename().string());
    return found;
}

bool there() {
    const auto found = nodes();
    return std::ranges::any_of(
        found, [](const std::string& name) { return std::filesystem::exists("/dev/" + name); });
}

// Whether udev has done with all nodes of the camera. Before that, libcamera knows nothing of it.
bool announced() {
    const auto found = nodes();
    return !found.empty() && std::ranges::all_of(found, [](const std::string& name) {
        std::ifstream file("/sys/class/video4linux/" + name + "/dev");
        std::string number;
        return std::getline(file, number) && std::filesystem::exists("/run/udev/data/c" + number);
    });
}

void unplug() {
    act("UVC_UNPLUG");
    REQUIRE(becomes_true([] { return !there(); }, 5s));
}

// Plugs the camera in and gives the moment of its node. The kernel may give the test camera up
// before there is any: then it is plugged in again.
Clock::time_point plug_in() {
    for (int attempt = 0; attempt < 5; ++attempt) {
        act("UVC_REPLUG");
        if (becomes_true(there, 4s))
            return Clock::now();
        MESSAGE("plugged in once more");
        act("UVC_UNPLUG");
        std::this_thread::sleep_for(500ms);
    }
    throw std::runtime_error("the test camera does not start");
}

// Watches beside the test for udev's word of the device.
class UdevWord {
  public:
    UdevWord()
        : thread_([this] {
              came_ = becomes_true(announced, 10s);
              at_ = Clock::now();
          }) {}
    Clock::time_point at() {
        thread_.join();
        REQUIRE(came_);
        return at_;
    }

  private:
    bool came_ = false;
    Clock::time_point at_;
    std::jthread thread_;
};

Milliseconds::rep in_milliseconds(Clock::duration time) {
    return std::chrono::duration_cast<Milliseconds>(time).count();
}

// From the node to libcamera's own first picture; nothing when the test camera had a fault.
std::optional<Clock::duration> libcamera_alone() {
    unplug();
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> program(
        ::popen((setting("FIRST_PICTURE") + " 2> /dev/null").c_str(), "r"), ::pclose);
    const auto says = [&program](const std::string& word) {
        char line[32] = {};
        return std::fgets(line, sizeof line, program.get()) != nullptr && word + "\n" == line;
    };
    REQUIRE(says("ready"));
    const auto node = plug_in();
    UdevWord udev;
    const bool shown = says("picture");
    const auto now = Clock::now();
    const auto told = udev.at();
    if (!shown)
        return std::nullopt;
    MESSAGE("libcamera alone: " << in_milliseconds(now - node) << " ms after the node, "
                                << in_milliseconds(now - told) << " ms after udev's word");
    return now - node;
}

// The test camera, a program that plays one, at times answers a request too late, which the kernel
// takes for a fault of the camera. What is measured then is the kernel's patience and our back-off.
std::size_t camera_faults() {
    std::ifstream file(setting("SERVER_LOG"));
    const std::string log{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::size_t count = 0;
    constexpr std::string_view fault = "camera cam: failed: ";
    for (auto at = log.find(fault); at != std::string::npos; at = log.find(fault, at + 1))
        ++count;
    return count;
}

// From the node to a picture for everybody; nothing when the test camera had a fault.
std::optional<Clock::duration> everybody_again(Viewers& viewers) {
    const std::size_t faults = camera_faults();
    const auto node = plug_in();
    UdevWord udev;
    REQUIRE(viewers.all_see(Seen::picture, 30s));
    const auto now = Clock::now();
    const auto told = udev.at();
    const bool counts = camera_faults() == faults;
    MESSAGE("everybody has pictures " << in_milliseconds(now - node) << " ms after the node, "
                                      << in_milliseconds(now - told) << " ms after udev's word"
                                      << std::string(counts ? "" : "; the camera had faults"));
    return counts ? std::optional(now - node) : std::nullopt;
}

Clock::duration limit_beside_libcamera_alone() {
    Clock::duration slowest{};
    for (int turn = 0; turn < rounds; ++turn)
        slowest = std::max(slowest, libcamera_alone().value_or(slowest));
    const auto limit = slowest < promised / 2 ? promised : slowest + promised;
    MESSAGE("the picture is to be back within " << in_milliseconds(limit) << " ms");
    return limit;
}

}  // namespace

TEST_SUITE("libcamera server") {
    TEST_CASE("twenty viewers have the picture back within a second of the device") {
        const auto limit = limit_beside_libcamera_alone();
        const auto fed = fed_pictures();
        Viewers viewers(watching, static_cast<unsigned short>(std::stoi(setting("PORT"))),
                        {fed.begin(), fed.end()});
        REQUIRE(viewers.all_see(Seen::picture, 60s));
        int counted = 0;
        for (int turn = 0; counted < rounds && turn < 2 * rounds; ++turn) {
            CAPTURE(turn);
            unplug();
            REQUIRE(viewers.all_see(Seen::other, 10s));
            // Longer and longer, so that the retries have backed off.
            viewers.watch_for(1s * (1 + turn % rounds));
            if (const auto took = everybody_again(viewers)) {
                CHECK(*took < limit);
                ++counted;
            }
        }
        CHECK(counted == rounds);
        CHECK(viewers.dropped() == 0);
    }
}
