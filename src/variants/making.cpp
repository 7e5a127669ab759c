#include "variants/making.hpp"

#include <fmt/format.h>

#include <memory>

#include "base/clock.hpp"
#include "media/orientation.hpp"
#include "media/picture_size.hpp"

namespace onlooker::variants {

Making::Making(camera::Camera& camera)
    : camera_(camera), decodes_(std::make_shared<media::SharedDecodes>()) {}

Workshop::OrderPtr Making::order(const media::Recipe& recipe) const {
    const camera::Camera::Settings& settings = camera_.settings();
    return std::make_shared<const Workshop::Order>(
        Workshop::Order{.recipe = recipe,
                        .title = settings.title,
                        .encoder = settings.capture.frames.encoder,
                        .decodes = decodes_});
}

void Making::tell_unusable(const media::Recipe& recipe, std::string_view why) {
    warnings_.write(
        camera_.name(),
        fmt::format("a picture cannot be made for {}: {}", media::to_string(recipe), why),
        SteadyClock::now());
}

media::Recipe resolved_for(const media::Recipe& recipe, const media::FramePtr& picture) {
    const media::PictureSize size = picture ? media::upright_size(*picture) : media::PictureSize{};
    return media::resolved(recipe, size.width, size.height);
}

}  // namespace onlooker::variants
