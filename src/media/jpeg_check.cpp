#include "media/jpeg_check.hpp"

#include <algorithm>
#include <cstring>

#include "media/jpeg_segments.hpp"

namespace onlooker::media {

namespace {

// Markers, T.81 table B.1.
enum Marker : unsigned {
    sof0 = 0xc0,
    sof2 = 0xc2,
    dht = 0xc4,
    jpg = 0xc8,
    dac = 0xcc,
    sof15 = 0xcf,
    rst0 = 0xd0,
    rst7 = 0xd7,
    soi = 0xd8,
    eoi = 0xd9,
    sos = 0xda,
    dqt = 0xdb,
    dnl = 0xdc,
    app0 = 0xe0,
    app1 = 0xe1,
    app2 = 0xe2,
    app14 = 0xee,
    app15 = 0xef,
    com = 0xfe,
    tem = 0x01,
};

bool starts_with(std::span<const std::byte> body, std::string_view text) {
    return body.size() >= text.size() && std::memcmp(body.data(), text.data(), text.size()) == 0;
}

// Whether a parser that searches for the marks instead of walking would find one in here.
bool holds_start_or_end(std::span<const std::byte> body) {
    const std::byte* at = body.data();
    const std::byte* const end = at + body.size();
    while (at < end) {
        at = static_cast<const std::byte*>(
            std::memchr(at, 0xff, static_cast<std::size_t>(end - at)));
        if (at == nullptr || ++at == end)
            return false;
        if (*at == std::byte{soi} || *at == std::byte{eoi})
            return true;
    }
    return false;
}

ChromaLayout chroma_layout(unsigned components, const std::array<unsigned, 4>& sampling) {
    if (components == 1)
        return ChromaLayout::grey;
    if (components != 3 || sampling[1] != 0x11 || sampling[2] != 0x11)
        return ChromaLayout::other;
    switch (sampling[0]) {
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

}  // namespace

// One pass over one picture. Each step gives an error or none; `at_` only ever moves forward.
class JpegWalker {
  public:
    JpegWalker(std::span<const std::byte> data, const JpegLimits& limits)
        : data_(data), limits_(limits) {}

    CheckedJpeg walk() {
        const JpegError error = walk_segments();
        if (error == JpegError::none)
            return result_;
        CheckedJpeg refused;
        refused.error = error;
        return refused;
    }

  private:
    using Body = std::span<const std::byte>;

    unsigned octet(std::size_t at) const { return std::to_integer<unsigned>(data_[at]); }
    static unsigned octet(Body body, std::size_t at) { return std::to_integer<unsigned>(body[at]); }

    JpegError walk_segments() {
        if (data_.size() > limits_.octets)
            return JpegError::too_large;
        if (data_.size() < 4 || octet(0) != 0xff || octet(1) != soi)
            return JpegError::no_start;
        at_ = 2;
        while (true) {
            if (const JpegError error = find_marker(); error != JpegError::none)
                return error;
            if (marker_ == eoi)
                return finish();
            if (const JpegError error = segment(); error != JpegError::none)
                return error;
        }
    }

    // Moves past the marker at `at_`, whose code becomes `marker_`. Fill octets may precede it.
    JpegError find_marker() {
        segment_start_ = at_;
        if (at_ < data_.size() && octet(at_) != 0xff)
            return JpegError::broken_segment;
        while (at_ < data_.size() && octet(at_) == 0xff)
            ++at_;
        if (at_ >= data_.size())
            return JpegError::truncated;
        marker_ = octet(at_++);
        return JpegError::none;
    }

    JpegError segment() {
        if (marker_ == soi)
            return JpegError::truncated;
        if (marker_ == 0 || marker_ == tem || (marker_ >= rst0 && marker_ <= rst7))
            return JpegError::broken_segment;
        if (data_.size() - at_ < 2)
            return JpegError::truncated;
        const std::size_t length = octet(at_) << 8 | octet(at_ + 1);
        if (length < 2)
            return JpegError::broken_segment;
        if (length > data_.size() - at_)
            return JpegError::truncated;
        const Body body = data_.subspan(at_ + 2, length - 2);
        at_ += length;
        return take(body);
    }

    JpegError take(Body body) {
        if (marker_ == dqt)
            return take_quantisation(body);
        if (marker_ == dht)
            return take_huffman(body);
        if (marker_ == sos)
            return take_scan(body);
        if (marker_ >= sof0 && marker_ <= sof15)
            return marker_ == jpg || marker_ == dac ? JpegError::unsupported : take_frame(body);
        if ((marker_ >= app0 && marker_ <= app15) || marker_ == com)
            return take_application(body);
        return marker_ == dnl ? JpegError::unsupported : JpegError::none;
    }

    // A picture needs to show no more than its own start and end.
    JpegError take_application(Body body) {
        if (marker_ == app1) {
            const unsigned orientation = starts_with(body, "Exif") ? exif_orientation(body) : 0;
            return replace_segment(orientation > 1 ? orientation_segment(orientation) : Body{});
        }
        if (marker_ == app2 && starts_with(body, "MPF"))
            return replace_segment({});
        if (marker_ == app0 && starts_with(body, "JFXX"))
            return replace_segment({});
        constexpr std::size_t jfif_without_thumbnail = 14;
        if (marker_ == app0 && starts_with(body, "JFIF") && body.size() > jfif_without_thumbnail)
            return replace_segment(plain_jfif_segment());
        return holds_start_or_end(body) ? replace_segment({}) : JpegError::none;
    }

    JpegError take_frame(Body body) {
        if (marker_ > sof2)
            return JpegError::unsupported;
        if (result_.components != 0)
            return JpegError::no_frame_header;
        if (body.size() < 6)
            return JpegError::broken_segment;
        if (octet(body, 0) != 8)
            return JpegError::unsupported;
        result_.height = octet(body, 1) << 8 | octet(body, 2);
        result_.width = octet(body, 3) << 8 | octet(body, 4);
        result_.progressive = marker_ == sof2;
        const unsigned components = octet(body, 5);
        if (components != 1 && components != 3 && components != 4)
            return JpegError::unsupported;
        if (body.size() != 6 + std::size_t{3} * components)
            return JpegError::broken_segment;
        if (result_.width == 0 || result_.height == 0 || result_.width > limits_.width ||
            result_.height > limits_.height ||
            std::uint64_t{result_.width} * result_.height > limits_.pixels)
            return JpegError::bad_dimensions;
        return take_components(body.subspan(6), components);
    }

    JpegError take_components(Body body, unsigned components) {
        std::array<unsigned, 4> sampling{};
        for (unsigned i = 0; i < components; ++i) {
            component_ids_[i] = octet(body, std::size_t{3} * i);
            sampling[i] = octet(body, std::size_t{3} * i + 1);
            quantisation_of_[i] = octet(body, std::size_t{3} * i + 2);
            const unsigned across = sampling[i] >> 4, down = sampling[i] & 15;
            if (across < 1 || across > 4 || down < 1 || down > 4 || quantisation_of_[i] > 3)
                return JpegError::broken_segment;
            for (unsigned other = 0; other < i; ++other)
                if (component_ids_[other] == component_ids_[i])
                    return JpegError::broken_segment;
        }
        result_.components = components;
        result_.chroma = chroma_layout(components, sampling);
        return JpegError::none;
    }

    JpegError take_quantisation(Body body) {
        while (!body.empty()) {
            const unsigned precision = octet(body, 0) >> 4, number = octet(body, 0) & 15;
            const std::size_t size = precision == 0 ? 65 : 129;
            if (precision > 1 || number > 3 || body.size() < size)
                return JpegError::broken_segment;
            quantisation_tables_ |= 1U << number;
            body = body.subspan(size);
        }
        return JpegError::none;
    }

    JpegError take_huffman(Body body) {
        while (!body.empty()) {
            const unsigned number = octet(body, 0);
            if ((number >> 4) > 1 || (number & 15) > 3 || body.size() < 17)
                return JpegError::broken_segment;
            std::size_t values = 0;
            for (std::size_t i = 1; i <= 16; ++i)
                values += octet(body, i);
            if (values > 256 || body.size() < 17 + values)
                return JpegError::broken_segment;
            huffman_tables_ |= huffman_bit(number >> 4, number & 15);
            body = body.subspan(17 + values);
        }
        return JpegError::none;
    }

    static unsigned huffman_bit(unsigned table_class, unsigned number) {
        return 1U << (4 * table_class + number);
    }

    JpegError take_scan(Body body) {
        if (result_.components == 0)
            return JpegError::no_frame_header;
        const unsigned most = result_.progressive ? limits_.scans : result_.components;
        if (++scans_ > most)
            return JpegError::too_many_scans;
        const unsigned components = body.empty() ? 0 : octet(body, 0);
        if (components < 1 || components > result_.components ||
            body.size() != 4 + std::size_t{2} * components)
            return JpegError::broken_segment;
        unsigned needed = 0;
        for (unsigned i = 0; i < components; ++i) {
            const auto component = body.subspan(1 + std::size_t{2} * i, 2);
            const JpegError error = take_scan_component(component, body, needed);
            if (error != JpegError::none)
                return error;
        }
        if (const JpegError error = need_huffman(needed); error != JpegError::none)
            return error;
        return skip_entropy_coded();
    }

    // Adds the tables that the component of a scan refers to.
    JpegError take_scan_component(Body component, Body scan, unsigned& needed) {
        const auto ids_end = component_ids_.begin() + result_.components;
        const auto id = std::find(component_ids_.begin(), ids_end, octet(component, 0));
        const unsigned direct = octet(component, 1) >> 4, alternating = octet(component, 1) & 15;
        if (id == ids_end || direct > 3 || alternating > 3)
            return JpegError::broken_segment;
        const auto index = static_cast<std::size_t>(id - component_ids_.begin());
        if ((quantisation_tables_ & 1U << quantisation_of_[index]) == 0)
            return JpegError::missing_table;
        seen_components_ |= 1U << index;
        const unsigned first = octet(scan, scan.size() - 3), last = octet(scan, scan.size() - 2);
        const unsigned successive_high = octet(scan, scan.size() - 1) >> 4;
        if (first > last || last > 63)
            return JpegError::broken_segment;
        // A refinement of direct components is plain bits.
        if (first == 0 && !(result_.progressive && successive_high != 0))
            needed |= huffman_bit(0, direct);
        if (last > 0)
            needed |= huffman_bit(1, alternating);
        return JpegError::none;
    }

    JpegError need_huffman(unsigned needed) {
        if ((huffman_tables_ & needed) == needed)
            return JpegError::none;
        if (huffman_tables_ != 0 || result_.progressive)
            return JpegError::missing_table;
        huffman_tables_ =
            huffman_bit(0, 0) | huffman_bit(0, 1) | huffman_bit(1, 0) | huffman_bit(1, 1);
        if ((huffman_tables_ & needed) != needed)
            return JpegError::missing_table;
        return insert(segment_start_, standard_huffman_segment());
    }

    // Moves to the marker behind the entropy-coded data, in which FF is followed by a stuffed zero
    // or is a restart marker.
    JpegError skip_entropy_coded() {
        const std::size_t start = at_;
        while (true) {
            const void* found = std::memchr(data_.data() + at_, 0xff, data_.size() - at_);
            if (found == nullptr)
                return JpegError::truncated;
            at_ = static_cast<std::size_t>(static_cast<const std::byte*>(found) - data_.data());
            if (at_ + 1 >= data_.size())
                return JpegError::truncated;
            const unsigned code = octet(at_ + 1);
            if (code == 0xff) {
                ++at_;
            } else if (code == 0 || (code >= rst0 && code <= rst7)) {
                at_ += 2;
            } else {
                entropy_coded_ += at_ - start;
                return JpegError::none;
            }
        }
    }

    JpegError finish() {
        if (scans_ == 0)
            return JpegError::no_frame_header;
        if (seen_components_ != (1U << result_.components) - 1)
            return JpegError::truncated;
        // However well it compresses, a block of 8 x 8 costs at least two bits, one for its direct
        // and one for its alternating components; in a progressive JPEG at least the first. The
        // component of full size has this many blocks.
        const std::uint64_t blocks =
            std::uint64_t{(result_.width + 7) / 8} * ((result_.height + 7) / 8);
        const std::uint64_t fewest_bits = result_.progressive ? blocks : 2 * blocks;
        if (entropy_coded_ * 8 < fewest_bits)
            return JpegError::truncated;
        return keep_until(at_);
    }

    // The picture as it will be shown: what lies between `kept_until_` and `end` is kept.
    JpegError keep_until(std::size_t end) {
        return add_piece(data_.subspan(kept_until_, end - kept_until_), end);
    }

    // Leaves the segment just read out, or puts another one in its place.
    JpegError replace_segment(Body replacement) {
        if (const JpegError error = insert(segment_start_, replacement); error != JpegError::none)
            return error;
        kept_until_ = at_;
        return JpegError::none;
    }

    JpegError insert(std::size_t before, Body segment) {
        if (const JpegError error = keep_until(before); error != JpegError::none)
            return error;
        return add_piece(segment, before);
    }

    JpegError add_piece(Body piece, std::size_t kept_until) {
        kept_until_ = kept_until;
        if (piece.empty())
            return JpegError::none;
        if (result_.piece_count_ == CheckedJpeg::most_pieces)
            return JpegError::too_many_pieces;
        result_.pieces_[result_.piece_count_++] = piece;
        return JpegError::none;
    }

    const Body data_;
    const JpegLimits& limits_;
    CheckedJpeg result_;

    std::size_t at_ = 0;
    std::size_t segment_start_ = 0;
    std::size_t kept_until_ = 0;
    unsigned marker_ = 0;

    std::array<unsigned, 4> component_ids_{};
    std::array<unsigned, 4> quantisation_of_{};
    unsigned quantisation_tables_ = 0;  // bit per table
    unsigned huffman_tables_ = 0;       // bit per class and table
    unsigned seen_components_ = 0;      // bit per component
    unsigned scans_ = 0;
    std::size_t entropy_coded_ = 0;
};

std::size_t CheckedJpeg::size() const noexcept {
    std::size_t sum = 0;
    for (const auto piece : pieces())
        sum += piece.size();
    return sum;
}

CheckedJpeg check_jpeg(std::span<const std::byte> data, const JpegLimits& limits) noexcept {
    return JpegWalker(data, limits).walk();
}

std::string_view to_string(JpegError error) noexcept {
    switch (error) {
        case JpegError::none:
            return "the picture is good";
        case JpegError::too_large:
            return "the picture has more octets than the limit";
        case JpegError::no_start:
            return "this is not a JPEG picture: no start mark";
        case JpegError::truncated:
            return "the picture is cut short";
        case JpegError::broken_segment:
            return "the picture has a broken segment";
        case JpegError::no_frame_header:
            return "the picture has no frame header, or two";
        case JpegError::unsupported:
            return "the picture is of a kind of JPEG that browsers do not show";
        case JpegError::bad_dimensions:
            return "the picture claims to be empty or larger than the limit";
        case JpegError::missing_table:
            return "the picture refers to tables it does not have";
        case JpegError::too_many_scans:
            return "the picture has more scans than the limit";
        case JpegError::too_many_pieces:
            return "the picture has more segments to remove than any camera sends";
    }
    return "unknown";
}

}  // namespace onlooker::media
