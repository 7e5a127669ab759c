#include "uvc_camera/descriptors.hpp"

#include <linux/usb/ch9.h>

#include <initializer_list>

#include "uvc_camera/camera_controls.hpp"

namespace uvc_camera {
namespace {

// Class-specific descriptor types and subtypes of USB Video Class 1.1, appendix A.
constexpr std::uint8_t cs_interface = 0x24;
constexpr std::uint8_t cc_video = 0x0E;
constexpr std::uint8_t sc_control = 1;
constexpr std::uint8_t sc_streaming = 2;
constexpr std::uint8_t sc_collection = 3;

// One descriptor; its first octet, the length, is filled in at the end.
class Descriptor {
  public:
    explicit Descriptor(std::uint8_t type) : octets_{0, type} {}
    Descriptor& u8(std::initializer_list<unsigned> values) {
        for (const unsigned value : values)
            octets_.push_back(static_cast<std::uint8_t>(value));
        return *this;
    }
    Descriptor& u16(unsigned value) { return u8({value & 0xFF, value >> 8}); }
    Descriptor& u24(std::uint32_t value) { return u16(value & 0xFFFF).u8({(value >> 16) & 0xFF}); }
    Descriptor& u32(std::uint32_t value) { return u16(value & 0xFFFF).u16(value >> 16); }
    Octets done() const {
        Octets result = octets_;
        result[0] = static_cast<std::uint8_t>(result.size());
        return result;
    }

  private:
    Octets octets_;
};

Octets joined(std::initializer_list<Octets> parts) {
    Octets result;
    for (const Octets& part : parts)
        result.insert(result.end(), part.begin(), part.end());
    return result;
}

// A class-specific header holds the length of itself and all that belongs to it, at `offset`.
Octets with_total_length(Octets octets, std::size_t offset) {
    octets[offset] = static_cast<std::uint8_t>(octets.size() & 0xFF);
    octets[offset + 1] = static_cast<std::uint8_t>(octets.size() >> 8);
    return octets;
}

// Camera terminal -> processing unit -> streaming terminal 3.
Octets video_control() {
    const Octets header = Descriptor(cs_interface)
                              .u8({1})
                              .u16(0x0110)
                              .u16(0)
                              .u32(clock_frequency)
                              .u8({1, streaming_interface})
                              .done();
    const Octets camera = Descriptor(cs_interface)
                              .u8({2, camera_terminal})
                              .u16(0x0201)
                              .u8({0, 0})
                              .u16(0)
                              .u16(0)
                              .u16(0)
                              .u8({3})
                              .u24(control_bits(camera_terminal))
                              .done();
    const Octets processing = Descriptor(cs_interface)
                                  .u8({5, processing_unit, camera_terminal})
                                  .u16(0)
                                  .u8({2})
                                  .u16(control_bits(processing_unit))
                                  .u8({0})
                                  .done();
    const Octets output =
        Descriptor(cs_interface).u8({3, 3}).u16(0x0101).u8({0, processing_unit, 0}).done();
    return with_total_length(joined({header, camera, processing, output}), 5);
}

Octets frame_descriptor(unsigned index, FrameSize size) {
    const std::uint32_t octets = std::uint32_t{size.width} * size.height * 2;
    Descriptor frame(cs_interface);
    frame.u8({7, index, 0}).u16(size.width).u16(size.height);
    frame.u32(octets * 8 * 10).u32(octets * 8 * 30).u32(octets).u32(frame_intervals[0]);
    frame.u8({frame_intervals.size()});
    for (const std::uint32_t interval : frame_intervals)
        frame.u32(interval);
    return frame.done();
}

Octets video_streaming() {
    const Octets header =
        Descriptor(cs_interface).u8({1, 1}).u16(0).u8({end_point, 0, 3, 0, 0, 0, 1, 0}).done();
    const Octets mjpeg =
        Descriptor(cs_interface).u8({6, 1, frame_sizes.size(), 1, 1, 0, 0, 0, 0}).done();
    Octets frames;
    for (std::size_t i = 0; i < frame_sizes.size(); ++i)
        frames = joined({frames, frame_descriptor(static_cast<unsigned>(i + 1), frame_sizes[i])});
    // sRGB primaries, BT.709 transfer, BT.601 matrix: what JPEG means.
    const Octets colours = Descriptor(cs_interface).u8({13, 1, 1, 4}).done();
    return with_total_length(joined({header, mjpeg, frames, colours}), 4);
}

Octets interface(std::uint8_t number, unsigned end_points, unsigned subclass) {
    return Descriptor(USB_DT_INTERFACE)
        .u8({number, 0, end_points, cc_video, subclass, 0, 0})
        .done();
}

}  // namespace

Octets device_descriptor() {
    // Class "miscellaneous, interface association", as the video class asks for.
    return Descriptor(USB_DT_DEVICE)
        .u16(0x0200)
        .u8({0xEF, 2, 1, 64})
        .u16(0x1D6B)
        .u16(0x0102)
        .u16(0x0100)
        .u8({1, 2, 3, 1})
        .done();
}

Octets end_point_descriptor(std::uint16_t packet_size) {
    return Descriptor(USB_DT_ENDPOINT)
        .u8({end_point, USB_ENDPOINT_XFER_BULK})
        .u16(packet_size)
        .u8({0})
        .done();
}

Octets configuration_descriptor(std::uint16_t packet_size) {
    const Octets head = Descriptor(USB_DT_CONFIG).u16(0).u8({2, 1, 0, 0x80, 50}).done();
    const Octets association = Descriptor(USB_DT_INTERFACE_ASSOCIATION)
                                   .u8({control_interface, 2, cc_video, sc_collection, 0, 0})
                                   .done();
    return with_total_length(
        joined({head, association, interface(control_interface, 0, sc_control), video_control(),
                interface(streaming_interface, 1, sc_streaming), video_streaming(),
                end_point_descriptor(packet_size)}),
        2);
}

Octets string_descriptor(unsigned index, const std::string& serial) {
    if (index == 0)
        return Descriptor(USB_DT_STRING).u16(0x0409).done();
    const std::array<std::string, 3> texts{"onlooker", "Test camera", serial};
    if (index > texts.size())
        return {};
    Descriptor text(USB_DT_STRING);
    for (const char c : texts[index - 1])
        text.u16(static_cast<unsigned char>(c));
    return text.done();
}

}  // namespace uvc_camera
