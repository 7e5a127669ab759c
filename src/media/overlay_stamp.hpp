// Words ready to be laid on a picture: for each sample how much of it stays, and what is added.
// They stand on a box that is so much darker, or lighter, than the picture that they can be read on
// any ground.
//
// Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "media/canvas.hpp"
#include "media/planes.hpp"

namespace onlooker::media {

// How the ground behind words of one colour is changed.
struct OverlayShade {
    bool lighter = false;  // towards white; else towards black
    double strength = 0;   // 0: as it was, 1: all white or black
};

// So strong that the contrast of WCAG 2.1, (lighter + 0.05) / (darker + 0.05) of the luminances, is
// 5 even on the ground that fits worst; for colours that are neither dark nor light, about 4.
// `rgb` is 0xRRGGBB.
OverlayShade shade_for(std::uint32_t rgb);

class OverlayStamp {
  public:
    struct Look {
        std::uint32_t colour = 0xffffff;  // 0xRRGGBB
        int padding = 0;                  // pixels of the box around the words, left and right
        int corner = 0;                   // radius of its corners
    };

    // Nothing: apply() leaves pictures as they are.
    OverlayStamp() = default;

    // `words` at the place of the box on pictures of that size and grid. The box may reach beyond
    // the picture.
    OverlayStamp(const Coverage& words, const Look& look, int x, int y, const Planes& like);

    // `picture` has the size and the grid of the one that the stamp was made for.
    void apply(Planes& picture) const;

    std::size_t octets() const noexcept;

  private:
    // Of a plane, a rectangle of which the sample s becomes (s * keep + add + 128) / 256.
    struct Layer {
        std::size_t x = 0;
        std::size_t y = 0;
        std::size_t width = 0;
        std::size_t height = 0;
        std::vector<std::uint16_t> keep;
        std::vector<std::uint16_t> add;
    };
    // Of one plane.
    struct Tones {
        std::uint8_t ground = 0;
        std::uint8_t words = 0;
    };
    struct Mix;

    static Layer layer_of(const Mix& mix, const Planes& like, int cell_width, int cell_height,
                          Tones tones);
    static void apply(const Layer& layer, Planes::Plane& plane);

    std::array<Layer, 3> layers_;
};

}  // namespace onlooker::media
