#include "camera/frame_maker.hpp"

#include <chrono>
#include <span>
#include <string>
#include <utility>

#include "base/clock.hpp"

namespace onlooker::camera {

namespace {

media::Stamps stamp(const Captured& captured, SteadyTime taken) {
    media::Stamps stamps;
    stamps.taken = taken;
    stamps.captured = captured.captured.value_or(taken);
    stamps.ready = SteadyClock::now();
    // Computed for each frame, because the wall clock may have been set meanwhile.
    stamps.wall =
        captured.wall.value_or(std::chrono::system_clock::now() -
                               std::chrono::duration_cast<std::chrono::system_clock::duration>(
                                   stamps.ready - stamps.captured));
    return stamps;
}

}  // namespace

FrameMaker::Result FrameMaker::make(const Captured& captured, std::uint64_t number, bool is_card,
                                    SteadyTime taken) {
    media::Frame::Description description;
    description.number = number;
    description.is_card = is_card;
    if (const auto* jpeg = std::get_if<media::JpegImage>(&captured.picture)) {
        const media::CheckedJpeg checked = media::check_jpeg(jpeg->data, limits_);
        if (!checked)
            return Unusable{std::string(to_string(checked.error))};
        description.width = checked.width;
        description.height = checked.height;
        description.stamps = stamp(captured, taken);
        return media::Frame::make(description, checked.pieces());
    }
    const auto& raw = std::get<media::RawImage>(captured.picture);
    const media::JpegEncoder::Result encoded = encoder_.encode(raw);
    if (!encoded.error.empty())
        return Unusable{std::string(encoded.error)};
    description.width = raw.width;
    description.height = raw.height;
    description.stamps = stamp(captured, taken);
    description.planes = planes_of(raw);
    return media::Frame::make(description, std::span(&encoded.jpeg, 1));
}

// Behind the encoder's own work and not in front of it, so that a frame costs what it did while
// nobody wants them.
media::PlanesPtr FrameMaker::planes_of(const media::RawImage& raw) {
    if (!keeps_planes_)
        return nullptr;
    auto planes = pool_.get();
    return raw_planes_.load(raw, sampling_, *planes).empty() ? std::move(planes) : nullptr;
}

}  // namespace onlooker::camera
