#include "testcard/test_picture.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <numbers>
#include <random>
#include <span>

namespace onlooker::drivers {

namespace {

using media::Canvas;
using media::Colour;
using media::Lettering;
using media::Rectangle;
using media::rgb;
using std::chrono::milliseconds;
using std::chrono::system_clock;

constexpr Colour black = rgb(0, 0, 0);
constexpr Colour white = rgb(255, 255, 255);
constexpr Colour panel = rgb(20, 24, 32);
constexpr Colour tick = rgb(90, 100, 115);
constexpr Colour marker = rgb(255, 196, 64);
constexpr Colour faint = rgb(150, 160, 175);

// Three quarters of full saturation, brightest first, as television has them.
constexpr std::array bars{rgb(191, 191, 191), rgb(191, 191, 0), rgb(0, 191, 191), rgb(0, 191, 0),
                          rgb(191, 0, 191),   rgb(191, 0, 0),   rgb(0, 0, 191),   rgb(16, 16, 16)};

constexpr int grain = 2;  // most steps of luma up or down

// Where things are; see the drawing in the header.
struct Layout {
    explicit Layout(const Rectangle& whole)
        : strip{0, 0, whole.width, std::max(2, whole.height / 16)},
          bars{0, strip.height, whole.width, std::max(0, whole.height * 7 / 16 - strip.height)},
          ramp{0, bars.y + bars.height, whole.width, whole.height / 8},
          track{0, ramp.y + ramp.height, whole.width, whole.height / 16} {
        const int top = track.y + track.height;
        const int height = whole.height - top;
        const int side = std::min(height, whole.width / 5);
        plate = {0, top, side, height};
        gratings = {whole.width - side, top, side, height};
        words = {side, top, whole.width - 2 * side, height};
    }

    Rectangle strip, bars, ramp, track, plate{}, gratings{}, words{};
};

std::uint8_t to_luma(double value) noexcept {
    return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
}

void draw_bars(Canvas& canvas, const Rectangle& area) {
    const int count = static_cast<int>(bars.size());
    for (int i = 0; i < count; ++i) {
        const int left = i * area.width / count, right = (i + 1) * area.width / count;
        canvas.fill({area.x + left, area.y, right - left, area.height},
                    bars[static_cast<std::size_t>(i)]);
    }
}

// The same grain each time: two pictures of one number are equal but for the clock.
void draw_grain(Canvas& canvas, const Rectangle& area) {
    std::minstd_rand random(1);
    for (int y = area.y; y < area.y + area.height; ++y)
        for (std::uint8_t& luma : canvas.luma_row(y)) {
            const int step = static_cast<int>(random() >> 8) % (2 * grain + 1) - grain;
            luma = static_cast<std::uint8_t>(std::clamp(luma + step, 0, 255));
        }
}

void draw_ramp(Canvas& canvas, const Rectangle& area) {
    canvas.fill(area, black);
    constexpr int steps = 16;
    for (int y = area.y; y < area.y + area.height; ++y) {
        const bool in_steps = y - area.y >= area.height / 2;
        int x = 0;
        for (std::uint8_t& luma : canvas.luma_row(y)) {
            const int step = x * steps / area.width;
            luma = in_steps ? to_luma(255.0 * step / (steps - 1))
                            : to_luma(255.0 * x / std::max(1, area.width - 1));
            ++x;
        }
    }
}

void draw_track(Canvas& canvas, const Rectangle& area) {
    canvas.fill(area, panel);
    for (int tenth = 1; tenth < 10; ++tenth)
        canvas.fill({area.width * tenth / 10, area.y, std::max(1, area.width / 640), area.height},
                    tick);
}

// Rings that grow finer outwards, up to a quarter of a cycle per pixel: shows scaling and blur.
void draw_plate(Canvas& canvas, const Rectangle& area) {
    canvas.fill(area, rgb(128, 128, 128));
    const double middle_x = area.x + area.width / 2.0, middle_y = area.y + area.height / 2.0;
    const double radius = std::max(1, std::min(area.width, area.height)) / 2.0;
    const double bend = std::numbers::pi / 4 / radius;
    for (int y = area.y; y < area.y + area.height; ++y) {
        const std::span<std::uint8_t> row = canvas.luma_row(y);
        for (int x = area.x; x < area.x + area.width; ++x) {
            const double far_x = x + 0.5 - middle_x, far_y = y + 0.5 - middle_y;
            const double squared = far_x * far_x + far_y * far_y;
            if (squared < radius * radius)
                row[static_cast<std::size_t>(x)] = to_luma(128 + 100 * std::cos(bend * squared));
        }
    }
}

// Stripes of fewer and fewer pixels, upright on the left and lying on the right.
void draw_gratings(Canvas& canvas, const Rectangle& area) {
    constexpr std::array periods{16, 12, 8, 6, 4, 2};
    constexpr int count = static_cast<int>(periods.size());
    canvas.fill(area, rgb(128, 128, 128));
    for (int y = area.y; y < area.y + area.height; ++y) {
        const int field = std::min((y - area.y) * count / area.height, count - 1);
        const int period = periods[static_cast<std::size_t>(field)];
        const auto row = canvas.luma_row(y).subspan(static_cast<std::size_t>(area.x));
        for (int x = 0; x < area.width; ++x) {
            const int along = x < area.width / 2 ? x : y - area.y;
            row[static_cast<std::size_t>(x)] = along % period < period / 2 ? 64 : 192;
        }
    }
}

void draw_background(Canvas& canvas, const Layout& layout) {
    canvas.fill(canvas.area(), panel);
    draw_bars(canvas, layout.bars);
    draw_grain(canvas, layout.bars);
    draw_ramp(canvas, layout.ramp);
    draw_track(canvas, layout.track);
    draw_plate(canvas, layout.plate);
    draw_gratings(canvas, layout.gratings);
}

// As large as the words have room for; 0 when they have none.
double text_size(const Rectangle& area) {
    const double across = area.width / (Lettering(1).width_of("00:00:00.000") + 6.0);
    const double down = area.height / 30.0;
    const double size = std::min(across, down);
    return size < 1 ? 0 : std::floor(2 * size) / 2;
}

std::tm local_time(system_clock::time_point time) {
    const std::time_t seconds = system_clock::to_time_t(time);
    std::tm local{};
    return ::localtime_r(&seconds, &local) == nullptr ? std::tm{} : local;
}

milliseconds within_second(system_clock::time_point time) {
    using std::chrono::seconds;
    return std::chrono::duration_cast<milliseconds>(time - std::chrono::floor<seconds>(time));
}

std::string clock_words(system_clock::time_point time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%H:%M:%S}.{:03}", local_time(whole), within_second(time).count());
}

}  // namespace

