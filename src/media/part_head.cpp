#include "media/part_head.hpp"

#include <algorithm>
#include <charconv>

namespace onlooker::media {

PartHead::PartHead(std::size_t length) noexcept {
    append("Content-Type: image/jpeg\r\nContent-Length: ");
    append(length);
    append("\r\n");
}

PartHead& PartHead::with_timestamp(std::chrono::system_clock::time_point captured) noexcept {
    using std::chrono::floor;
    const auto since_epoch = floor<std::chrono::microseconds>(captured.time_since_epoch());
    const auto seconds = floor<std::chrono::seconds>(since_epoch);
    append("X-Timestamp: ");
    append(seconds.count());
    append(".");
    append_six_digits(static_cast<long>((since_epoch - seconds).count()));
    append("\r\n");
    return *this;
}

std::string_view PartHead::whole() noexcept {
    append("\r\n");
    return fields();
}

void PartHead::append(std::string_view text) noexcept {
    std::ranges::copy(text, text_.data() + size_);
    size_ += text.size();
}

void PartHead::append(std::integral auto number) noexcept {
    char* const end = text_.data() + text_.size();
    size_ = static_cast<std::size_t>(std::to_chars(text_.data() + size_, end, number).ptr -
                                     text_.data());
}

void PartHead::append_six_digits(long microseconds) noexcept {
    for (long unit = 100'000; unit > 0; unit /= 10)
        text_[size_++] = static_cast<char>('0' + microseconds / unit % 10);
}

}  // namespace onlooker::media
