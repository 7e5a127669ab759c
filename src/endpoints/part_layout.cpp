#include "endpoints/part_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "media/part_head.hpp"
#include "variants/auto_feed.hpp"

namespace onlooker::endpoints {

namespace {

// Pads a picture. Never written to, so it costs one page of the kernel's zeros.
std::array<std::byte, 256 * 1024> zeros;

std::span<const std::byte> octets(std::string_view text) noexcept {
    return std::as_bytes(std::span(text));
}

double seconds_since_epoch(std::chrono::system_clock::time_point time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

bool lies_ready(const PartLayout::Settings& settings) noexcept {
    return settings.boundary == media::Frame::common_boundary && !settings.extra_headers &&
           !settings.zero_data && settings.format != PartFormat::padded &&
           (!settings.auto_step || settings.format == PartFormat::ahead);
}

std::string extra_headers(const media::Frame& frame, const PartLayout::Context& context) {
    const media::Stamps& stamps = frame.stamps();
    const auto at = [&stamps](SteadyTime station) {
        return seconds_since_epoch(stamps.wall) +
               std::chrono::duration<double>(station - stamps.captured).count();
    };
    return fmt::format(
        "X-UStreamer-Online: {}\r\nX-UStreamer-Width: {}\r\n"
        "X-UStreamer-Height: {}\r\nX-UStreamer-Client-FPS: {}\r\n"
        "X-UStreamer-Grab-Time: {:.6f}\r\n"
        "X-UStreamer-Encode-End-Time: {:.6f}\r\n"
        "X-UStreamer-Send-Time: {:.6f}\r\n",
        context.online && !frame.is_card(), frame.width(), frame.height(), context.own_rate,
        at(stamps.taken), at(stamps.ready), at(SteadyClock::now()));
}

std::string size_fields(const media::Frame& frame, const camera::AutoStep& step) {
    // At full size the frame is the camera's own, or a card, and says none.
    const std::string_view own = frame.fields();
    const std::string size =
        own.find("X-Width") == std::string_view::npos
            ? fmt::format("X-Width: {}\r\nX-Height: {}\r\n", frame.width(), frame.height())
            : "";
    return fmt::format("{}{}X-Step: {}\r\n", own, size, variants::scale_of(step));
}

// What stands between two pictures; the head of the next one too where it goes ahead.
std::string tail_of(std::string_view boundary, PartFormat format) {
    return fmt::format("{}{}{}{}", media::before_boundary, boundary, media::after_boundary,
                       format == PartFormat::ahead ? media::part_head_without_length : "");
}

}  // namespace

// The parts that are made for one viewer.
class PartLayout::OwnParts {
  public:
    explicit OwnParts(Settings settings)
        : settings_(std::move(settings)), tail_(tail_of(settings_.boundary, settings_.format)) {}

    const Settings& settings() const noexcept { return settings_; }

    // Whether it shows the frame.
    bool lay_out(const media::FramePtr& frame, const Context& context);
    std::span<const http::ConstBytes> pieces() const noexcept { return pieces_; }

  private:
    void add(std::string_view text);
    void add_zeros(std::size_t count);
    void lay_out_length(const media::Frame& frame, const Context& context);
    void lay_out_ahead(const media::Frame& frame);
    bool lay_out_padded(const media::FramePtr& frame);
    std::size_t length_to_announce(std::size_t newest) noexcept;

    static constexpr std::size_t sizes_remembered = 30;

