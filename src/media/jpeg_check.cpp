#include "media/jpeg_check.hpp"

#include "media/entropy_coded.hpp"
#include "media/jpeg_application.hpp"
#include "media/jpeg_markers.hpp"
#include "media/jpeg_scan_header.hpp"
#include "media/jpeg_segments.hpp"
#include "media/jpeg_tables.hpp"

namespace onlooker::media {

using namespace jpeg;

// One pass over one picture. Each step gives an error or none; `at_` only ever moves forward.
class JpegWalker {
  public:
    JpegWalker(std::span<const std::byte> data, const JpegLimits& limits)
        : data_(data), limits_(limits) {
        result_.pieces_ = JpegPieces(data);
    }

    CheckedJpeg walk() {
        JpegError error = walk_segments();
        if (error == JpegError::truncated && limits_.allow_truncated && scans_ > 0)
            error = finish_without_end();
        if (error == JpegError::none)
            return result_;
        CheckedJpeg refused;
        refused.error = error;
        return refused;
    }

  private:
    using Body = std::span<const std::byte>;

    unsigned octet(std::size_t at) const { return std::to_integer<unsigned>(data_[at]); }

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

    // Moves past the next marker, whose code becomes `marker_`. Fill octets may precede it; what
    // else does is left out.
    JpegError find_marker() {
        segment_start_ = at_;
        while (at_ < data_.size() && octet(at_) != fill)
            ++at_;
        if (at_ > segment_start_)
            if (const JpegError error = replace_segment({}); error != JpegError::none)
                return error;
        cut_ = segment_start_ = at_;
        while (at_ < data_.size() && octet(at_) == fill)
            ++at_;
        if (at_ >= data_.size())
            return JpegError::truncated;
        marker_ = octet(at_++);
        return JpegError::none;
    }

    JpegError segment() {
        // The next picture begins before this one has ended. Chromium and djpeg show neither.
        if (marker_ == soi)
            return JpegError::truncated;
        // Behind a scan it is octets that tore this picture.
        const bool is_alone = marker_ == stuffed || marker_ == tem || is_restart(marker_);
        if (is_alone)
            return scans_ > 0 ? JpegError::broken_segment : replace_segment({});
        if (data_.size() - at_ < 2)
            return JpegError::truncated;
        const std::size_t length = octet(at_) << 8 | octet(at_ + 1);
        if (length < 2)
            return take_without_body();
        if (length > data_.size() - at_)
            return JpegError::truncated;
        const Body body = data_.subspan(at_ + 2, length - 2);
        at_ += length;
        return take(body);
    }

    // The length counts itself, so 0 and 1 cannot be. Decoders take them for 2; a parser that adds
    // them up would stand still.
    JpegError take_without_body() {
        at_ += 2;
        return is_application(marker_) ? replace_segment({}) : JpegError::broken_segment;
    }

    JpegError take(Body body) {
        if (marker_ == dqt)
            return tables_.define_quantisation(body);
        if (marker_ == dht)
            return tables_.define_huffman(body);
        if (marker_ == dri)
            return body.size() == 2 ? JpegError::none : JpegError::broken_segment;
        if (marker_ == sos)
            return take_scan(body);
        if (is_application(marker_))
            return take_application(body);
        // The first is for arithmetic coding; the second says how high the picture is, once more.
        if (marker_ == dac || marker_ == dnl)
            return replace_segment({});
        if (marker_ == jpg || marker_ == dhp || marker_ == expand)
            return JpegError::unsupported;
        if (marker_ >= sof0 && marker_ <= sof15)
            return take_frame(body);
        // Reserved. Behind a scan it is no segment, but octets that tore the picture.
        return scans_ > 0 ? JpegError::broken_segment : replace_segment({});
    }

    JpegError take_application(Body body) {
        const auto shown = shown_application(marker_, body);
        return shown ? replace_segment(*shown) : JpegError::none;
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
        if (!header_.has_shared_ids())
            return JpegError::none;
        constexpr std::size_t before_components = 6, component_size = 3;
        for (unsigned i = 0; i < header_.component_count; ++i)
            if (const JpegError error =
                    name_component(at_ - body.size() + before_components + component_size * i, i);
                error != JpegError::none)
                return error;
        return JpegError::none;
    }

    // Where components share an id, libjpeg takes them in their order, but ffmpeg each for the
    // first: they get ids of their own.
    JpegError name_component(std::size_t place, unsigned index) {
        return result_.pieces_.replace(place, place + 1, component_id(index));
    }