Rectangle number_block(int index, int width, int height) noexcept {
    const int left = index * width / number_blocks, right = (index + 1) * width / number_blocks;
    return {left, 0, right - left, std::max(2, height / 16)};
}

TestPicture::TestPicture(unsigned width, unsigned height, double rate)
    : canvas_(width, height), lettering_(text_size(Layout(canvas_.area()).words)) {
    const Layout layout(canvas_.area());
    draw_background(canvas_, layout);
    track_ = layout.track;
    const double size = text_size(layout.words);
    if (size == 0)
        return;  // both lines stay empty

    Lettering facts_lettering(std::max(1.0, size / 2));
    const std::string facts = fmt::format("{} x {}   {} fps", width, height, rate);
    // Even, and with room for the edge of the pen, so that no colour of older letters stays behind.
    const int line = (lettering_.cap_height() + 3) / 2 * 2;
    const int pitch = lettering_.cap_height() * 8 / 5 / 2 * 2;
    const int all = 2 * pitch + facts_lettering.cap_height();
    const int indent = static_cast<int>(3 * size);
    const int left = (layout.words.x + indent + 1) / 2 * 2;
    int y = (layout.words.y + std::max(0, layout.words.height - all) / 2) / 2 * 2;
    const int right = layout.words.x + layout.words.width;
    clock_line_ = {left, y, right - left, line};
    number_line_ = {left, y + pitch, right - left, line};
    y += 2 * pitch;
    facts_lettering.draw(canvas_, left, y, facts_lettering.shortened(facts, right - left), faint);
}

void TestPicture::draw_strip(std::uint32_t number) {
    for (int i = 0; i < number_blocks; ++i) {
        const bool bit = (number >> (number_blocks - 1 - i) & 1U) != 0;
        canvas_.fill(number_block(i, canvas_.width(), canvas_.height()), bit ? white : black);
    }
}

void TestPicture::draw_marker(system_clock::time_point wall) {
    draw_track(canvas_, track_);
    const int width = std::max(2, track_.width / 64 * 2);
    const auto now = static_cast<int>(within_second(wall).count());
    canvas_.fill({(track_.width - width) * now / 1000, track_.y, width, track_.height}, marker);
}

void TestPicture::draw_line(const Rectangle& area, const std::string& text, Colour colour) {
    if (area.width == 0)
        return;
    canvas_.fill(area, panel);
    lettering_.draw(canvas_, area.x, area.y, lettering_.shortened(text, area.width), colour);
}

media::RawImage TestPicture::draw(std::uint32_t number, system_clock::time_point wall) {
    draw_strip(number);
    draw_marker(wall);
    draw_line(clock_line_, clock_words(wall), white);
    draw_line(number_line_, fmt::format("# {}", number), marker);
    return canvas_.image();
}

}  // namespace onlooker::drivers
