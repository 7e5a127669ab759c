#include "camera/card.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <string>

#include "base/clock.hpp"
#include "media/canvas.hpp"
#include "media/placeholder.hpp"

namespace onlooker::camera {

namespace {

using std::chrono::system_clock;

constexpr unsigned least_width = 160, most_width = 3840;
constexpr unsigned least_height = 120, most_height = 2160;

unsigned even_within(unsigned pixels, unsigned least, unsigned most) noexcept {
    return std::clamp(pixels, least, most) / 2 * 2;
}

std::tm local_time(system_clock::time_point time) {
    const std::time_t seconds = system_clock::to_time_t(time);
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr)
        return {};
    return local;
}

std::string next_try(const std::optional<SteadyClock::time_point>& retry_at) {
    if (!retry_at)
        return {};
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*retry_at - SteadyClock::now());
    if (seconds.count() <= 0)
        return "trying again";
    return fmt::format("next try in {} s", seconds.count());
}

media::Placeholder card_of(const CardDriver::Words& words,
                           const std::optional<SteadyClock::time_point>& retry_at,
                           system_clock::time_point now) {
    const std::tm local = local_time(now);
    return {
        .camera = words.camera,
        .title = std::string(card_title(words.kind)),
        .sentence = words.sentence,
        .date = fmt::format("{:%Y-%m-%d}", local),
        .time = fmt::format("{:%H:%M:%S}", local),
        .next = next_try(retry_at),
        .mood = words.kind ? media::Placeholder::Mood::fault : media::Placeholder::Mood::waiting};
}

}  // namespace

Generator<Captured> CardDriver::frames(CaptureContext& context) {
    media::Canvas canvas(even_within(words_.width, least_width, most_width),
                         even_within(words_.height, least_height, most_height));
    auto due = SteadyClock::now();
    while (!context.stop_requested()) {
        const auto now = SteadyClock::now();
        const auto wall = system_clock::now();
        media::draw(canvas, card_of(words_, retry_at(), wall));
        co_yield Captured{.picture = canvas.image(), .captured = now, .wall = wall};
        // After a long wait, of the machine or of the encoder, the next card is due from now on.
        due = std::max(due + std::chrono::seconds(1), SteadyClock::now());
        if (!context.sleep_until(due))
            co_return;
    }
}

void CardDriver::set_retry_at(std::optional<SteadyTime> time) {
    const std::lock_guard lock(mutex_);
    retry_at_ = time;
}

std::optional<SteadyTime> CardDriver::retry_at() const {
    const std::lock_guard lock(mutex_);
    return retry_at_;
}

std::string_view card_title(const std::optional<ErrorKind>& kind) noexcept {
    if (!kind)
        return "Starting";
    switch (*kind) {
        case ErrorKind::not_found:
            return "Not found";
        case ErrorKind::busy:
            return "In use elsewhere";
        case ErrorKind::no_permission:
            return "No permission";
        case ErrorKind::unplugged:
            return "Unplugged";
        case ErrorKind::no_signal:
            return "No signal";
        case ErrorKind::failed:
            break;
    }
    return "Failed";
}

}  // namespace onlooker::camera
