#include "picture_reader.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

namespace onlooker::bench {

// Where the picture of the first part in the buffer begins, once its header is there whole.
std::optional<std::size_t> PictureReader::find_part() {
    constexpr std::string_view name = "content-length:";
    const std::string_view seen(reinterpret_cast<const char*>(buffer_.data()), filled_);
    const auto* const field = std::search(
        seen.begin(), seen.end(), name.begin(), name.end(),
        [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
    const auto value = static_cast<std::size_t>(field - seen.begin()) + name.size();
    if (field == seen.end() || seen.find("\r\n\r\n", value) == std::string_view::npos)
        return std::nullopt;
    const auto digits = seen.find_first_not_of(' ', value);
    std::from_chars(seen.data() + digits, seen.data() + seen.size(), stamp_.picture_size);
    ++stamp_.sequence;
    return seen.find("\r\n\r\n", value) + 4;
}

// Looks in what was read. Without a picture it keeps just what may be the beginning of one.
bool PictureReader::look_for_picture() {
    if (!stamped_) {
        if (const auto offset = find_part())
            return begin_picture(*offset);
    } else if (const auto found = find_stamp(std::span(buffer_).first(filled_))) {
        stamp_ = found->stamp;
        return begin_picture(found->offset);
    }
    const std::size_t kept = std::min(filled_, stamped_ ? stamp_end - 1 : buffer_.size() / 2);
    std::memmove(buffer_.data(), buffer_.data() + filled_ - kept, kept);
    filled_ = kept;
    return false;
}

bool PictureReader::begin_picture(std::size_t offset) {
    const std::size_t here = filled_ - offset;
    // Pictures are far larger than the buffer, so it never holds the beginning of the next one.
    rest_ = stamp_.picture_size - std::min(here, stamp_.picture_size);
    filled_ = 0;
    inside_ = true;
    return true;
}

// As recv(2), but that -2 says the same as an error that is not EAGAIN.
long PictureReader::receive(int socket, TlsClient* tls, std::span<std::byte> place) const {
    static std::array<std::byte, 16 * 1024> thrown_away;
    if (tls)
        return tls->read(inside_ ? std::span(thrown_away).first(std::min(rest_, thrown_away.size()))
                                 : place);
    // The buffer's content does not matter when MSG_TRUNC discards.
    const long size = inside_ ? recv(socket, nullptr, rest_, MSG_DONTWAIT | MSG_TRUNC)
                              : recv(socket, place.data(), place.size(), MSG_DONTWAIT);
    return size < 0 && errno != EAGAIN && errno != EINTR ? -2 : size;
}

PictureReader::Outcome PictureReader::read(int socket, TlsClient* tls) {
    while (true) {
        if (inside_ && rest_ == 0) {
            inside_ = false;
            return Outcome::picture;
        }
        const std::span<std::byte> place = std::span(buffer_).subspan(filled_);
        // Less than this says that there is no more at present; but TLS gives record by record.
        const std::size_t room = tls ? 1 : inside_ ? rest_ : place.size();
        const long size = receive(socket, tls, place);
        if (size == -1)
            return Outcome::wait;
        if (size <= 0)
            return Outcome::closed;
        const auto count = static_cast<std::size_t>(size);
        octets_ += count;
        if (inside_) {
            rest_ -= count;
            if (rest_ > 0 && count < room)
                return Outcome::wait;
        } else {
            filled_ += count;
            if (!look_for_picture() && count < room)
                return Outcome::wait;
        }
    }
}

}  // namespace onlooker::bench
