#include "relay/relay_driver.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/pace.hpp"
#include "base/process_identity.hpp"
#include "relay/credentials.hpp"
#include "relay/pull.hpp"

namespace onlooker::drivers {

namespace {

constexpr double snapshot_rate = 1;  // pictures per second, unless the user says otherwise

// A camera that gives nothing is taken for one that has stopped. So a snapshot that its server says
// is still the same is passed on again, but no more often than this.
constexpr auto longest_without_picture = std::chrono::seconds(1);

SteadyClock::duration period_of(double rate) {
    return std::chrono::duration_cast<SteadyClock::duration>(
        std::chrono::duration<double>(1 / rate));
}

std::string via(const camera::CaptureContext& context) {
    const std::string before = context.watchers_via();
    return (before.empty() ? "" : before + ", ") + "1.1 " + via_pseudonym();
}

camera::Captured captured(const MultipartReader::Frame& frame) {
    return {.picture = media::JpegImage{frame.jpeg},
            .captured = std::nullopt,
            .wall = frame.wall,
            .lost = frame.lost};
}

}  // namespace

Generator<camera::Captured> RelayDriver::frames(camera::CaptureContext& context) {
    Pull pull(options_, read_credentials(options_, context), via(context));
    Pace pace(options_.rate.value_or(0));
    bool warned = false;
    while (!context.stop_requested()) {
        pull.ask();
        for (bool goes_on = true; goes_on && !context.stop_requested();) {
            goes_on = pull.advance(context);
            while (auto frame = pull.take()) {
                if (!pull.is_stream() || pace.lets_through(SteadyClock::now()))
                    co_yield captured(*frame);
                pull.give_back(std::move(*frame));
            }
            if (pull.lengths_are_wrong() && !std::exchange(warned, true))
                context.warn(options_.shown +
                             " sends wrong Content-Lengths; its pictures are told apart without");
        }
        if (context.stop_requested())
            co_return;
        pull.expect_snapshot();
        if (const auto* unchanged = pull.unchanged_for(longest_without_picture))
            co_yield captured(*unchanged);
        context.sleep_until(pull.asked() + period_of(options_.rate.value_or(snapshot_rate)));
    }
}

camera::DriverEntry relay::entry() {
    return {
        .name = "relay",
        .summary = "the MJPEG stream or snapshot of another server: relay:http://HOST/PATH",
        .make =
            [](const camera::DriverOptions& options) {
                return std::make_unique<RelayDriver>(relay::parse_options(options));
            },
        .source = "The URL of an MJPEG stream or of one picture, http:// or https://.",
        .options = relay::option_descriptions(),
    };
}

}  // namespace onlooker::drivers
