// What workers do in tests: each picture is a few octets, made when the test says so.
#pragma once

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/frame.hpp"
#include "media/recipe.hpp"
#include "variants/workshop.hpp"

namespace onlooker::test {

inline media::FramePtr small_frame(const media::Frame::Description& description) {
    static constexpr std::array octets{std::byte{0xff}, std::byte{0xd8}};
    const std::span<const std::byte> picture(octets);
    return media::Frame::make(description, std::span(&picture, 1));
}

class FakeMaker {
  public:
    struct Making {
        unsigned quality = 0;  // of the recipe, by which tests tell recipes apart
        std::uint64_t number = 0;
        bool operator==(const Making&) const = default;
    };

    // For Workshop::Settings and Variants.
    std::function<variants::Workshop::Make()> factory() {
        return [this] {
            return [this](const media::VariantMaker::Source& source, const media::Recipe& recipe,
                          media::SharedDecodes&) { return make(source, recipe); };
        };
    }

    // From now on each making waits until it is let go.
    void hold() {
        const std::lock_guard lock(mutex_);
        holds_ = true;
    }
    void let_go(std::size_t count = 1) {
        {
            const std::lock_guard lock(mutex_);
            let_go_ += count;
        }
        changed_.notify_all();
    }
    void let_all_go() {
        {
            const std::lock_guard lock(mutex_);
            holds_ = false;
        }
        changed_.notify_all();
    }
    // What each making ends with, instead of a picture.
    void fail_with(std::function<variants::Workshop::Result()> failure) {
        const std::lock_guard lock(mutex_);
        failure_ = std::move(failure);
    }

    // What was begun, in its order.
    std::vector<Making> begun() const {
        const std::lock_guard lock(mutex_);
        return begun_;
    }
    // False when so many have not begun within ten seconds.
    bool wait_begun(std::size_t count) const {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10),
                                 [&] { return begun_.size() >= count; });
    }

  private:
    variants::Workshop::Result make(const media::VariantMaker::Source& source,
                                    const media::Recipe& recipe) {
        std::unique_lock lock(mutex_);
        begun_.push_back({recipe.quality, source.frame->number()});
        changed_.notify_all();
        changed_.wait(lock, [this] { return !holds_ || let_go_ > 0; });
        let_go_ -= holds_ ? 1 : 0;
        if (failure_)
            return failure_();
        const unsigned width = source.frame->width() * recipe.eighths / 8;
        const unsigned height = source.frame->height() * recipe.eighths / 8;
        // As VariantMaker tells it.
        const std::string fields = fmt::format("X-Width: {}\r\nX-Height: {}\r\nX-Variant: {}\r\n",
                                               width, height, to_string(recipe));
        return small_frame({.number = source.frame->number(),
                            .width = width,
                            .height = height,
                            .stamps = source.frame->stamps(),
                            .is_card = source.frame->is_card(),
                            .fields = fields});
    }

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool holds_ = false;
    std::size_t let_go_ = 0;
    std::function<variants::Workshop::Result()> failure_;
    std::vector<Making> begun_;
};

inline media::Recipe half() {
    media::Recipe recipe;
    recipe.eighths = 4;
    return recipe;
}

inline media::Recipe recipe_of_quality(unsigned quality) {
    media::Recipe recipe;
    recipe.quality = quality;
    return recipe;
}

}  // namespace onlooker::test
