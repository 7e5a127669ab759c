#include "media/jpeg_frame_header.hpp"

#include "media/jpeg_markers.hpp"

namespace onlooker::media {

namespace {

using Component = JpegFrameHeader::Component;

unsigned octet(std::span<const std::byte> body, std::size_t at) noexcept {
    return std::to_integer<unsigned>(body[at]);
}

bool is_possible(const Component& component) noexcept {
    return component.across >= 1 && component.across <= 4 && component.down >= 1 &&
           component.down <= 4 && component.quantisation <= 3;
}

JpegError read_components(std::span<const std::byte> body, JpegFrameHeader& header) noexcept {
    for (unsigned i = 0; i < header.component_count; ++i) {
        const auto fields = body.subspan(std::size_t{3} * i, 3);
        const Component component{.id = octet(fields, 0),
                                  .across = octet(fields, 1) >> 4,
                                  .down = octet(fields, 1) & 15,
                                  .quantisation = octet(fields, 2)};
        if (!is_possible(component))
            return JpegError::broken_segment;
        header.components[i] = component;
    }
    return JpegError::none;
}

}  // namespace

JpegError read_frame_header(unsigned marker, std::span<const std::byte> body,
                            JpegFrameHeader& header) noexcept {
    constexpr std::size_t fixed = 6;  // octets before the components
    if (marker > jpeg::sof2)
        return JpegError::unsupported;
    if (body.size() < fixed)
        return JpegError::broken_segment;
    if (octet(body, 0) != 8)
        return JpegError::unsupported;
    header.height = octet(body, 1) << 8 | octet(body, 2);
    header.width = octet(body, 3) << 8 | octet(body, 4);
    header.progressive = marker == jpeg::sof2;
    header.component_count = octet(body, 5);
    if (header.component_count != 1 && header.component_count != 3 && header.component_count != 4)
        return JpegError::unsupported;
    if (body.size() != fixed + std::size_t{3} * header.component_count)
        return JpegError::broken_segment;
    if (header.width == 0 || header.height == 0)
        return JpegError::bad_dimensions;
    return read_components(body.subspan(fixed), header);
}

ChromaLayout JpegFrameHeader::chroma() const noexcept {
    const auto is_single = [](const Component& c) { return c.across == 1 && c.down == 1; };
    if (component_count == 1)
        return ChromaLayout::grey;
    if (component_count != 3 || !is_single(components[1]) || !is_single(components[2]))
        return ChromaLayout::other;
    switch (components[0].across << 4 | components[0].down) {
        case 0x11:
            return ChromaLayout::yuv444;
        case 0x12:
            return ChromaLayout::yuv440;
        case 0x21:
            return ChromaLayout::yuv422;
        case 0x22:
            return ChromaLayout::yuv420;
        case 0x41:
            return ChromaLayout::yuv411;
        default:
            return ChromaLayout::other;
    }
}

bool JpegFrameHeader::has_shared_ids() const noexcept {
    for (unsigned i = 1; i < component_count; ++i)
        for (unsigned before = 0; before < i; ++before)
            if (components[before].id == components[i].id)
                return true;
    return false;
}

}  // namespace onlooker::media
