#include "variants/variants.hpp"

#include <cassert>

#include "base/one_thread.hpp"

namespace onlooker::variants {

struct Variants::Parts {
    [[no_unique_address]] OneThread loop;
};

Variants::Variants(Executor, const Settings&) : parts_(std::make_unique<Parts>()) {}

Variants::~Variants() = default;

std::variant<View, Variants::Full> Variants::view(camera::Camera& camera,
                                                  const media::Recipe& recipe, double rate) {
    assert(parts_->loop.is_here());
    if (recipe.is_plain() && rate <= 0)
        return View{.feed = &camera.feed(), .keep = nullptr};
    return Full{"Other pictures than the camera's own cannot be made yet."};
}

Awaitable<Variants::Picture> Variants::picture(camera::Camera&, media::FramePtr frame,
                                               media::Recipe recipe) {
    assert(parts_->loop.is_here());
    if (recipe.is_plain())
        co_return frame;
    co_return Full{"Other pictures than the camera's own cannot be made yet."};
}

void Variants::for_each(const camera::Camera&, const std::function<void(const Made&)>&) const {}

}  // namespace onlooker::variants
