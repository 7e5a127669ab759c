#include "picture_reader.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace onlooker::bench {

// Looks in what was read. Without a stamp it keeps just what may be the beginning of one.
bool PictureReader::look_for_stamp() {
    const auto found = find_stamp(std::span(buffer_).first(filled_));
    if (!found) {
        const std::size_t kept = std::min(filled_, stamp_end - 1);
        std::memmove(buffer_.data(), buffer_.data() + filled_ - kept, kept);
        filled_ = kept;
        return false;
    }
    stamp_ = found->stamp;
    const std::size_t here = filled_ - found->offset;
    // Pictures are far larger than the buffer, so it never holds the beginning of the next one.
    rest_ = stamp_.picture_size - std::min(here, stamp_.picture_size);
    filled_ = 0;
    inside_ = true;
    return true;
}

PictureReader::Outcome PictureReader::read(int socket) {
    while (true) {
        if (inside_ && rest_ == 0) {
            inside_ = false;
            return Outcome::picture;
        }
        // The buffer's content does not matter when MSG_TRUNC discards.
        std::byte* place = inside_ ? nullptr : buffer_.data() + filled_;
        const std::size_t room = inside_ ? rest_ : buffer_.size() - filled_;
        const long size = recv(socket, place, room, MSG_DONTWAIT | (inside_ ? MSG_TRUNC : 0));
        if (size < 0)
            return errno == EAGAIN || errno == EINTR ? Outcome::wait : Outcome::closed;
        if (size == 0)
            return Outcome::closed;
        const auto count = static_cast<std::size_t>(size);
        octets_ += count;
        if (inside_) {
            rest_ -= count;
            if (rest_ > 0 && count < room)
                return Outcome::wait;
        } else {
            filled_ += count;
            if (!look_for_stamp() && count < room)
                return Outcome::wait;
        }
    }
}

}  // namespace onlooker::bench
