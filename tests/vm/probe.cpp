// Runs the V4L2 driver by itself and prints what it gives: for looking at a camera by hand.
//   usage: v4l2_probe PICTURES SOURCE [KEY=VALUE...]
//          v4l2_probe list
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "support/fake_capture_context.hpp"
#include "v4l2/entry.hpp"

namespace {

using namespace onlooker;

void print_list() {
    for (const auto& camera : drivers::v4l2::entry().list()) {
        std::printf("%s\n    %s\n", camera.title.c_str(), camera.option.c_str());
        for (const auto& fact : camera.facts)
            std::printf("    %s\n", fact.c_str());
    }
}

void print(const camera::Captured& captured) {
    const double age =
        captured.captured
            ? std::chrono::duration<double, std::milli>(SteadyClock::now() - *captured.captured)
                  .count()
            : -1;
    if (const auto* raw = std::get_if<media::RawImage>(&captured.picture))
        std::printf("raw %d, %ux%u, stride %zu%s, age %.1f ms, lost %u\n",
                    static_cast<int>(raw->format), raw->width, raw->height, raw->planes[0].stride,
                    raw->full_range ? ", full range" : "", age, captured.lost);
    else
        std::printf("jpeg, %zu octets, age %.1f ms, lost %u\n",
                    std::get<media::JpegImage>(captured.picture).data.size(), age, captured.lost);
}

int run(int count, const camera::DriverOptions& options) {
    test::FakeCaptureContext context;
    try {
        const auto driver = drivers::v4l2::entry().make(options);
        auto pictures = driver->frames(context);
        for (int i = 0; i < count; ++i) {
            const auto* captured = pictures.next();
            if (!captured)
                break;
            print(*captured);
        }
    } catch (const camera::CameraError& error) {
        std::printf("error %d: %s\n", static_cast<int>(error.kind()), error.what());
        return 1;
    } catch (const camera::DriverOptionError& error) {
        std::printf("option: %s\n", error.what());
        return 2;
    }
    for (const auto& warning : context.warnings())
        std::printf("warning: %s\n", warning.c_str());
    return 0;
}

}  // namespace

int main(int count, char** words) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    if (count == 2 && std::string(words[1]) == "list") {
        print_list();
        return 0;
    }
    if (count < 3) {
        std::fprintf(stderr, "usage: v4l2_probe PICTURES SOURCE [KEY=VALUE...]\n");
        return 2;
    }
    camera::DriverOptions options{"probe", words[2], {}};
    for (int i = 3; i < count; ++i) {
        const std::string word = words[i];
        const std::size_t equals = word.find('=');
        options.values[word.substr(0, equals)] =
            equals == std::string::npos ? "" : word.substr(equals + 1);
    }
    return run(std::atoi(words[1]), options);
}
