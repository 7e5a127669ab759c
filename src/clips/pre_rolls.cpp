#include "clips/pre_rolls.hpp"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <utility>

#include "base/logging.hpp"
#include "base/task.hpp"
#include "camera/camera.hpp"
#include "camera/feed.hpp"
#include "clips/pre_roll.hpp"

namespace onlooker::clips {

// Kept by its task as well, which ends when it is dropped and when its camera goes.
class PreRolls::Watch : public std::enable_shared_from_this<Watch> {
  public:
    explicit Watch(endpoints::CameraPtr camera) : camera_(std::move(camera)) {}

    void begin() {
        start(read(), [self = shared_from_this()](const std::exception_ptr& failure) {
            self->camera_.reset();
            if (failure)
                logging::error("out of memory: clips begin no more before they are asked for");
        });
    }
    void drop() {
        dropped_ = true;
        interrupt_.raise();
    }

    // Null: it has ended.
    const camera::Camera* camera() const noexcept { return camera_.get(); }
    PreRoll& frames() noexcept { return frames_; }

  private:
    Task read() {
        camera::Feed& feed = camera_->feed();
        while (!dropped_ && !feed.condition().over) {
            if (!feed.has_newer(seen_)) {
                co_await feed.newer(seen_, interrupt_);
                continue;
            }
            const bool is_new = seen_ < feed.frame_edition();
            seen_ = feed.edition();
            if (is_new && !feed.showing()->is_card())
                frames_.add(feed.showing());
        }
    }

    endpoints::CameraPtr camera_;
    PreRoll frames_;
    camera::Feed::Interrupt interrupt_;
    std::uint64_t seen_ = 0;  // edition
    bool dropped_ = false;
};

void PreRolls::follow(const endpoints::Cameras& cameras, const Settings& settings) {
    settings_ = settings;
    const bool keeps = settings.time.count() > 0 && settings.octets > 0 && !cameras.empty();
    const auto is_followed = [&](const std::shared_ptr<Watch>& watch) {
        return keeps && std::ranges::any_of(cameras, [&watch](const auto& camera) {
                   return camera.get() == watch->camera();
               });
    };
    const auto gone = std::ranges::partition(watches_, is_followed);
    for (const auto& watch : gone)
        watch->drop();
    watches_.erase(gone.begin(), gone.end());
    if (!keeps)
        return;
    for (const auto& camera : cameras) {
        if (std::ranges::find(watches_, camera.get(),
                              [](const auto& watch) { return watch->camera(); }) != watches_.end())
            continue;
        watches_.push_back(std::make_shared<Watch>(camera));
        watches_.back()->begin();
    }
    for (const auto& watch : watches_)
        watch->frames().limit({.time = settings.time, .octets = settings.octets / watches_.size()});
}

std::vector<media::FramePtr> PreRolls::of(const camera::Camera& camera, SteadyTime begin) const {
    const auto found =
        std::ranges::find(watches_, &camera, [](const auto& watch) { return watch->camera(); });
    return found == watches_.end() ? std::vector<media::FramePtr>()
                                   : (*found)->frames().since(begin);
}

void PreRolls::close() noexcept {
    for (const auto& watch : watches_)
        watch->drop();
    watches_.clear();
}

}  // namespace onlooker::clips
