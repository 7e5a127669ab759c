#include "endpoints/part_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace onlooker::endpoints {

namespace {

constexpr std::string_view next_head = "Content-Type: image/jpeg\r\n\r\n";

// What pads a picture. Never written to, so it costs one page of the kernel's zeros.
std::array<std::byte, 256 * 1024> zeros;

std::span<const std::byte> octets(std::string_view text) noexcept {
    return std::as_bytes(std::span(text));
}

double seconds_since_epoch(std::chrono::system_clock::time_point time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace

std::string_view to_string(PartFormat format) noexcept {
    switch (format) {
        case PartFormat::length:
            return "length";
        case PartFormat::ahead:
            return "ahead";
        case PartFormat::padded:
            return "padded";
    }
    return "length";
}

PartFormat choose_format(const http::Request& request) noexcept {
    if (const auto asked = request.query.get("format")) {
        for (const PartFormat format :
             {PartFormat::length, PartFormat::ahead, PartFormat::padded}) {
            if (*asked == to_string(format))
                return format;
        }
    }
    if (const auto asked = request.query.get("advance_headers"))
        return *asked == "1" || *asked == "true" ? PartFormat::ahead : PartFormat::length;
    const std::string_view agent = request.header("User-Agent");
    const std::string_view accept = request.header("Accept");
    if (agent.find("HomeAssistant") != std::string_view::npos)
        return PartFormat::ahead;
    // An <img>, or the stream opened in a tab. fetch() says "*/*" and is read by a script that
    // wants the length.
    if (agent.find("AppleWebKit") != std::string_view::npos &&
        (accept.starts_with("image/") || accept.starts_with("text/html")))
        return PartFormat::ahead;
    return PartFormat::length;
}

PartLayout::PartLayout(Options options)
    : options_(std::move(options)),
      common_boundary_(options_.boundary == media::Frame::common_boundary),
      tail_(fmt::format("\r\n--{}\r\n", options_.boundary)) {
    if (options_.format == PartFormat::ahead)
        tail_ += next_head;
}

std::string PartLayout::preamble() const {
    return fmt::format("--{}\r\n{}", options_.boundary,
                       options_.format == PartFormat::ahead ? next_head : "");
}

PartLayout::Part PartLayout::next(const media::FramePtr& frame, const Context& context) {
    if (const Ready shared = ready(); shared != Ready::no)
        return ready_part(*frame, shared, whole_);
    pieces_.clear();
    Part part;
    switch (options_.format) {
        case PartFormat::length:
            lay_out_length(*frame, context);
            break;
        case PartFormat::ahead:
            lay_out_ahead(*frame);
            break;
        case PartFormat::padded:
            part.shows_frame = lay_out_padded(frame);
            break;
    }
    part.pieces = pieces_;
    for (const http::ConstBytes piece : pieces_)
        part.octets += piece.size();
    return part;
}

PartLayout::Ready PartLayout::ready() const noexcept {
    if (!common_boundary_ || options_.extra_headers || options_.zero_data)
        return Ready::no;
    switch (options_.format) {
        case PartFormat::length:
            return Ready::part;
        case PartFormat::ahead:
            return Ready::part_ahead;
        case PartFormat::padded:
            break;
    }
    return Ready::no;
}

PartLayout::Part PartLayout::ready_part(const media::Frame& frame, Ready ready,
                                        http::ConstBytes& whole) {
    whole = ready == Ready::part_ahead ? frame.part_ahead() : frame.part();
    Part part;
    part.pieces = std::span(&whole, 1);
    part.octets = whole.size();
    return part;
}

void PartLayout::lay_out_length(const media::Frame& frame, const Context& context) {
    if (options_.extra_headers || options_.zero_data) {
        const media::Stamps& stamps = frame.stamps();
        const std::span<const std::byte> picture =
            options_.zero_data ? std::span<const std::byte>() : frame.jpeg();
        head_ =
            fmt::format("Content-Type: image/jpeg\r\nContent-Length: {}\r\nX-Timestamp: {:.6f}\r\n",
                        picture.size(), seconds_since_epoch(stamps.wall));
        if (options_.extra_headers) {
            const auto later = [&stamps](media::Stamps::Steady station) {
                return seconds_since_epoch(stamps.wall) +
                       std::chrono::duration<double>(station - stamps.captured).count();
            };
            fmt::format_to(std::back_inserter(head_),
                           "X-UStreamer-Online: {}\r\nX-UStreamer-Width: {}\r\n"
                           "X-UStreamer-Height: {}\r\nX-UStreamer-Client-FPS: {}\r\n"
                           "X-UStreamer-Grab-Time: {:.6f}\r\n"
                           "X-UStreamer-Encode-End-Time: {:.6f}\r\n"
                           "X-UStreamer-Send-Time: {:.6f}\r\n",
                           context.online && !frame.is_card(), frame.width(), frame.height(),
                           context.own_rate, later(stamps.taken), later(stamps.ready),
                           later(std::chrono::steady_clock::now()));
        }
        head_ += "\r\n";
        add(head_);
        if (!picture.empty())
            pieces_.push_back(picture);
        add(tail_);
    } else {
        pieces_.push_back(frame.part_without_boundary());
        add(tail_);
    }
}

void PartLayout::lay_out_ahead(const media::Frame& frame) {
    pieces_.push_back(frame.jpeg());
    add(tail_);
}

// The head with the length goes ahead of its picture, so the length is a promise.
bool PartLayout::lay_out_padded(const media::FramePtr& frame) {
    const std::size_t size = frame->jpeg().size();
    const std::size_t to_announce = length_to_announce(size);
    head_ = fmt::format("Content-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", to_announce);
    if (!previous_) {
        // The first part of all: its own head has not been sent yet either, and says the same.
        add(head_);
        announced_ = to_announce;
    }
    const bool fits = size <= announced_;
    const media::FramePtr& shown = fits ? frame : previous_;
    pieces_.push_back(shown->jpeg());
    add_zeros(announced_ - shown->jpeg().size());
    add(tail_);
    add(head_);
    announced_ = to_announce;
    if (fits)
        previous_ = frame;
    return fits;
}

// A little above the largest of the last frames.
std::size_t PartLayout::length_to_announce(std::size_t newest) noexcept {
    sizes_[next_size_] = newest;
    next_size_ = (next_size_ + 1) % sizes_remembered;
    const std::size_t largest = std::ranges::max(sizes_);
    constexpr std::size_t step = 1024;
    return (largest + largest / 8 + step - 1) / step * step;
}

void PartLayout::add(std::string_view text) {
    pieces_.push_back(octets(text));
}

void PartLayout::add_zeros(std::size_t count) {
    while (count > 0) {
        const std::size_t now = std::min(count, zeros.size());
        pieces_.push_back(std::span<const std::byte>(zeros).first(now));
        count -= now;
    }
}

}  // namespace onlooker::endpoints
