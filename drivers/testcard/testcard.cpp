#include "testcard/testcard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "camera/driver_options.hpp"
#include "media/picture_size.hpp"
#include "testcard/entry.hpp"
#include "testcard/test_picture.hpp"
#include "testcard/timetable.hpp"

namespace onlooker::drivers {

namespace {

using camera::CaptureContext;
using camera::Captured;

constexpr unsigned least_side = 16, most_side = 4096;  // pixels

struct Settings {
    media::PictureSize size{1280, 720};
    double rate = 30;
};

camera::OptionRows rows(Settings& settings) {
    return {
        camera::size_option("size", "Size of the picture.", settings.size, least_side, most_side),
        camera::rate_option("fps", "Pictures per second.", settings.rate)};
}

Settings parse_options(const camera::DriverOptions& options) {
    if (!options.source.empty())
        throw camera::DriverOptionError(fmt::format(
            "the test card has no source, but \"{}\" was given; write testcard:,size=WxH",
            escaped(options.source)));
    Settings settings;
    camera::read_options("testcard", rows(settings), options);
    return settings;
}

std::uint32_t at_most_32_bits(std::uint64_t count) noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(count, most));
}

class Testcard final : public camera::Driver {
  public:
    Testcard(const camera::DriverOptions& options, Clocks clocks)
        : settings_(parse_options(options)), clocks_(std::move(clocks)) {}

    double nominal_rate() const noexcept override { return settings_.rate; }

    Generator<Captured> frames(CaptureContext& context) override {
        TestPicture picture(settings_.size.width, settings_.size.height, settings_.rate);
        const Timetable timetable(clocks_.steady(), settings_.rate);
        std::uint64_t next = 0;
        while (!context.stop_requested()) {
            const auto now = clocks_.steady();
            const std::uint64_t frame = timetable.newest_at(now);
            if (frame >= next) {
                const auto wall = clocks_.wall();
                const auto number = static_cast<std::uint32_t>(frame + 1);
                co_yield Captured{.picture = picture.draw(number, wall),
                                  .captured = now,
                                  .wall = wall,
                                  .lost = at_most_32_bits(frame - next)};
                next = frame + 1;
            }
            if (!context.sleep_until(timetable.due(next)))
                co_return;
        }
    }

  private:
    Settings settings_;
    Clocks clocks_;
};

}  // namespace

std::unique_ptr<camera::Driver> make_testcard(const camera::DriverOptions& options, Clocks clocks) {
    return std::make_unique<Testcard>(options, std::move(clocks));
}

camera::DriverEntry testcard::entry() {
    Settings defaults;
    return {
        .name = "testcard",
        .summary = "a moving test picture with frame number and clock",
        .make =
            [](const camera::DriverOptions& options) { return make_testcard(options, Clocks{}); },
        .source = "Nothing: write testcard:,size=640x480 where options follow.",
        .options = camera::descriptions(rows(defaults))};
}

}  // namespace onlooker::drivers
