// The driver module camera_bench: gives prepared pictures on an absolute schedule, each stamped
// with its sequence number and the instant it was due, so that a viewer can tell age and gaps.
//
//     onlooker --driver-dir DIR --camera bench=bench,size=75k,fps=30
//     onlooker --driver-dir DIR --camera bench=bench:FOLDER,fps=30
//
// before=COUNT sends so many small pictures ahead of the schedule, 240 a second, which is about as
// many as the program lets through, so that the frame log is full when the measuring begins.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>

#include "camera/driver.hpp"
#include "pictures.hpp"

namespace onlooker::bench {
namespace {

class BenchCamera final : public camera::Driver {
  public:
    BenchCamera(std::vector<Octets> pictures, double rate, std::uint64_t before)
        : pictures_(std::move(pictures)), rate_(rate), before_(before) {}

    Generator<camera::Captured> frames(camera::CaptureContext& context) override;
    double nominal_rate() const noexcept override { return rate_; }

  private:
    std::vector<Octets> pictures_;
    double rate_;
    std::uint64_t before_;
};

Generator<camera::Captured> BenchCamera::frames(camera::CaptureContext& context) {
    using std::chrono::steady_clock;
    if (before_ > 0) {
        const Octets small = make_pictures("8k").front();
        const Schedule ahead(monotonic_now(), 240);
        for (std::uint64_t i = 0; i < before_; ++i) {
            if (!context.sleep_until(
                    steady_clock::time_point{std::chrono::nanoseconds(ahead.due(i))}))
                co_return;
            co_yield camera::Captured{.picture = media::JpegImage{small},
                                      .captured = std::nullopt,
                                      .wall = std::nullopt,
                                      .lost = 0};
        }
    }
    const Schedule schedule(monotonic_now(), rate_);
    std::uint64_t index = 0;
    while (true) {
        const Nanoseconds due = schedule.due(index);
        const steady_clock::time_point captured{std::chrono::nanoseconds(due)};
        if (!context.sleep_until(captured))
            co_return;
        Octets& picture = pictures_[index % pictures_.size()];
        write_stamp(picture, index + 1, due);
        co_yield camera::Captured{.picture = media::JpegImage{picture},
                                  .captured = captured,
                                  .wall = std::nullopt,
                                  .lost = 0};
        index = std::max(index + 1, schedule.index_at(monotonic_now()));
    }
}

double rate_of(const camera::DriverOptions& options) {
    const auto found = options.values.find("fps");
    if (found == options.values.end())
        return 30;
    const std::string& text = found->second;
    double rate = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
    if (error != std::errc{} || end != text.data() + text.size() || !(rate > 0 && rate <= 1000))
        throw camera::DriverOptionError("fps=" + text + ": expected 0 to 1000 frames per second");
    return rate;
}

std::uint64_t before_of(const camera::DriverOptions& options) {
    const auto found = options.values.find("before");
    if (found == options.values.end())
        return 0;
    const std::string& text = found->second;
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size() || count > 1'000'000)
        throw camera::DriverOptionError("before=" + text + ": expected 0 to 1000000 pictures");
    return count;
}

std::unique_ptr<camera::Driver> make(const camera::DriverOptions& options) {
    for (const auto& [key, value] : options.values) {
        if (key != "size" && key != "fps" && key != "before")
            throw camera::DriverOptionError(key + ": the bench camera knows size, fps and before");
    }
    const auto size = options.values.find("size");
    try {
        auto pictures = options.source.empty()
                            ? make_pictures(size == options.values.end() ? "75k" : size->second)
                            : load_pictures(options.source);
        return std::make_unique<BenchCamera>(std::move(pictures), rate_of(options),
                                             before_of(options));
    } catch (const std::exception& error) {
        throw camera::DriverOptionError(error.what());
    }
}

camera::DriverEntry entry() {
    return {.name = "bench",
            .summary = "prepared pictures on an absolute schedule, for the bench",
            .make = &make,
            .list = {}};
}

}  // namespace
}  // namespace onlooker::bench

extern "C"
    [[gnu::visibility("default")]] const onlooker::camera::DriverModule onlooker_driver_module{
        onlooker::camera::driver_interface, &onlooker::bench::entry};
