#include "uvc_camera/stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>
#include <thread>

namespace uvc_camera {
namespace {

using Clock = std::chrono::steady_clock;

// Bits of a payload header (UVC 1.1, 2.4.3.3).
constexpr std::uint8_t frame_toggle = 0x01;
constexpr std::uint8_t end_of_frame = 0x02;
constexpr std::uint8_t error = 0x40;
constexpr std::uint8_t end_of_header = 0x80;
constexpr std::size_t header_size = 2;

bool send_payload(int file, std::uint8_t flags, std::span<const std::uint8_t> piece) {
    Octets payload{header_size, flags};
    payload.insert(payload.end(), piece.begin(), piece.end());
    // A payload ends with a packet that is not full. Where its length leaves none, one octet is
    // added, as real cameras do; whoever reads the JPEG ignores what is behind its end.
    if (payload.size() < payload_size && payload.size() % high_speed_packet == 0)
        payload.push_back(0);
    return ::write(file, payload.data(), payload.size()) >= 0;
}

bool send_frame(int file, std::span<const std::uint8_t> picture, std::uint8_t flags) {
    while (!picture.empty()) {
        const auto piece = picture.first(std::min(picture.size(), payload_size - header_size));
        picture = picture.subspan(piece.size());
        const std::uint8_t last = picture.empty() ? end_of_frame : 0;
        if (!send_payload(file, flags | last, piece))
            return false;
    }
    return true;
}

}  // namespace

onlooker::UniqueFd open_end_point(const std::string& folder) {
    onlooker::UniqueFd file(::open((folder + "/ep1in-bulk").c_str(), O_RDWR | O_CLOEXEC));
    Octets words{1, 0, 0, 0};  // the tag that says: descriptors follow
    for (const std::uint16_t packet_size : {full_speed_packet, high_speed_packet}) {
        const Octets part = end_point_descriptor(packet_size);
        words.insert(words.end(), part.begin(), part.end());
    }
    if (!file ||
        ::write(file.get(), words.data(), words.size()) != static_cast<ssize_t>(words.size()))
        throw std::system_error(errno, std::generic_category(), "ep1in-bulk");
    return file;
}

void send_pictures(int end_point, const std::vector<Octets>& pictures,
                   std::chrono::nanoseconds interval, Moods& moods) {
    using namespace std::chrono_literals;
    std::uint8_t toggle = 0;
    Clock::time_point due = Clock::now();
    for (std::size_t i = 0;; i = (i + 1) % pictures.size()) {
        while (moods.silent)
            std::this_thread::sleep_for(10ms);
        std::span<const std::uint8_t> picture = pictures[i];
        std::uint8_t flags = end_of_header | toggle;
        if (moods.break_next.exchange(false)) {
            picture = picture.first(picture.size() / 2);
            flags |= error;
        } else if (moods.cut_next.exchange(false)) {
            picture = picture.first(picture.size() / 2);
        }
        if (!send_frame(end_point, picture, flags))
            return;
        toggle ^= frame_toggle;
        due = std::max(due + interval, Clock::now());  // no catching up after a pause
        std::this_thread::sleep_until(due);
    }
}

}  // namespace uvc_camera
