#include "media/overlay_stamp.hpp"

#include <algorithm>
#include <cmath>

namespace onlooker::media {

namespace {

constexpr double wanted_contrast = 5;
// A weaker box looks like dirt on the picture, a stronger one hides all that is behind it.
constexpr double weakest_shade = 0.55;
constexpr double strongest_shade = 0.96;

// The transfer function of sRGB and its inverse (IEC 61966-2-1), 0..1.
double linear(double value) noexcept {
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double encoded(double light) noexcept {
    return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

int channel(std::uint32_t rgb, int shift) noexcept {
    return static_cast<int>(rgb >> shift & 0xff);
}

// As lround(), of what is not negative, without the call for each sample.
int rounded(double value) noexcept {
    return static_cast<int>(value + 0.5);  // NOLINT(bugprone-incorrect-roundings)
}

// Relative luminance, as WCAG 2.1 defines it.
double luminance(std::uint32_t rgb) noexcept {
    return 0.2126 * linear(channel(rgb, 16) / 255.0) + 0.7152 * linear(channel(rgb, 8) / 255.0) +
           0.0722 * linear(channel(rgb, 0) / 255.0);
}

// How much of the pixel at x, y of a box with round corners is inside, 0..1.
double inside_box(double x, double y, double width, double height, double radius) noexcept {
    const double from_x = std::max({radius - x, x - (width - radius), 0.0});
    const double from_y = std::max({radius - y, y - (height - radius), 0.0});
    if (from_x == 0 || from_y == 0)
        return 1;
    return std::clamp(radius - std::hypot(from_x, from_y) + 0.5, 0.0, 1.0);
}

// Pixels in a row and in a column for which one sample of chroma stands.
std::array<int, 2> cell_of(ChromaGrid grid) noexcept {
    switch (grid) {
        case ChromaGrid::s420:
            return {2, 2};
        case ChromaGrid::s422:
            return {2, 1};
        case ChromaGrid::s440:
            return {1, 2};
        case ChromaGrid::s444:
        case ChromaGrid::grey:
            break;
    }
    return {1, 1};
}

}  // namespace

OverlayShade shade_for(std::uint32_t rgb) {
    const double light = luminance(rgb);
    const double darkest_needed = (light + 0.05) / wanted_contrast - 0.05;
    const double lightest_needed = (light + 0.05) * wanted_contrast - 0.05;
    const double to_black = darkest_needed <= 0 ? 1 : 1 - encoded(darkest_needed);
    const double to_white = lightest_needed >= 1 ? 1 : encoded(lightest_needed);
    const double strength = std::min(to_black, to_white);
    // Where neither is enough, the one that gives more.
    const bool lighter = strength == 1 ? light < 0.179 : to_white < to_black;
    return {lighter, std::clamp(strength, weakest_shade, strongest_shade)};
}

// What a pixel of the picture becomes: a mean of itself, of the ground of the box and of the words.
struct OverlayStamp::Mix {
    struct Share {
        double ground = 0;
        double words = 0;
    };

    const Coverage& words;
    int padding = 0;
    double corner = 0;
    int x = 0;  // of the box, in the picture
    int y = 0;
    double strength = 0;
    Colour ground;
    Colour colour;

    int width() const noexcept { return words.width + 2 * padding; }
    int height() const noexcept { return words.height; }

    Share at(int pixel_x, int pixel_y) const noexcept {
        const int column = pixel_x - x, row = pixel_y - y;
        if (column < 0 || row < 0 || column >= width() || row >= height())
            return {};
        const double ink = words.at(column - padding, row) / 255.0;
        const double box =
            strength * inside_box(column + 0.5, row + 0.5, width(), height(), corner);
        return {box * (1 - ink), ink};
    }

    // The mean over the pixels of an area.
    Share over(const Rectangle& area) const noexcept {
        Share sum;
        for (int row = area.y; row < area.y + area.height; ++row)
            for (int column = area.x; column < area.x + area.width; ++column) {
                const Share share = at(column, row);
                sum.ground += share.ground;
                sum.words += share.words;
            }
        const int pixels = area.width * area.height;
        return {sum.ground / pixels, sum.words / pixels};
    }
};

OverlayStamp::OverlayStamp(const Coverage& words, const Look& look, int x, int y,
                           const Planes& like) {
    const Colour colour =
        rgb(channel(look.colour, 16), channel(look.colour, 8), channel(look.colour, 0));
    const bool is_grey = like.grid == ChromaGrid::grey;
    // Without colour the words have another contrast.
    const OverlayShade shade =
        shade_for(is_grey ? std::uint32_t{colour.luma} * 0x010101 : look.colour);
    const Mix mix{.words = words,
                  .padding = look.padding,
                  .corner = static_cast<double>(look.corner),
                  .x = x,
                  .y = y,
                  .strength = shade.strength,
                  .ground = shade.lighter ? rgb(255, 255, 255) : Colour{},
                  .colour = colour};
    const auto [cell_width, cell_height] = cell_of(like.grid);
    layers_[0] = layer_of(mix, like, 1, 1, {mix.ground.luma, colour.luma});
    if (is_grey)
        return;
    layers_[1] = layer_of(mix, like, cell_width, cell_height, {mix.ground.blue, colour.blue});
    layers_[2] = layer_of(mix, like, cell_width, cell_height, {mix.ground.red, colour.red});
}

// A sample stands for a cell of pixels; those at an odd end have fewer.
OverlayStamp::Layer OverlayStamp::layer_of(const Mix& mix, const Planes& like, int cell_width,
                                           int cell_height, Tones tones) {
    const int picture_width = static_cast<int>(like.width);
    const int picture_height = static_cast<int>(like.height);
    const int right = std::min(mix.x + mix.width(), picture_width);
    const int bottom = std::min(mix.y + mix.height(), picture_height);
    const int left = std::max(mix.x, 0) / cell_width, top = std::max(mix.y, 0) / cell_height;
    if (right <= left * cell_width || bottom <= top * cell_height)
        return {};
    const int end_x = (right - 1) / cell_width + 1, end_y = (bottom - 1) / cell_height + 1;
    Layer layer{.x = static_cast<std::size_t>(left),
                .y = static_cast<std::size_t>(top),
                .width = static_cast<std::size_t>(end_x - left),
                .height = static_cast<std::size_t>(end_y - top),
                .keep = {},
                .add = {}};
    layer.keep.reserve(layer.width * layer.height);
    layer.add.reserve(layer.width * layer.height);
    for (int row = top; row < end_y; ++row)
        for (int column = left; column < end_x; ++column) {
            const int x = column * cell_width, y = row * cell_height;
            const Mix::Share share = mix.over({x, y, std::min(cell_width, picture_width - x),
                                               std::min(cell_height, picture_height - y)});
            // In 256ths. With a sample of 255 both are 255 * 256 at most, so 16 bits are enough.
            const int keep = rounded(256 * (1 - share.ground - share.words));
            const int add =
                rounded(256 * (share.ground * tones.ground + share.words * tones.words));
            layer.keep.push_back(static_cast<std::uint16_t>(keep));
            layer.add.push_back(static_cast<std::uint16_t>(std::min(add, 255 * (256 - keep))));
        }
    return layer;
}

void OverlayStamp::apply(const Layer& layer, Planes::Plane& plane) {
    // A copy: the compiler cannot know that the samples are not the number.
    const std::size_t width = layer.width;
    for (std::size_t row = 0; row < layer.height; ++row) {
        std::uint8_t* samples = plane.samples.data() + (layer.y + row) * plane.width + layer.x;
        const std::uint16_t* keep = layer.keep.data() + row * width;
        const std::uint16_t* add = layer.add.data() + row * width;
        for (std::size_t i = 0; i < width; ++i) {
            const auto sum = static_cast<std::uint16_t>(samples[i] * keep[i] + add[i] + 128);
            samples[i] = static_cast<std::uint8_t>(sum >> 8);
        }
    }
}

void OverlayStamp::apply(Planes& picture) const {
    for (std::size_t plane = 0; plane < layers_.size(); ++plane) {
        if (!layers_[plane].keep.empty())
            apply(layers_[plane], picture.planes[plane]);
    }
}

std::size_t OverlayStamp::octets() const noexcept {
    std::size_t octets = 0;
    for (const Layer& layer : layers_)
        octets += (layer.keep.size() + layer.add.size()) * sizeof(std::uint16_t);
    return octets;
}

}  // namespace onlooker::media
