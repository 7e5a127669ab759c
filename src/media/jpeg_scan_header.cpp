#include "media/jpeg_scan_header.hpp"

#include <algorithm>

namespace onlooker::media {

namespace {

constexpr unsigned last_coefficient = 63;
constexpr std::array<std::byte, range_size> whole_range{std::byte{0}, std::byte{last_coefficient},
                                                        std::byte{0}};

unsigned octet(std::span<const std::byte> body, std::size_t at) noexcept {
    return std::to_integer<unsigned>(body[at]);
}

// Some cameras give several components one id. Decoders then take each for the first that the scan
// has not named yet (libjpeg-turbo, get_sos in jdmarker.c).
unsigned index_in(const JpegFrameHeader& frame, unsigned id, const JpegScanHeader& scan) noexcept {
    for (unsigned index = 0; index < frame.component_count; ++index) {
        const auto is_this = [index](const auto& named) { return named.index == index; };
        if (frame.components[index].id == id && std::ranges::none_of(scan.known(), is_this))
            return index;
    }
    return frame.component_count;
}

JpegError read_range(std::span<const std::byte, range_size> range, bool progressive,
                     JpegScanHeader& scan) noexcept {
    if (!progressive) {
        scan.range_is_as_written = std::ranges::equal(range, whole_range);
        return JpegError::none;
    }
    scan.first = octet(range, 0);
    scan.last = octet(range, 1);
    scan.successive_high = octet(range, 2) >> 4;
    return scan.first > scan.last || scan.last > last_coefficient ? JpegError::broken_segment
                                                                  : JpegError::none;
}

}  // namespace

HuffmanSet JpegScanHeader::needed_huffman() const noexcept {
    HuffmanSet needed;
    for (const Component& component : known()) {
        // The refinement of a DC coefficient is plain bits.
        if (first == 0 && successive_high == 0)
            needed.add(0, component.direct);
        if (last > 0)
            needed.add(1, component.alternating);
    }
    return needed;
}

JpegError read_scan_header(std::span<const std::byte> body, const JpegFrameHeader& frame,
                           JpegScanHeader& scan) noexcept {
    scan = {};
    const unsigned count = body.empty() ? 0 : octet(body, 0);
    if (count < 1 || count > frame.component_count ||
        body.size() != 1 + std::size_t{2} * count + range_size)
        return JpegError::broken_segment;
    while (scan.component_count < count) {
        const auto fields = body.subspan(1 + std::size_t{2} * scan.component_count, 2);
        const JpegScanHeader::Component component{.index = index_in(frame, octet(fields, 0), scan),
                                                  .direct = octet(fields, 1) >> 4,
                                                  .alternating = octet(fields, 1) & 15};
        if (component.index == frame.component_count ||
            component.direct > HuffmanSet::most_number ||
            component.alternating > HuffmanSet::most_number)
            return JpegError::broken_segment;
        scan.components[scan.component_count++] = component;
    }
    return read_range(body.last<range_size>(), frame.progressive, scan);
}

std::span<const std::byte, range_size> whole_sequential_range() noexcept {
    return whole_range;
}

}  // namespace onlooker::media
