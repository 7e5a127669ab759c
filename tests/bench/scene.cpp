#include "scene.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace onlooker::bench {
namespace {

// Marsaglia's xorshift: std::uniform_int_distribution differs between libraries.
class Dice {
  public:
    explicit Dice(unsigned seed) noexcept : state_(seed * 2654435761U + 1) {}
    int below(int limit) noexcept {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return static_cast<int>(state_ % static_cast<std::uint32_t>(limit));
    }

  private:
    std::uint32_t state_;
};

unsigned char clamp(int value) noexcept {
    return static_cast<unsigned char>(std::clamp(value, 0, 255));
}

void paint_light(Scene& scene, Dice& dice) {
    const int tilt = dice.below(60);
    unsigned char* pixel = scene.rgb.data();
    for (int y = 0; y < scene.height; ++y) {
        for (int x = 0; x < scene.width; ++x, pixel += 3) {
            const int light = 60 + 90 * x / scene.width + tilt * y / scene.height;
            // A weave of a few pixels and a grain: what makes real pictures hard to compress.
            const int detail = ((x / 3 + y / 5) % 7) * 2 + dice.below(9);
            pixel[0] = clamp(light + detail);
            pixel[1] = clamp(light + detail - 8);
            pixel[2] = clamp(light + detail - 20);
        }
    }
}

void paint_boxes(Scene& scene, Dice& dice) {
    for (int box = 0; box < 60; ++box) {
        const int width = 8 + dice.below(scene.width / 6);
        const int height = 8 + dice.below(scene.height / 6);
        const int left = dice.below(scene.width - width);
        const int top = dice.below(scene.height - height);
        const int shade[3] = {dice.below(160) - 80, dice.below(160) - 80, dice.below(160) - 80};
        for (int y = top; y < top + height; ++y) {
            unsigned char* row =
                scene.rgb.data() + (static_cast<std::ptrdiff_t>(y) * scene.width + left) * 3;
            for (int i = 0; i < width * 3; ++i)
                row[i] = clamp(row[i] + shade[i % 3]);
        }
    }
}

}  // namespace

Scene make_scene(int width, int height, unsigned seed) {
    Scene scene{.width = width,
                .height = height,
                .rgb = std::vector<unsigned char>(static_cast<std::size_t>(width) *
                                                  static_cast<std::size_t>(height) * 3)};
    Dice dice(seed);
    paint_light(scene, dice);
    paint_boxes(scene, dice);
    return scene;
}

}  // namespace onlooker::bench
