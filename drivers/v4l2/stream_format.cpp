#include "v4l2/stream_format.hpp"

#include <fmt/format.h>
#include <linux/videodev2.h>

#include <algorithm>
#include <cmath>

#include "v4l2/offers.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

// JPEG is BT.601 at full range. A device that can convert is asked for that, which costs nobody
// anything; the others keep what they have, and `full_range` tells the encoder.
template <typename PixelWords>
void ask_for_jpeg_colours(PixelWords& words, const OfferedFormat& offered) {
    if (!offered.known->pixels)
        return;
    if (offered.flags & (V4L2_FMT_FLAG_CSC_QUANTIZATION | V4L2_FMT_FLAG_CSC_YCBCR_ENC))
        words.flags = V4L2_PIX_FMT_FLAG_SET_CSC;
    if (offered.flags & V4L2_FMT_FLAG_CSC_QUANTIZATION)
        words.quantization = V4L2_QUANTIZATION_FULL_RANGE;
    if (offered.flags & V4L2_FMT_FLAG_CSC_YCBCR_ENC)
        words.ycbcr_enc = V4L2_YCBCR_ENC_601;
}

v4l2_format request_for(const Device& device, const OfferedFormat& offered, Size size) {
    v4l2_format request{};
    request.type = device.type();
    if (device.multiplanar()) {
        auto& words = request.fmt.pix_mp;
        words.width = size.width;
        words.height = size.height;
        words.pixelformat = offered.fourcc;
        words.field = V4L2_FIELD_ANY;
        words.num_planes = static_cast<__u8>(offered.known->memory_planes);
        ask_for_jpeg_colours(words, offered);
    } else {
        auto& words = request.fmt.pix;
        words.width = size.width;
        words.height = size.height;
        words.pixelformat = offered.fourcc;
        words.field = V4L2_FIELD_ANY;
        // Without it the fields behind it, among them the colours, are not looked at.
        words.priv = V4L2_PIX_FMT_PRIV_MAGIC;
        ask_for_jpeg_colours(words, offered);
    }
    return request;
}

StreamFormat understand(const Device& device, const v4l2_format& answer) {
    StreamFormat result;
    const auto& single = answer.fmt.pix;
    const auto& multi = answer.fmt.pix_mp;
    const bool planes = device.multiplanar();
    const std::uint32_t fourcc = planes ? multi.pixelformat : single.pixelformat;
    result.format = find_format(fourcc);
    if (!result.format)
        throw failed(device.path(), fmt::format("insists on the format {}, which is not known here",
                                                fourcc_text(fourcc)));
    result.size = planes ? Size{multi.width, multi.height} : Size{single.width, single.height};
    if (result.size.width == 0 || result.size.height == 0 ||
        result.size.width > media::longest_side || result.size.height > media::longest_side)
        throw failed(device.path(), fmt::format("answered with a picture of {}x{}",
                                                result.size.width, result.size.height));
    for (std::size_t i = 0; i < result.format->memory_planes; ++i)
        result.strides[i] =
            stride_of(*result.format, result.size, i,
                      planes ? multi.plane_fmt[i].bytesperline : single.bytesperline);
    result.full_range = is_full_range(*result.format, planes ? multi.colorspace : single.colorspace,
                                      planes ? multi.quantization : single.quantization);
    return result;
}

// Devices whose rate cannot be set answer ENOTTY or leave the capability out; a rate that is
// wished is then made by leaving frames out.
double agree_on_rate(const Device& device, const Settings& settings, const StreamFormat& format) {
    v4l2_streamparm rate{};
    rate.type = device.type();
    if (device.try_call(VIDIOC_G_PARM, &rate) != 0)
        return 0;
    v4l2_fract& interval = rate.parm.capture.timeperframe;
    if (rate.parm.capture.capability & V4L2_CAP_TIMEPERFRAME) {
        const auto listed =
            list_intervals(device, format.format->fourcc, format.size, settings.fps);
        const double wish = settings.fps > 0 ? settings.fps : 30;
        const Interval asked =
            best_interval(listed, settings.fps)
                .value_or(Interval{1000, static_cast<unsigned>(std::lround(wish * 1000))});
        interval = {asked.numerator, asked.denominator};
        const int error = device.try_call(VIDIOC_S_PARM, &rate);
        if (error == ENODEV || error == EBUSY)
            throw device_error(Step::setting_format, error, device.path());
    }
    return Interval{interval.numerator, interval.denominator}.rate();
}

std::string names_of(const std::vector<OfferedFormat>& formats) {
    std::string names;
    for (const OfferedFormat& format : formats)
        names += (names.empty() ? "" : ", ") +
                 (format.known ? std::string(format.known->name) : fourcc_text(format.fourcc));
    return names.empty() ? "none" : names;
}

const Offer& chosen(const std::vector<Offer>& offers, const Device& device,
                    const Settings& settings) {
    const Offer* best = best_offer(offers, settings);
    if (best)
        return *best;
    const std::string names = names_of(list_formats(device));
    if (settings.format)
        throw failed(device.path(),
                     fmt::format("does not give {}; it gives: {}", settings.format->name, names));
    throw failed(device.path(),
                 fmt::format("gives no format that is known here; it gives: {}", names));
}

void tell_differences(const Device& device, const Settings& settings, const StreamFormat& agreed,
                      camera::CaptureContext& context) {
    if (settings.size && *settings.size != agreed.size)
        context.warn(fmt::format("{} gives {}x{} instead of size={}x{}", device.path(),
                                 agreed.size.width, agreed.size.height, settings.size->width,
                                 settings.size->height));
    if (settings.format && settings.format->pixels != agreed.format->pixels)
        throw failed(device.path(), fmt::format("insists on {} instead of format={}",
                                                agreed.format->name, settings.format->name));
    if (settings.fps > 0 && agreed.rate > 0 && agreed.rate < settings.fps * 0.97)
        context.warn(fmt::format("{} gives {:.4g} frames a second at {}x{} {}, not fps={:.4g}",
                                 device.path(), agreed.rate, agreed.size.width, agreed.size.height,
                                 agreed.format->name, settings.fps));
}

}  // namespace

std::size_t stride_of(const KnownFormat& format, Size size, std::size_t index,
                      std::size_t said) noexcept {
    if (said != 0 || !format.pixels)
        return said;
    return media::plane_size(*format.pixels, size.width, size.height, index).row;
}

StreamFormat agree_on_format(const Device& device, const Settings& settings, const Signal& signal,
                             camera::CaptureContext& context) {
    const auto offers = list_offers(device, settings, settings.size ? std::nullopt : signal.size);
    const Offer& offer = chosen(offers, device, settings);
    OfferedFormat wanted{offer.format->fourcc, 0, offer.format};
    for (const OfferedFormat& format : list_formats(device))
        if (format.fourcc == wanted.fourcc)
            wanted.flags = format.flags;
    v4l2_format words = request_for(device, wanted, offer.size);
    device.call(Step::setting_format, VIDIOC_S_FMT, &words);
    StreamFormat agreed = understand(device, words);
    agreed.rate = agree_on_rate(device, settings, agreed);
    tell_differences(device, settings, agreed, context);
    return agreed;
}

}  // namespace onlooker::drivers::v4l2
