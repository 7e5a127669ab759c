#include "v4l2/stream.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "base/clock.hpp"
#include "v4l2/picture_in.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

// A device that only counts up to its number of buffers, or jumps about, is not believed.
constexpr std::uint32_t largest_gap = 1000;

}  // namespace

Stream::Stream(const Device& device, const StreamFormat& format, const Settings& settings)
    : device_(device),
      format_(format),
      buffers_(device, settings.buffers, format.format->memory_planes),
      pace_(settings.fps) {}

Stream::Event Stream::wait(const camera::CaptureContext& context) {
    if (lent_)
        buffers_.give_back(*std::exchange(lent_, std::nullopt));
    std::array<pollfd, 2> descriptors{pollfd{device_.fd(), POLLIN | POLLPRI, 0},
                                      pollfd{context.stop_descriptor(), POLLIN, 0}};
    while (device_.kernel().poll(descriptors.data(), descriptors.size(), -1) < 0)
        if (errno != EINTR && errno != EAGAIN)
            throw device_error(Step::capturing, errno, device_.path());
    if (descriptors[1].revents != 0)
        return Event::context;
    if ((descriptors[0].revents & POLLPRI) && source_changed(device_))
        return Event::changed;
    if ((descriptors[0].revents & (POLLERR | POLLHUP | POLLNVAL)) == 0)
        return Event::picture;
    // The device is in error. What kind is said by the next dequeue; one that has nothing to say
    // must not keep us turning here.
    if (auto filled = buffers_.dequeue()) {
        buffers_.give_back(*filled);
        ++lost_;
        return Event::picture;
    }
    throw failed(device_.path(), "stopped giving pictures, without a reason");
}

std::optional<camera::Captured> Stream::newest() {
    auto filled = take_newest();
    if (!filled)
        return std::nullopt;
    lent_ = *filled;
    camera::Captured captured;
    captured.picture = *picture_in(format_, std::span(filled->planes).first(filled->plane_count));
    if (auto* raw = std::get_if<media::RawImage>(&captured.picture))
        raw->full_range = format_.full_range;
    captured.captured = filled->captured;
    // What a stream gives before its first whole picture, the rest of an old one, nobody misses.
    captured.lost = std::exchange(shown_, true) ? lost_ : 0;
    lost_ = 0;
    return captured;
}

// Dequeues all that is ready and keeps the last one that is whole and wanted at this rate.
std::optional<Filled> Stream::take_newest() {
    std::optional<Filled> kept;
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
        const auto filled = buffers_.dequeue();
        if (!filled)
            break;
        count_gap(filled->sequence);
        const auto planes = std::span(filled->planes).first(filled->plane_count);
        const bool whole = !filled->broken && picture_in(format_, planes).has_value();
        const auto time = filled->captured.value_or(SteadyClock::now());
        if (!whole) {
            ++lost_;
            buffers_.give_back(*filled);
        } else if (!pace_.lets_through(time)) {
            buffers_.give_back(*filled);
        } else {
            if (kept) {
                ++lost_;
                buffers_.give_back(*kept);
            }
            kept = filled;
        }
    }
    return kept;
}

void Stream::count_gap(std::uint32_t sequence) {
    if (last_sequence_) {
        const std::uint32_t gap = sequence - *last_sequence_ - 1;  // wraps as the device's does
        if (gap < largest_gap)
            lost_ += gap;
    }
    last_sequence_ = sequence;
}

}  // namespace onlooker::drivers::v4l2
