#include "libcamera/picture_setup.hpp"

#include <optional>
#include <vector>

#include "libcamera/api.hpp"
#include "libcamera/words.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

using camera::CameraError;
using camera::ErrorKind;

constexpr unsigned buffer_count = 4;

PictureSize size_of(const libcamera::StreamConfiguration& stream) {
    return {stream.size.width, stream.size.height};
}

std::vector<OfferedFormat> offers_of(const libcamera::StreamConfiguration& stream) {
    std::vector<OfferedFormat> offers;
    for (const libcamera::PixelFormat& format : stream.formats().pixelformats()) {
        OfferedFormat& offer = offers.emplace_back();
        offer.fourcc = format.fourcc();
        for (const libcamera::Size& size : stream.formats().sizes(format))
            offer.sizes.push_back({size.width, size.height});
        const libcamera::SizeRange range = stream.formats().range(format);
        offer.smallest = {range.min.width, range.min.height};
        offer.largest = {range.max.width, range.max.height};
        offer.horizontal_step = range.hStep;
        offer.vertical_step = range.vStep;
    }
    // A pipeline that lists nothing still has what it proposed.
    if (offers.empty())
        offers.push_back({stream.pixelFormat.fourcc(), {size_of(stream)}, {}, {}, 1, 1});
    return offers;
}

CameraError no_format(const std::string& title, const KnownFormat* wished) {
    return {ErrorKind::failed,
            "the camera " + title +
                (wished != nullptr ? " does not give " + std::string(wished->name)
                                   : " gives no format that could become JPEG") +
                "; --list-cameras shows what it gives"};
}

}  // namespace

PictureSetup::PictureSetup(libcamera::Camera& camera, const Settings& settings,
                           const std::string& title, camera::CaptureContext& context) {
    const auto role = settings.role == Role::video ? libcamera::StreamRole::VideoRecording
                                                   : libcamera::StreamRole::Viewfinder;
    configuration_ = camera.generateConfiguration({role});
    if (!configuration_ || configuration_->empty())
        throw CameraError(ErrorKind::failed, "the camera " + title + " cannot take video");
    negotiate(settings, title);
    if (const int error = camera.configure(configuration_.get()); error < 0)
        throw cannot_start(title, error);
    tell_adjustments(settings, title, context);
}

PictureSize PictureSetup::size() const {
    return size_of(configuration());
}

void PictureSetup::negotiate(const Settings& settings, const std::string& title) {
    const auto chosen = choose_picture(offers_of(configuration()), settings.picture);
    if (!chosen)
        throw no_format(title, settings.picture.format);
    const PictureSize wished = chosen->sizes.front();
    std::optional<PictureSize> best;
    bool holds_best = false;
    for (const PictureSize size : chosen->sizes) {
        const bool valid = attempt(*chosen->format, size, settings.flip);
        holds_best = valid && (!best || distance(this->size(), wished) < distance(*best, wished));
        if (holds_best)
            best = this->size();
        // Each attempt may ask the camera over its bus: none that cannot do better.
        if (best == wished)
            break;
    }
    if (!best || (!holds_best && !attempt(*chosen->format, *best, settings.flip)))
        throw CameraError(ErrorKind::failed, "the camera " + title + " cannot be set up for " +
                                                 to_text(wished) + " " +
                                                 std::string(chosen->format->name) +
                                                 "; libcamera's own messages say more");
    format_ = known_format(configuration().pixelFormat.fourcc());
    if (format_ == nullptr)
        throw CameraError(ErrorKind::failed, "the camera " + title + " insists on the format " +
                                                 configuration().pixelFormat.toString() +
                                                 ", which cannot become JPEG");
}

// Leaves in the configuration what the pipeline would make of it; false when it makes nothing.
bool PictureSetup::attempt(const KnownFormat& format, PictureSize size, Flip flip) {
    libcamera::StreamConfiguration& stream = configuration_->at(0);
    stream.pixelFormat = libcamera::PixelFormat(format.fourcc);
    stream.size = {size.width, size.height};
    stream.bufferCount = buffer_count;
    // What JPEG itself is: full range, and the colour matrix of BT.601.
    if (format.raw)
        stream.colorSpace = libcamera::ColorSpace::Sycc;
    api::set_flip(*configuration_, flip);
    return configuration_->validate() != libcamera::CameraConfiguration::Invalid;
}

void PictureSetup::tell_adjustments(const Settings& settings, const std::string& title,
                                    camera::CaptureContext& context) const {
    const WantedPicture& wished = settings.picture;
    if (wished.size && size() != *wished.size)
        context.warn("the camera " + title + " gives " + to_text(size()) + " instead of " +
                     to_text(*wished.size));
    if (wished.format != nullptr && wished.format != format_)
        context.warn("the camera " + title + " gives " + std::string(format_->name) +
                     " instead of " + std::string(wished.format->name));
    if (!api::has_flip(*configuration_, settings.flip))
        context.warn("the camera " + title +
                     " cannot turn or mirror its picture; it stays as it is");
}

}  // namespace onlooker::drivers::libcamera_driver
