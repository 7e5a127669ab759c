// A picture that passes the check, and a recipe: the first octets say what is wanted of it.
//
// Whatever comes out is a picture with the size that it says it has.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <variant>

#include "media/frame.hpp"
#include "media/jpeg_check.hpp"
#include "media/orientation.hpp"
#include "media/recipe.hpp"
#include "media/shared_decodes.hpp"
#include "media/variant_maker.hpp"

using namespace onlooker::media;

namespace {

constexpr std::size_t recipe_octets = 8;

// A flood of pixels would only make the fuzzer slow.
constexpr double largest_area = 512.0 * 512.0;

Recipe recipe_of(std::span<const std::uint8_t> octets) {
    Recipe recipe;
    recipe.eighths = octets[0] % 9U;
    recipe.turn = lay_of(octets[1] % 8U + 1U).turn;
    recipe.mirror = lay_of(octets[1] % 8U + 1U).mirror;
    recipe.grey = octets[1] % 2U != 0 && octets[0] % 2U != 0;
    recipe.lossless = octets[1] % 16U > 7U;
    recipe.by_exif = octets[1] % 32U > 23U;
    recipe.quality = octets[2] % 101U;
    recipe.fit_width = octets[3] % 4U == 0 ? octets[3] * 4U : 0U;
    if (octets[2] > 200U)
        recipe.overlay.text = "{name} {frame}";
    if (octets[4] != 0)
        recipe.crop = {.x = octets[5], .y = octets[6], .width = octets[4], .height = octets[7]};
    return recipe;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < recipe_octets)
        return 0;
    const std::span octets(data, size);
    const CheckedJpeg checked = check_jpeg(std::as_bytes(octets.subspan(recipe_octets)));
    if (!checked || PictureSize{checked.width, checked.height}.area() > largest_area)
        return 0;
    Frame::Description description;
    description.width = checked.width;
    description.height = checked.height;
    description.is_card = octets[3] > 250U;
    // One maker for all pictures, as a worker has: what it keeps of one must not harm the next.
    static VariantMaker maker;
    SharedDecodes decodes;
    const VariantMaker::Source source{
        .frame = Frame::make(description, checked.pieces()), .title = "fuzz", .encoder = {}};
    const auto made = maker.make(source, recipe_of(octets.first(recipe_octets)), decodes);
    if (const auto* frame = std::get_if<FramePtr>(&made)) {
        const CheckedJpeg again = check_jpeg((*frame)->jpeg());
        if (!again)
            std::abort();
        const PictureSize shown =
            laid(PictureSize{again.width, again.height}, stated_lay((*frame)->jpeg()));
        const PictureSize told = *frame == source.frame
                                     ? upright_size(**frame)
                                     : PictureSize{(*frame)->width(), (*frame)->height()};
        if (shown != told)
            std::abort();
    }
    return 0;
}
