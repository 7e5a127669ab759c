#include "opencv/turn.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <ios>
#include <string_view>

namespace onlooker::drivers {

namespace {

std::uint64_t number(std::string_view octets) {
    std::uint64_t value = 0;
    for (const char octet : octets)
        value = value << 8 | static_cast<unsigned char>(octet);
    return value;
}

struct Box {
    std::string type;         // four characters
    std::uint64_t begin = 0;  // of its content, in the file
    std::uint64_t end = 0;
};

// The boxes of a file, one in the other. Whatever the file says, few octets of it are read.
class BoxReader {
  public:
    explicit BoxReader(const std::string& path) : file_(path, std::ios::binary) {
        file_.seekg(0, std::ios::end);
        if (const std::streamoff size = file_.tellg(); file_ && size > 0)
            whole_.end = static_cast<std::uint64_t>(size);
    }

    const Box& whole() const noexcept { return whole_; }

    std::string read(std::uint64_t at, std::size_t size) {
        std::string octets(size, '\0');
        file_.clear();
        file_.seekg(static_cast<std::streamoff>(at));
        file_.read(octets.data(), static_cast<std::streamsize>(size));
        octets.resize(static_cast<std::size_t>(file_.gcount()));
        return octets;
    }

    // The box that begins at `at` inside `parent`.
    std::optional<Box> box_at(const Box& parent, std::uint64_t at) {
        constexpr std::uint64_t short_head = 8, long_head = 16;
        if (at + short_head > parent.end || ++boxes_ > most_boxes)
            return std::nullopt;
        const std::string head = read(at, long_head);
        if (head.size() < short_head)
            return std::nullopt;
        std::uint64_t size = number(std::string_view(head).substr(0, 4));
        const bool is_long = size == 1;
        if (is_long)
            size = number(std::string_view(head).substr(short_head));
        else if (size == 0)
            size = parent.end - at;
        const std::uint64_t head_size = is_long ? long_head : short_head;
        if (size < head_size || size > parent.end - at)
            return std::nullopt;
        return Box{head.substr(4, 4), at + head_size, at + size};
    }

    // The first box of that type in `parent`, from `from` on.
    std::optional<Box> find(const Box& parent, std::string_view type, std::uint64_t from) {
        for (auto box = box_at(parent, from); box; box = box_at(parent, box->end)) {
            if (box->type == type)
                return box;
        }
        return std::nullopt;
    }
    std::optional<Box> find(const Box& parent, std::string_view type) {
        return find(parent, type, parent.begin);
    }

    // That of an mvhd or tkhd, at `offset` where its times have 32 bits.
    std::optional<DisplayMatrix> matrix_in(const Box& box, std::size_t offset) {
        constexpr std::size_t longest = 128, matrix_size = 36, wider_times = 12;
        const std::string body = read(box.begin, longest);
        if (body.empty())
            return std::nullopt;
        const std::size_t at = offset + (body[0] == 1 ? wider_times : 0);
        if (at + matrix_size > body.size() || at + matrix_size > box.end - box.begin)
            return std::nullopt;
        const auto entry = [&](std::size_t index) {
            return static_cast<std::int32_t>(
                number(std::string_view(body).substr(at + 4 * index, 4)));
        };
        return DisplayMatrix{.xx = entry(0), .xy = entry(1), .yx = entry(3), .yy = entry(4)};
    }

    std::optional<DisplayMatrix> video_track_matrix(const Box& movie) {
        for (auto track = find(movie, "trak"); track; track = find(movie, "trak", track->end)) {
            const auto media = find(*track, "mdia");
            const auto handler = media ? find(*media, "hdlr") : std::nullopt;
            const auto head = find(*track, "tkhd");
            constexpr std::size_t before_type = 8, before_matrix = 40;
            if (handler && head && read(handler->begin + before_type, 4) == "vide")
                return matrix_in(*head, before_matrix);
        }
        return std::nullopt;
    }

  private:
    static constexpr int most_boxes = 10'000;

    std::ifstream file_;
    Box whole_;
    int boxes_ = 0;
};

int sign(std::int32_t value) noexcept {
    return (value > 0 ? 1 : 0) - (value < 0 ? 1 : 0);
}

// `first`, then `second`; only the signs matter.
DisplayMatrix chained(const DisplayMatrix& first, const DisplayMatrix& second) noexcept {
    const auto entry = [](std::int32_t a, std::int32_t b, std::int32_t c, std::int32_t d) {
        return sign(a) * sign(b) + sign(c) * sign(d);
    };
    return {.xx = entry(first.xx, second.xx, first.xy, second.yx),
            .xy = entry(first.xx, second.xy, first.xy, second.yy),
            .yx = entry(first.yx, second.xx, first.yy, second.yx),
            .yy = entry(first.yx, second.xy, first.yy, second.yy)};
}

// Away from rounding and from slight slants.
DisplayMatrix upright(const DisplayMatrix& matrix) noexcept {
    const auto size = [](std::int32_t value) { return std::abs(std::int64_t{value}); };
    if (size(matrix.xx) + size(matrix.yy) >= size(matrix.xy) + size(matrix.yx))
        return {.xx = matrix.xx, .xy = 0, .yx = 0, .yy = matrix.yy};
    return {.xx = 0, .xy = matrix.xy, .yx = matrix.yx, .yy = 0};
}

}  // namespace

Turn turn_of(const DisplayMatrix& matrix) noexcept {
    const DisplayMatrix right = upright(matrix);
    if (right.xy == 0 && right.yx == 0)
        return {.transposed = false, .left_to_right = right.xx < 0, .top_to_bottom = right.yy < 0};
    return {.transposed = true, .left_to_right = right.yx < 0, .top_to_bottom = right.xy < 0};
}

Turn turn_of_opencv(double degrees, int major, int minor) noexcept {
    if (!std::isfinite(degrees))
        return {};
    const bool is_counter_clockwise = major == 4 && minor == 6;
    const auto quarters = static_cast<int>(std::fmod(std::round(degrees / 90), 4));
    switch (((is_counter_clockwise ? -quarters : quarters) + 4) % 4) {
        case 1:
            return {.transposed = true, .left_to_right = true, .top_to_bottom = false};
        case 2:
            return {.transposed = false, .left_to_right = true, .top_to_bottom = true};
        case 3:
            return {.transposed = true, .left_to_right = false, .top_to_bottom = true};
        default:
            return {};
    }
}

std::optional<Turn> film_turn(const std::string& path) {
    BoxReader file(path);
    const auto movie = file.find(file.whole(), "moov");
    if (!movie)
        return std::nullopt;
    const auto track = file.video_track_matrix(*movie);
    if (!track)
        return std::nullopt;
    constexpr std::size_t before_matrix = 36;
    const auto head = file.find(*movie, "mvhd");
    const auto whole = head ? file.matrix_in(*head, before_matrix) : std::nullopt;
    return turn_of(chained(upright(*track), upright(whole.value_or(DisplayMatrix{}))));
}

void apply(const Turn& turn, const cv::Mat& picture, cv::Mat& turned) {
    if (turn.transposed)
        cv::transpose(picture, turned);
    const cv::Mat& unmirrored = turn.transposed ? turned : picture;
    constexpr int columns = 1, rows = 0, both = -1;  // cv::flip's codes
    if (turn.left_to_right && turn.top_to_bottom)
        cv::flip(unmirrored, turned, both);
    else if (turn.left_to_right)
        cv::flip(unmirrored, turned, columns);
    else if (turn.top_to_bottom)
        cv::flip(unmirrored, turned, rows);
}

}  // namespace onlooker::drivers
