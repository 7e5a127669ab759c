#include "relay/jpeg_end_finder.hpp"

#include <algorithm>
#include <cstring>

#include "media/jpeg_markers.hpp"

namespace onlooker::drivers {

namespace {

using namespace media::jpeg;

constexpr std::uint8_t first_real = sof0;  // 02 to BF are reserved: nobody sends them on purpose

std::size_t offset_in(std::span<const std::byte> octets, const void* place) noexcept {
    return static_cast<std::size_t>(static_cast<const std::byte*>(place) - octets.data());
}

}  // namespace

JpegEndFinder::Result JpegEndFinder::feed(std::span<const std::byte> octets) noexcept {
    std::size_t at = 0;
    while (at < octets.size()) {
        if (state_ == State::payload) {
            at += skip_payload(octets.size() - at);
            continue;
        }
        if (state_ == State::scan || state_ == State::marker_first) {
            const Result passed = pass_scan(octets.subspan(at));
            at += passed.used;
            // Without an FF at hand there is nothing more to learn from this input.
            if (passed.status == Status::torn || at == octets.size() ||
                std::to_integer<std::uint8_t>(octets[at]) != fill)
                return {passed.status, at};
        }
        const Status status = feed_octet(std::to_integer<std::uint8_t>(octets[at]));
        if (status == Status::broken)
            return {status, at};
        ++at;
        if (status == Status::end)
            return {status, at};
    }
    return {Status::more, at};
}

std::size_t JpegEndFinder::skip_payload(std::size_t available) noexcept {
    const std::size_t skipped = std::min(remaining_, available);
    remaining_ -= skipped;
    if (remaining_ == 0)
        state_ = marker_ == sos ? State::scan : State::marker_first;
    return skipped;
}

// Passes entropy-coded data, or what stands between segments, up to the next FF, the delimiter, or
// what could become one. Nearly all octets of a picture pass here, so both searches are the
// library's.
JpegEndFinder::Result JpegEndFinder::pass_scan(std::span<const std::byte> octets) const noexcept {
    const void* found = std::memchr(octets.data(), fill, octets.size());
    const auto run = found == nullptr ? octets : octets.first(offset_in(octets, found));
    if (delimiter_.empty())
        return {Status::more, run.size()};
    const void* delimiter = ::memmem(run.data(), run.size(), delimiter_.data(), delimiter_.size());
    if (delimiter != nullptr)
        return {Status::torn, offset_in(octets, delimiter)};
    return {Status::more, found == nullptr ? delimiter_begun_at(run) : run.size()};
}

// Where the longest end of `run` that is a beginning of the delimiter starts, or the run's size.
std::size_t JpegEndFinder::delimiter_begun_at(std::span<const std::byte> run) const noexcept {
    std::size_t at = run.size() - std::min(run.size(), delimiter_.size() - 1);
    while (at < run.size()) {
        const void* line_end = std::memchr(run.data() + at, delimiter_.front(), run.size() - at);
        if (line_end == nullptr)
            break;
        at = offset_in(run, line_end);
        if (std::memcmp(run.data() + at, delimiter_.data(), run.size() - at) == 0)
            return at;
        ++at;
    }
    return run.size();
}

JpegEndFinder::Status JpegEndFinder::feed_octet(std::uint8_t octet) noexcept {
    switch (state_) {
        case State::start_first:
            state_ = State::start_second;
            return octet == fill ? Status::more : Status::broken;
        case State::start_second:
            state_ = State::marker_first;
            return octet == soi ? Status::more : Status::broken;
        case State::marker_first:
            state_ = State::marker_code;
            return octet == fill ? Status::more : Status::broken;
        case State::marker_code:
            return feed_marker_code(octet);
        case State::length_high:
            remaining_ = static_cast<std::size_t>(octet) << 8;
            state_ = State::length_low;
            return Status::more;
        case State::length_low:
            return feed_length(octet);
        case State::scan:
            state_ = State::scan_marker;
            return Status::more;
        case State::scan_marker:
            return feed_scan_marker(octet);
        case State::payload:
        case State::done:
            break;
    }
    return Status::broken;
}

JpegEndFinder::Status JpegEndFinder::feed_length(std::uint8_t low) noexcept {
    constexpr std::size_t length_itself = 2;
    remaining_ |= low;
    if (remaining_ < length_itself && !is_application(marker_))
        return Status::broken;
    remaining_ -= std::min(remaining_, length_itself);
    state_ = State::payload;
    skip_payload(0);
    return Status::more;
}

JpegEndFinder::Status JpegEndFinder::feed_marker_code(std::uint8_t octet) noexcept {
    if (octet == fill)
        return Status::more;
    if (octet == eoi) {
        state_ = State::done;
        return Status::end;
    }
    if (octet == stuffed || octet == tem || is_restart(octet)) {
        state_ = State::marker_first;
        return Status::more;
    }
    if (octet < first_real || octet == soi)
        return Status::broken;
    marker_ = octet;
    state_ = State::length_high;
    return Status::more;
}

JpegEndFinder::Status JpegEndFinder::feed_scan_marker(std::uint8_t octet) noexcept {
    if (octet == stuffed || is_restart(octet)) {
        state_ = State::scan;
        return Status::more;
    }
    return feed_marker_code(octet);
}

}  // namespace onlooker::drivers
