#include "testcard/testcard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "media/picture_size.hpp"
#include "testcard/entry.hpp"
#include "testcard/test_picture.hpp"
#include "testcard/timetable.hpp"

namespace onlooker::drivers {

namespace {

using camera::CaptureContext;
using camera::Captured;
using camera::DriverOptionError;

constexpr unsigned least_side = 16, most_side = 4096;  // pixels
constexpr double slowest = 0.1, fastest = 1000;        // frames per second

struct Settings {
    media::PictureSize size{1280, 720};
    double rate = 30;
};

bool is_drawable(media::PictureSize size) noexcept {
    const auto [least, most] = std::minmax(size.width, size.height);
    return least >= least_side && most <= most_side;
}

void parse_size(Settings& settings, std::string_view value) {
    const auto size = media::parse_size(value);
    if (!size || !is_drawable(*size))
        throw DriverOptionError(fmt::format("size={}: expected WIDTHxHEIGHT, each from {} to {}",
                                            escaped(value), least_side, most_side));
    settings.size = *size;
}

void parse_rate(Settings& settings, std::string_view value) {
    const auto rate = parse_number<double>(value);
    const bool fits = rate && *rate >= slowest && *rate <= fastest;  // "nan" does not
    if (!fits)
        throw DriverOptionError(fmt::format("fps={}: expected a number from {} to {}",
                                            escaped(value), slowest, fastest));
    settings.rate = *rate;
}

Settings parse(const camera::DriverOptions& options) {
    if (!options.source.empty())
        throw DriverOptionError(fmt::format(
            "the test card has no source, but \"{}\" was given; write testcard:,size=WxH",
            escaped(options.source)));
    Settings settings;
    for (const auto& [key, value] : options.values) {
        if (key == "size")
            parse_size(settings, value);
        else if (key == "fps")
            parse_rate(settings, value);
        else
            throw DriverOptionError(fmt::format(
                "the test card has no option \"{}\"; it has size and fps", escaped(key)));
    }
    return settings;
}

std::uint32_t at_most_32_bits(std::uint64_t count) noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(count, most));
}

class Testcard final : public camera::Driver {
  public:
    Testcard(const camera::DriverOptions& options, Clocks clocks)
        : settings_(parse(options)), clocks_(std::move(clocks)) {}

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
    return {
        .name = "testcard",
        .summary = "a moving test picture with frame number and clock",
        .make =
            [](const camera::DriverOptions& options) { return make_testcard(options, Clocks{}); },
        .list = {}};
}

}  // namespace onlooker::drivers
