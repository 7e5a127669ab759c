#include "media/jpeg_check.hpp"

#include <cstring>

#include "media/jpeg_markers.hpp"
#include "media/jpeg_segments.hpp"
#include "media/jpeg_tables.hpp"

namespace onlooker::media {

namespace {

using namespace jpeg;

bool starts_with(std::span<const std::byte> body, std::string_view text) {
    return body.size() >= text.size() && std::memcmp(body.data(), text.data(), text.size()) == 0;
}

// Whether a parser that searches for the marks instead of walking would find one in here.
bool holds_start_or_end(std::span<const std::byte> body) {
    const std::byte* at = body.data();
    const std::byte* const end = at + body.size();
    while (at < end) {
        at = static_cast<const std::byte*>(
            std::memchr(at, fill, static_cast<std::size_t>(end - at)));
        if (at == nullptr || at + 1 == end)
            return false;
        ++at;
        if (*at == std::byte{soi} || *at == std::byte{eoi})
            return true;
    }
    return false;
}

}  // namespace

// One pass over one picture. Each step gives an error or none; `at_` only ever moves forward.
class JpegWalker {
  public:
    JpegWalker(std::span<const std::byte> data, const JpegLimits& limits)
        : data_(data), limits_(limits) {
        result_.pieces_ = JpegPieces(data);
    }

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
        if (data_.size() < 4 || octet(0) != fill || octet(1) != soi)
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
        if (at_ < data_.size() && octet(at_) != fill)
            return JpegError::broken_segment;
        while (at_ < data_.size() && octet(at_) == fill)
            ++at_;
        if (at_ >= data_.size())
            return JpegError::truncated;
        marker_ = octet(at_++);
        return JpegError::none;
    }

    JpegError segment() {
        if (marker_ == soi)
            return JpegError::truncated;
        if (marker_ == stuffed || marker_ == tem || is_restart(marker_))
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
            return tables_.define_quantisation(body);
        if (marker_ == dht)
            return tables_.define_huffman(body);
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
        if (header_.component_count != 0)
            return JpegError::no_frame_header;
        if (const JpegError error = read_frame_header(marker_, body, header_);
            error != JpegError::none)
            return error;
        if (header_.width > limits_.width || header_.height > limits_.height ||
            std::uint64_t{header_.width} * header_.height > limits_.pixels)
            return JpegError::bad_dimensions;
        result_.width = header_.width;
        result_.height = header_.height;
        result_.components = header_.component_count;
        result_.chroma = header_.chroma();
        result_.progressive = header_.progressive;
        return JpegError::none;
    }

    JpegError take_scan(Body body) {
        if (header_.component_count == 0)
            return JpegError::no_frame_header;
        const unsigned most = header_.progressive ? limits_.scans : header_.component_count;
        if (++scans_ > most)
            return JpegError::too_many_scans;
        const unsigned components = body.empty() ? 0 : octet(body, 0);
        if (components < 1 || components > header_.component_count ||
            body.size() != 4 + std::size_t{2} * components)
            return JpegError::broken_segment;
        HuffmanSet needed;
        for (unsigned i = 0; i < components; ++i) {
            const auto component = body.subspan(1 + std::size_t{2} * i, 2);
            const JpegError error = take_scan_component(component, body.last(3), needed);
            if (error != JpegError::none)
                return error;
        }
        if (const JpegError error = need_huffman(needed); error != JpegError::none)
            return error;
        return skip_entropy_coded();
    }

    // Adds the tables that the component of a scan refers to; `range` is the end of the scan's
    // header: which coefficients it holds, and which of their bits.
    JpegError take_scan_component(Body component, Body range, HuffmanSet& needed) {
        const unsigned index = header_.index_of(octet(component, 0));
        const unsigned direct = octet(component, 1) >> 4, alternating = octet(component, 1) & 15;
        if (index == header_.component_count || direct > HuffmanSet::most_number ||
            alternating > HuffmanSet::most_number)
            return JpegError::broken_segment;
        if (!tables_.has_quantisation(header_.components[index].quantisation))
            return JpegError::missing_table;
        seen_components_ |= 1U << index;
        const unsigned first = octet(range, 0), last = octet(range, 1);
        const unsigned successive_high = octet(range, 2) >> 4;
        if (first > last || last > 63)
            return JpegError::broken_segment;
        // The refinement of a DC coefficient is plain bits.
        if (first == 0 && !(header_.progressive && successive_high != 0))
            needed.add(0, direct);
        if (last > 0)
            needed.add(1, alternating);
        return JpegError::none;
    }

    // Inserts the standard tables where the camera uses them and sent none.
    JpegError need_huffman(const HuffmanSet& needed) {
        if (tables_.huffman().holds(needed))
            return JpegError::none;
        if (!tables_.huffman().empty() || header_.progressive ||
            !HuffmanSet::standard().holds(needed))
            return JpegError::missing_table;
        tables_.define_standard_huffman();
        return result_.pieces_.insert(segment_start_, standard_huffman_segment());
    }

    // Moves to the marker behind the entropy-coded data, in which FF is followed by a stuffed zero
    // or is a restart marker.
    JpegError skip_entropy_coded() {
        const std::size_t start = at_;
        while (true) {
            const void* found = std::memchr(data_.data() + at_, fill, data_.size() - at_);
            if (found == nullptr)
                return JpegError::truncated;
            at_ = static_cast<std::size_t>(static_cast<const std::byte*>(found) - data_.data());
            if (at_ + 1 >= data_.size())
                return JpegError::truncated;
            const unsigned code = octet(at_ + 1);
            if (code == fill) {
                ++at_;
            } else if (code == stuffed || is_restart(code)) {
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
        // However well it compresses, a block of 8 x 8 costs at least two bits, one for its DC
        // and one for its AC coefficients; in a progressive JPEG at least the first. The
        // component of full size has this many blocks.
        const std::uint64_t blocks =
            std::uint64_t{(result_.width + 7) / 8} * ((result_.height + 7) / 8);
        const std::uint64_t fewest_bits = result_.progressive ? blocks : 2 * blocks;
        if (entropy_coded_ * 8 < fewest_bits)
            return JpegError::truncated;
        return result_.pieces_.keep_until(at_);
    }

    // Leaves the segment just read out, or puts another one in its place.
    JpegError replace_segment(Body replacement) {
        return result_.pieces_.replace(segment_start_, at_, replacement);
    }

    const Body data_;
    const JpegLimits& limits_;
    CheckedJpeg result_;

    std::size_t at_ = 0;
    std::size_t segment_start_ = 0;
    unsigned marker_ = 0;

    JpegFrameHeader header_;
    JpegTables tables_;
    unsigned seen_components_ = 0;  // bit per component
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

}  // namespace onlooker::media
