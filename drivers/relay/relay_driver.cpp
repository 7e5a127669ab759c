#include "relay/relay_driver.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/pace.hpp"
#include "base/process_identity.hpp"
#include "relay/credentials.hpp"
#include "relay/forbearance.hpp"
#include "relay/pull.hpp"

namespace onlooker::drivers {

namespace {

using camera::CameraError;

constexpr double snapshot_rate = 1;  // pictures per second, unless the user says otherwise

// A camera that gives nothing is taken for one that has stopped. So a snapshot that its server says
// is still the same is passed on again, but no more often than this.
constexpr auto longest_without_picture = std::chrono::seconds(1);

// From one request to the next, however fast pictures are wanted, while something goes wrong.
constexpr SteadyClock::duration apart_in_trouble = std::chrono::milliseconds(200);

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

// What `work` returns; false, and why, when it threw.
template <typename Work>
bool attempt(const Work& work, std::optional<CameraError>& trouble) {
    try {
        return work();
    } catch (const CameraError& error) {
        trouble = error;
        return false;
    }
}

// What the operator, and who waits for a picture, is told of an upstream that goes on.
class Notices {
  public:
    Notices(camera::CaptureContext& context, std::string shown)
        : context_(context), shown_(std::move(shown)) {}

    void on_picture() { refused_.clear(); }
    void look_at(const Pull& pull) {
        if (pull.lengths_are_wrong() && !std::exchange(warned_of_lengths_, true))
            context_.warn(shown_ +
                          " sends wrong Content-Lengths; its pictures are told apart without");
        if (const std::string refused = pull.refused(); !refused.empty() && refused != refused_) {
            context_.explain_silence(refused);
            refused_ = refused;
        }
    }
    void on_trouble(const CameraError& error) {
        context_.explain_silence(error.what());
        context_.warn(std::string(error.what()) +
                      "; it is asked again, and its last picture stays");
    }

  private:
    camera::CaptureContext& context_;
    std::string shown_;
    std::string refused_;
    bool warned_of_lengths_ = false;
};

}  // namespace

Generator<camera::Captured> RelayDriver::frames(camera::CaptureContext& context) {
    const Credentials credentials = read_credentials(options_, context);
    const auto period = period_of(options_.rate.value_or(snapshot_rate));
    Pace pace(options_.rate.value_or(0));
    Forbearance forbearance(period);
    Notices notices(context, options_.shown);
    std::optional<Pull> pull;
    while (!context.stop_requested()) {
        if (!pull)
            pull.emplace(options_, credentials, via(context));
        pull->ask();
        const SteadyTime asked = pull->asked();
        std::optional<CameraError> trouble;
        for (bool goes_on = true; goes_on && !context.stop_requested();) {
            goes_on = attempt([&] { return pull->advance(context); }, trouble);
            while (auto frame = pull->take()) {
                notices.on_picture();
                forbearance.on_success(SteadyClock::now());
                const bool is_due = pace.lets_through(SteadyClock::now());
                // The first of each response was asked for at its time.
                if (is_due || pull->is_first())
                    co_yield captured(*frame);
                pull->give_back(std::move(*frame));
            }
            notices.look_at(*pull);
        }
        if (context.stop_requested())
            co_return;
        if (!trouble && attempt([&] { return pull->conclude(), true; }, trouble)) {
            forbearance.on_success(SteadyClock::now());
            if (const auto* unchanged = pull->unchanged_for(longest_without_picture))
                co_yield captured(*unchanged);
        }
        if (trouble) {
            if (!forbearance.bears(*trouble, SteadyClock::now()))
                throw CameraError(*trouble);
            notices.on_trouble(*trouble);
            pull.reset();  // with its connection, of which nothing is known any more
        }
        context.sleep_until(asked + std::max(period, trouble ? apart_in_trouble : period));
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
