#include "media/jpeg_tables.hpp"

namespace onlooker::media {

namespace {

unsigned octet(std::span<const std::byte> body, std::size_t at) noexcept {
    return std::to_integer<unsigned>(body[at]);
}

}  // namespace

JpegError JpegTables::define_quantisation(std::span<const std::byte> body) noexcept {
    while (!body.empty()) {
        const unsigned precision = octet(body, 0) >> 4, number = octet(body, 0) & 15;
        const std::size_t size = precision == 0 ? 65 : 129;
        if (precision > 1 || number >= quantisation_.size() || body.size() < size)
            return JpegError::broken_segment;
        quantisation_[number] = true;
        body = body.subspan(size);
    }
    return JpegError::none;
}

JpegError JpegTables::define_huffman(std::span<const std::byte> body) noexcept {
    constexpr std::size_t head = 17;  // class and number, and how many codes of each length
    while (!body.empty()) {
        const unsigned table_class = octet(body, 0) >> 4, number = octet(body, 0) & 15;
        if (table_class > 1 || number > HuffmanSet::most_number || body.size() < head)
            return JpegError::broken_segment;
        std::size_t values = 0;
        for (std::size_t i = 1; i < head; ++i)
            values += octet(body, i);
        if (values > 256 || body.size() < head + values)
            return JpegError::broken_segment;
        huffman_.add(table_class, number);
        body = body.subspan(head + values);
    }
    return JpegError::none;
}

}  // namespace onlooker::media
