#include "camera/frame_maker.hpp"

#include <chrono>
#include <span>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "camera/source_recipe.hpp"
#include "media/part_head.hpp"

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

// What was made of a picture by the recipe, as a frame of the camera.
FrameMaker::Result result_of(SourceRecipe::Result made) {
    if (auto* unusable = std::get_if<media::VariantMaker::Unusable>(&made))
        return FrameMaker::Unusable{std::move(unusable->why)};
    return std::get<media::FramePtr>(std::move(made));
}

}  // namespace

FrameMaker::FrameMaker(const Settings& settings)
    : settings_(settings),
      has_recipe_(!settings.recipe.is_plain()),
      encoder_(settings.encoder),
      sampling_(media::sampling_of(settings.encoder.subsampling)) {
    limits_.allow_truncated = settings.allow_truncated;
}

FrameMaker::~FrameMaker() = default;

FrameMaker::Result FrameMaker::make(const Captured& captured, std::uint64_t number, bool is_card,
                                    SteadyTime taken) {
    media::Frame::Description description;
    description.number = number;
    description.is_card = is_card;
    if (is_card)
        description.fields = media::card_field;
    return std::holds_alternative<media::JpegImage>(captured.picture)
               ? make_jpeg(captured, std::move(description), taken)
               : make_raw(captured, std::move(description), taken);
}

FrameMaker::Result FrameMaker::make_jpeg(const Captured& captured,
                                         media::Frame::Description description, SteadyTime taken) {
    const auto& jpeg = std::get<media::JpegImage>(captured.picture);
    const media::CheckedJpeg checked = media::check_jpeg(jpeg.data, limits_);
    if (!checked)
        return Unusable{std::string(to_string(checked.error))};
    description.width = checked.width;
    description.height = checked.height;
    description.stamps = stamp(captured, taken);
    media::FramePtr frame = media::Frame::make(description, checked.pieces());
    if (has_recipe_ && !description.is_card)
        return result_of(source_recipe().make(frame));
    return frame;
}

FrameMaker::Result FrameMaker::make_raw(const Captured& captured,
                                        media::Frame::Description description, SteadyTime taken) {
    const auto& raw = std::get<media::RawImage>(captured.picture);
    description.width = raw.width;
    description.height = raw.height;
    if (has_recipe_ && !description.is_card) {
        description.stamps = stamp(captured, taken);
        Result made = result_of(source_recipe().make(raw, description));
        const auto* frame = std::get_if<media::FramePtr>(&made);
        if (frame == nullptr || *frame)
            return made;
    }
    const media::JpegEncoder::Result encoded = encoder_.encode(raw);
    if (!encoded.error.empty())
        return Unusable{std::string(encoded.error)};
    description.stamps = stamp(captured, taken);
    description.planes = planes_of(raw);
    return media::Frame::make(description, std::span(&encoded.jpeg, 1));
}

SourceRecipe& FrameMaker::source_recipe() {
    if (!recipe_)
        recipe_ =
            std::make_unique<SourceRecipe>(settings_.recipe, settings_.title, settings_.encoder);
    return *recipe_;
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