    JpegError take_scan(Body body) {
        if (header_.component_count == 0)
            return JpegError::no_frame_header;
        // A sequential picture with all its components in one scan has no second one.
        const bool was_whole = !header_.progressive && scans_ == 1 && has_all_components();
        if (++scans_ > limits_.scans || was_whole)
            return JpegError::too_many_scans;
        JpegScanHeader scan;
        if (const JpegError error = read_scan_header(body, header_, scan); error != JpegError::none)
            return error;
        for (const auto& component : scan.known()) {
            if (!tables_.has_quantisation(header_.components[component.index].quantisation))
                return JpegError::missing_table;
            seen_components_ |= 1U << component.index;
        }
        if (const JpegError error = need_huffman(scan.needed_huffman()); error != JpegError::none)
            return error;
        if (const JpegError error = correct_scan_header(scan, body.size());
            error != JpegError::none)
            return error;
        return skip_entropy_coded();
    }

    JpegError correct_scan_header(const JpegScanHeader& scan, std::size_t size) {
        std::size_t place = at_ - size + 1;
        for (const auto& component : scan.known()) {
            const JpegError error =
                header_.has_shared_ids() ? name_component(place, component.index) : JpegError::none;
            if (error != JpegError::none)
                return error;
            place += 2;
        }
        return scan.range_is_as_written
                   ? JpegError::none
                   : result_.pieces_.replace(at_ - range_size, at_, whole_sequential_range());
    }

    bool has_all_components() const {
        return seen_components_ == (1U << header_.component_count) - 1;
    }

    // Inserts the standard tables where the camera uses them and did not send them.
    JpegError need_huffman(const HuffmanSet& needed) {
        if (tables_.huffman().holds(needed))
            return JpegError::none;
        if (header_.progressive || !tables_.huffman().with(HuffmanSet::standard()).holds(needed))
            return JpegError::missing_table;
        if (tables_.huffman().empty()) {
            tables_.define_huffman(HuffmanSet::standard());
            return result_.pieces_.insert(segment_start_, standard_huffman_segment());
        }
        for (const unsigned table_class : {0U, 1U})
            for (const unsigned number : {0U, 1U})
                if (needed.has(table_class, number) && !tables_.huffman().has(table_class, number))
                    if (const JpegError error = insert_huffman(table_class, number);
                        error != JpegError::none)
                        return error;
        return JpegError::none;
    }

    JpegError insert_huffman(unsigned table_class, unsigned number) {
        const auto [head, table] = standard_huffman_segment(table_class, number);
        tables_.define_huffman(HuffmanSet::of(table_class, number));
        if (const JpegError error = result_.pieces_.insert(segment_start_, head);
            error != JpegError::none)
            return error;
        return result_.pieces_.insert(segment_start_, table);
    }

    // Moves to the marker behind the entropy-coded data.
    JpegError skip_entropy_coded() {
        const std::size_t start = at_;
        at_ = end_of_entropy_coded(data_, start);
        entropy_coded_ += at_ - start;
        if (data_.size() - at_ >= 2)
            return JpegError::none;
        cut_ = at_;
        while (cut_ > start && octet(cut_ - 1) == fill)
            --cut_;
        entropy_coded_ -= at_ - cut_;
        return JpegError::truncated;
    }

    JpegError finish() {
        const JpegError error = check_scans();
        return error == JpegError::none ? result_.pieces_.keep_until(at_) : error;
    }

    JpegError finish_without_end() {
        if (const JpegError error = check_scans(); error != JpegError::none)
            return error;
        return result_.pieces_.insert(cut_, end_mark());
    }

    JpegError check_scans() const {
        if (scans_ == 0)
            return JpegError::no_frame_header;
        if (!has_all_components())
            return JpegError::truncated;
        // However well it compresses, a block of 8 x 8 costs at least two bits, one for its DC
        // and one for its AC coefficients; in a progressive JPEG at least the first. The
        // component of full size has this many blocks.
        const std::uint64_t blocks =
            std::uint64_t{(result_.width + 7) / 8} * ((result_.height + 7) / 8);
        const std::uint64_t fewest_bits = result_.progressive ? blocks : 2 * blocks;
        return entropy_coded_ * 8 < fewest_bits ? JpegError::truncated : JpegError::none;
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
    std::size_t cut_ = 0;  // how far the picture is good, where it has no end

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
