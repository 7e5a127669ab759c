#include "uvc_camera/gadget.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <linux/usb/gadgetfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

namespace uvc_camera {
namespace {

// Requests of USB Video Class 1.1, appendix A.8.
enum Request : std::uint8_t {
    set_cur = 0x01,
    get_cur = 0x81,
    get_min = 0x82,
    get_max = 0x83,
    get_res = 0x84,
    get_len = 0x85,
    get_info = 0x86,
    get_def = 0x87,
};
constexpr std::uint8_t probe_control = 1;
constexpr std::uint8_t commit_control = 2;
constexpr std::uint8_t can_get_and_set = 3;
constexpr std::size_t probe_size = 34;

bool goes_to_host(const usb_ctrlrequest& request) {
    return (request.bRequestType & USB_DIR_IN) != 0;
}

void put32(Octets& octets, std::size_t offset, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        octets[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// What the camera offers when it is asked to negotiate (UVC 1.1, table 4-75).
Octets negotiated(std::uint8_t frame_index, std::uint32_t interval) {
    const FrameSize size = frame_sizes[frame_index - 1U];
    Octets probe(probe_size);
    probe[0] = 1;  // bmHint: keep the interval
    probe[2] = 1;  // bFormatIndex
    probe[3] = frame_index;
    put32(probe, 4, interval);
    put32(probe, 18, std::uint32_t{size.width} * size.height * 2);
    put32(probe, 22, payload_size);
    put32(probe, 26, clock_frequency);
    return probe;
}

}  // namespace

Gadget::Gadget(const std::string& folder, std::string serial, std::function<void()> on_configured)
    : control_(::open((folder + "/dummy_udc").c_str(), O_RDWR | O_CLOEXEC)),
      serial_(std::move(serial)),
      on_configured_(std::move(on_configured)) {
    std::ranges::transform(camera_controls, values_.begin(), &CameraControl::fallback);
    Octets words(4);  // a tag of zeros, then full speed, high speed, device
    for (const Octets& part : {configuration_descriptor(full_speed_packet),
                               configuration_descriptor(high_speed_packet), device_descriptor()})
        words.insert(words.end(), part.begin(), part.end());
    if (!control_ ||
        ::write(control_.get(), words.data(), words.size()) != static_cast<ssize_t>(words.size()))
        throw std::system_error(errno, std::generic_category(), folder);
}

void Gadget::run() {
    std::array<usb_gadgetfs_event, 5> events{};
    while (true) {
        const ssize_t got = ::read(control_.get(), events.data(), sizeof events);
        // "Identifier removed": the host gave up on a request, as it does when we are slow. "Level
        // 2 halted": and the next one came before we knew.
        if (got < 0 && (errno == EINTR || errno == EIDRM || errno == EL2HLT))
            continue;
        if (got < 0)
            return;
        const auto octets = static_cast<std::size_t>(got);
        // The data of a request that overtook our last answer; the event about it comes next.
        if (octets % sizeof events[0] != 0) {
            const auto* data = reinterpret_cast<const std::uint8_t*>(events.data());
            early_data_.assign(data, data + octets);
            continue;
        }
        for (std::size_t i = 0; i < octets / sizeof events[0]; ++i)
            if (events[i].type == GADGETFS_SETUP)
                answer(events[i].u.setup);
    }
}

void Gadget::answer(const usb_ctrlrequest& request) {
    if (goes_to_host(request))
        take_wish(std::exchange(early_data_, {}));  // this event has displaced that of the data
    if ((request.bRequestType & USB_TYPE_MASK) == USB_TYPE_STANDARD)
        return answer_standard(request);
    const auto interface = static_cast<std::uint8_t>(request.wIndex & 0xFF);
    const auto entity = static_cast<std::uint8_t>(request.wIndex >> 8);
    if (interface == streaming_interface && entity == 0)
        return answer_streaming(request);
    for (std::size_t i = 0; i < camera_controls.size(); ++i)
        if (interface == control_interface && entity == camera_controls[i].entity &&
            request.wValue >> 8 == camera_controls[i].selector)
            return answer_control(request, i);
    refuse(request);
}

void Gadget::answer_standard(const usb_ctrlrequest& request) {
    switch (request.bRequest) {
        case USB_REQ_GET_DESCRIPTOR: {
            const Octets text = string_descriptor(request.wValue & 0xFF, serial_);
            if (request.wValue >> 8 != USB_DT_STRING || text.empty())
                return refuse(request);
            return send(text, request);
        }
        case USB_REQ_SET_CONFIGURATION:
            if (!std::exchange(configured_, true))
                on_configured_();
            receive(request);
            return;
        case USB_REQ_SET_INTERFACE:
            receive(request);
            return;
        case USB_REQ_GET_INTERFACE:
            return send({0}, request);
        default:
            return refuse(request);
    }
}

void Gadget::answer_streaming(const usb_ctrlrequest& request) {
    const auto control = static_cast<std::uint8_t>(request.wValue >> 8);
    if (control != probe_control && control != commit_control)
        return refuse(request);
    switch (request.bRequest) {
        case set_cur: {
            take_wish(receive(request));
            if (overtaken_ && control == probe_control)
                answer_unseen(negotiated(frame_index_, interval_));
            return;
        }
        case get_len:
            return send({probe_size, 0}, request);
        case get_info:
            return send({can_get_and_set}, request);
        default:
            return send(negotiated(frame_index_, interval_), request);
    }
}

void Gadget::take_wish(const Octets& wish) {
    if (wish.size() < 8)
        return;
    frame_index_ = std::clamp<std::uint8_t>(wish[3], 1, frame_sizes.size());
    interval_ = wish[4] | (std::uint32_t{wish[5]} << 8U) | (std::uint32_t{wish[6]} << 16U) |
                (std::uint32_t{wish[7]} << 24U);
    interval_ = std::clamp(interval_, frame_intervals.front(), frame_intervals.back());
}

void Gadget::answer_control(const usb_ctrlrequest& request, std::size_t index) {
    const CameraControl& control = camera_controls[index];
    const auto send_value = [&](std::uint32_t value) {
        Octets octets(4);
        put32(octets, 0, value);
        octets.resize(control.octets);
        send(octets, request);
    };
    switch (request.bRequest) {
        case set_cur:
            return set_control(request, index);
        case get_cur:
            return send_value(values_[index]);
        case get_min:
            return send_value(control.minimum);
        case get_max:
            return send_value(control.maximum);
        case get_res:
            return send_value(control.step);
        case get_def:
            return send_value(control.fallback);
        case get_len:
            return send({control.octets, 0}, request);
        case get_info:
            return send({can_get_and_set}, request);
        default:
            return refuse(request);
    }
}

void Gadget::set_control(const usb_ctrlrequest& request, std::size_t index) {
    const CameraControl& control = camera_controls[index];
    const Octets octets = receive(request);
    if (octets.size() != control.octets)
        return;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < octets.size(); ++i)
        value |= std::uint32_t{octets[i]} << (8 * i);
    values_[index] = value;
    std::printf("%s %u\n", control.name, value);
    std::fflush(stdout);
}

void Gadget::send(const Octets& octets, const usb_ctrlrequest& request) {
    const std::size_t size = std::min<std::size_t>(octets.size(), request.wLength);
    if (::write(control_.get(), octets.data(), size) < 0 && errno != EIDRM)
        std::perror("uvc_camera: answer");
}

// A request without data is acknowledged by a read as well. Data that run() has taken already do
// not come a second time, and a read that waits would then wait for ever: it is asked again and
// again, until the host's next request is told by an error, or none has come.
Octets Gadget::receive(const usb_ctrlrequest& request) {
    using namespace std::chrono_literals;
    Octets octets(std::max<std::size_t>(request.wLength, 1));
    ssize_t got = -1;
    const auto until = std::chrono::steady_clock::now() + 50ms;
    set_waiting(request.wLength == 0);
    while ((got = ::read(control_.get(), octets.data(), request.wLength)) < 0 && errno == EAGAIN &&
           std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(100us);
    overtaken_ = got < 0 && errno == EIDRM;
    set_waiting(true);
    octets.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    const Octets early = std::exchange(early_data_, {});
    return octets.empty() ? early : octets;
}

void Gadget::set_waiting(bool waits) {
    const int others = ::fcntl(control_.get(), F_GETFL) & ~O_NONBLOCK;
    ::fcntl(control_.get(), F_SETFL, waits ? others : others | O_NONBLOCK);
}

// GadgetFS takes the data that comes with a request by itself and lets the host go on at once. When
// the host's next request is there before we have asked for that data, it is lost; and the next
// read, although it is meant for the new request, would stall that one. Reading the result is what
// a host always does after such a request, so it is given that; asked for it once more, we say it
// again, which the host then does not hear.
void Gadget::answer_unseen(const Octets& octets) {
    if (::write(control_.get(), octets.data(), octets.size()) < 0)
        std::perror("uvc_camera: answer to an unseen request");
}

// Doing it the wrong way round is how GadgetFS is told to stall.
void Gadget::refuse(const usb_ctrlrequest& request) {
    char nothing = 0;
    if (goes_to_host(request)) {
        [[maybe_unused]] const auto stalled = ::read(control_.get(), &nothing, 0);
    } else {
        [[maybe_unused]] const auto stalled = ::write(control_.get(), &nothing, 0);
    }
}

}  // namespace uvc_camera