    Settings settings_;
    std::string tail_;  // CRLF, boundary line, and in format "ahead" the next head
    std::string head_;
    std::vector<http::ConstBytes> pieces_;
    // Format "padded".
    std::size_t announced_ = 0;
    unsigned announced_width_ = 0;  // where the heads say it
    unsigned announced_height_ = 0;
    media::FramePtr previous_;
    std::array<std::size_t, sizes_remembered> sizes_{};
    std::size_t next_size_ = 0;
};

PartLayout::PartLayout(Settings settings)
    : ahead_(settings.format == PartFormat::ahead), needs_context_(settings.extra_headers) {
    if (!lies_ready(settings))
        own_ = std::make_unique<OwnParts>(std::move(settings));
}

PartLayout::~PartLayout() = default;

// As between two pictures, except that there is no line before it to be ended.
std::string PartLayout::preamble() const {
    const std::string tail = own_ ? tail_of(own_->settings().boundary, own_->settings().format)
                                  : tail_of(media::Frame::common_boundary,
                                            ahead_ ? PartFormat::ahead : PartFormat::length);
    return tail.substr(tail.find("--"));
}

PartLayout::Part::Part(std::span<const http::ConstBytes> gathered, bool shows_frame) noexcept
    : gathered_(gathered), shows_frame_(shows_frame) {
    for (const http::ConstBytes piece : gathered)
        octets_ += piece.size();
}

PartLayout::Part PartLayout::next_own(const media::FramePtr& frame, const Context& context) {
    const bool shows_frame = own_->lay_out(frame, context);
    return {own_->pieces(), shows_frame};
}

bool PartLayout::OwnParts::lay_out(const media::FramePtr& frame, const Context& context) {
    pieces_.clear();
    switch (settings_.format) {
        case PartFormat::length:
            lay_out_length(*frame, context);
            return true;
        case PartFormat::ahead:
            lay_out_ahead(*frame);
            return true;
        case PartFormat::padded:
            return lay_out_padded(frame);
    }
    return true;
}

void PartLayout::OwnParts::lay_out_length(const media::Frame& frame, const Context& context) {
    if (settings_.extra_headers || settings_.zero_data || settings_.auto_step) {
        const std::span<const std::byte> picture =
            settings_.zero_data ? std::span<const std::byte>() : frame.jpeg();
        head_ = media::PartHead(picture.size()).with_timestamp(frame.stamps().wall).fields();
        if (settings_.auto_step)
            head_ += size_fields(frame, *settings_.auto_step);
        else
            head_ += frame.fields();
        if (settings_.extra_headers)
            head_ += extra_headers(frame, context);
        head_ += "\r\n";
        add(head_);
        if (!picture.empty())
            pieces_.push_back(picture);
    } else {
        pieces_.push_back(frame.part_without_boundary());
    }
    add(tail_);
}

void PartLayout::OwnParts::lay_out_ahead(const media::Frame& frame) {
    pieces_.push_back(frame.jpeg());
    add(tail_);
}

// The head with the length goes ahead of its picture, so the length is a promise.
bool PartLayout::OwnParts::lay_out_padded(const media::FramePtr& frame) {
    const std::size_t size = frame->jpeg().size();
    const std::size_t to_announce = length_to_announce(size);
    media::PartHead head(to_announce);
    head_ = settings_.auto_step
                ? fmt::format("{}{}\r\n", head.fields(), size_fields(*frame, *settings_.auto_step))
                : head.whole();
    if (!previous_) {
        // The first part of all: its own head has not been sent yet either, and says the same.
        add(head_);
        announced_ = to_announce;
    }
    const bool is_promised =
        !settings_.auto_step || !previous_ ||
        (frame->width() == announced_width_ && frame->height() == announced_height_);
    const bool fits = size <= announced_ && is_promised;
    const media::FramePtr& shown = fits ? frame : previous_;
    pieces_.push_back(shown->jpeg());
    add_zeros(announced_ - shown->jpeg().size());
    add(tail_);
    add(head_);
    announced_ = to_announce;
    announced_width_ = frame->width();
    announced_height_ = frame->height();
    if (fits)
        previous_ = frame;
    return fits;
}

// A little above the largest of the last frames.
std::size_t PartLayout::OwnParts::length_to_announce(std::size_t newest) noexcept {
    sizes_[next_size_] = newest;
    next_size_ = (next_size_ + 1) % sizes_remembered;
    const std::size_t largest = std::ranges::max(sizes_);
    constexpr std::size_t step = 1024;
    return (largest + largest / 8 + step - 1) / step * step;
}

void PartLayout::OwnParts::add(std::string_view text) {
    pieces_.push_back(octets(text));
}

void PartLayout::OwnParts::add_zeros(std::size_t count) {
    while (count > 0) {
        const std::size_t now = std::min(count, zeros.size());
        pieces_.push_back(std::span<const std::byte>(zeros).first(now));
        count -= now;
    }
}

}  // namespace onlooker::endpoints
