#include "variants/variants.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <map>
#include <utility>

#include "base/one_thread.hpp"
#include "variants/derived_feeds.hpp"
#include "variants/making.hpp"
#include "variants/single_pictures.hpp"

namespace onlooker::variants {

namespace {

// Not with each picture, where recipes go at once: what a thread costs is little for a second of
// pictures, and much for each.
constexpr std::chrono::milliseconds workers_stay_at_least{1'000};

}  // namespace

struct Variants::Parts {
    Parts(Executor executor, const Settings& settings, std::function<Workshop::Make()> maker)
        : workshop(executor,
                   {.workers = settings.workers,
                    .ends_idle_after = std::max(settings.idle_after, workers_stay_at_least),
                    .maker = std::move(maker)}),
          feeds(executor, settings, workshop),
          singles(executor, workshop) {}

    const MakingPtr& making_of(camera::Camera& camera);

    [[no_unique_address]] OneThread loop;
    bool closing = false;
    Workshop workshop;
    std::map<const camera::Camera*, MakingPtr> makings;
    DerivedFeeds feeds;
    SinglePictures singles;
};

// Kept as long as the program runs: what was said about a camera's pictures is not said again.
const MakingPtr& Variants::Parts::making_of(camera::Camera& camera) {
    MakingPtr& making = makings[&camera];
    if (!making)
        making = std::make_shared<Making>(camera);
    return making;
}

Variants::Variants(Executor executor, const Settings& settings,
                   std::function<Workshop::Make()> maker)
    : parts_(std::make_unique<Parts>(executor, settings, std::move(maker))) {}

Variants::~Variants() = default;

std::variant<View, Variants::Full> Variants::view(camera::Camera& camera,
                                                  const media::Recipe& recipe, double rate) {
    assert(parts_->loop.is_here());
    if (recipe.is_plain() && rate <= 0)
        return View{.feed = &camera.feed(), .keep = nullptr};
    return parts_->feeds.view(parts_->making_of(camera), recipe, rate);
}

Awaitable<Variants::Picture> Variants::picture(camera::Camera& camera, media::FramePtr frame,
                                               media::Recipe recipe) {
    assert(parts_->loop.is_here());
    recipe = resolved_for(recipe, frame);
    if (recipe.is_plain())
        co_return frame;
    if (parts_->closing)
        co_return Full{"The server is ending."};
    if (media::FramePtr made = parts_->feeds.made_of(camera, *frame, recipe))
        co_return made;
    co_return co_await parts_->singles.make(parts_->making_of(camera), std::move(frame),
                                            std::move(recipe));
}

void Variants::for_each(const camera::Camera& camera,
                        const std::function<void(const Made&)>& visit) const {
    parts_->feeds.for_each(camera, visit);
}

bool Variants::forget(const camera::Camera& camera) {
    const bool is_shown = !parts_->feeds.forget(camera);
    const auto making = parts_->makings.find(&camera);
    if (is_shown || (making != parts_->makings.end() && making->second.use_count() > 1))
        return false;
    parts_->makings.erase(&camera);
    return true;
}

void Variants::close() {
    parts_->closing = true;
    parts_->feeds.close();
    parts_->singles.close();
    parts_->workshop.close();
}

Awaitable<bool> Variants::wait_closed(SteadyTime limit) {
    return parts_->workshop.wait_closed(limit);
}

}  // namespace onlooker::variants
