#include "camera/same_pictures.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <span>
#include <utility>
#include <variant>

#include "media/planar_picture.hpp"

namespace onlooker::camera {

namespace {

// Calls `visit` with each row of each plane, without what stands between them, until it says false.
template <typename Visit>
bool for_each_row(const media::RawImage& image, Visit visit) {
    for (std::size_t i = 0; i < media::plane_count(image.format); ++i) {
        const media::Plane& plane = image.planes[i];
        const auto size = media::plane_size(image.format, image.width, image.height, i);
        for (std::size_t y = 0; y < size.rows; ++y)
            if (!visit(plane.data.subspan(y * plane.stride, size.row)))
                return false;
    }
    return true;
}

bool is_equal(std::span<const std::byte> one, std::span<const std::byte> other) noexcept {
    return std::memcmp(one.data(), other.data(), one.size()) == 0;
}

// Compares piece after piece with `octets`.
class Comparison {
  public:
    explicit Comparison(std::span<const std::byte> octets) : rest_(octets) {}

    bool operator()(std::span<const std::byte> piece) noexcept {
        if (piece.size() > rest_.size() || !is_equal(piece, rest_.first(piece.size())))
            return false;
        rest_ = rest_.subspan(piece.size());
        return true;
    }

  private:
    std::span<const std::byte> rest_;
};

bool has_shape(const media::RawImage& image, const media::RawImage& shape) noexcept {
    return image.format == shape.format && image.width == shape.width &&
           image.height == shape.height && image.full_range == shape.full_range;
}

}  // namespace

SamePictures::SamePictures(const Settings& settings, bool allow_truncated) : settings_(settings) {
    limits_.allow_truncated = allow_truncated;
}

bool SamePictures::holds_back(const Captured& captured, SteadyTime taken, SteadyTime wanted_after) {
    octets_are_same_ = false;
    map_.cells.clear();
    const bool same =
        std::visit([this](const auto& picture) { return is_same(picture); }, captured.picture);
    return same && kept_ && taken - kept_at_ < settings_.at_most && captured_ >= wanted_after;
}

bool SamePictures::is_same(const media::RawImage& image) {
    sound_ = media::check_planes(image).empty();
    if (!sound_)
        return false;
    const bool comparable = kept_ && is_raw_ && has_shape(image, shape_);
    if (settings_.level > 0) {
        mapper_.map(image, map_);
        return comparable && is_near();
    }
    octets_are_same_ = comparable && for_each_row(image, Comparison(octets_));
    return octets_are_same_;
}

bool SamePictures::is_same(const media::JpegImage& image) {
    checked_ = media::check_jpeg(image.data, limits_);
    sound_ = static_cast<bool>(checked_);
    if (!sound_)
        return false;
    if (kept_ && !is_raw_ && checked_.size() == octets_.size()) {
        Comparison compare(octets_);
        octets_are_same_ = std::ranges::all_of(checked_.pieces(), std::ref(compare));
    }
    if (octets_are_same_ || settings_.level == 0)
        return octets_are_same_;
    return mapper_.map(image.data, map_) && kept_ && !is_raw_ && is_near();
}

bool SamePictures::is_near() noexcept {
    return media::greatest_difference(map_, kept_map_) < settings_.level;
}

void SamePictures::keep(const Captured& captured, SteadyTime taken) {
    kept_ = sound_;
    if (!sound_)
        return;
    kept_at_ = taken;
    captured_ = captured.captured.value_or(taken);
    if (octets_are_same_)
        return;
    std::swap(map_, kept_map_);
    octets_.clear();
    const auto append = [this](std::span<const std::byte> piece) {
        octets_.insert(octets_.end(), piece.begin(), piece.end());
        return true;
    };
    const auto* raw = std::get_if<media::RawImage>(&captured.picture);
    is_raw_ = raw != nullptr;
    if (is_raw_) {
        shape_ = *raw;
        shape_.planes = {};
        if (settings_.level == 0)
            for_each_row(*raw, append);
    } else {
        for (const auto piece : checked_.pieces())
            append(piece);
    }
}

}  // namespace onlooker::camera
