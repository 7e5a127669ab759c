// Makes a frame of what a driver yields: a JPEG is checked and cleaned, a raw picture is encoded,
// and the result is stamped and laid out for the wire. In between it is turned, scaled, lettered,
// if the camera is to have that done to all its pictures (source_recipe.hpp); not to cards.
//
// Owner and thread: the capture thread; one per thread, since it keeps its buffers.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "media/frame.hpp"
#include "media/jpeg_check.hpp"
#include "media/jpeg_encoder.hpp"
#include "media/planar_picture.hpp"
#include "media/planes.hpp"
#include "media/planes_pool.hpp"
#include "media/raw_planes.hpp"
#include "media/recipe.hpp"

namespace onlooker::camera {

class SourceRecipe;

class FrameMaker {
  public:
    struct Settings {
        media::JpegEncoder::Settings encoder;
        bool allow_truncated = false;  // see JpegLimits
        media::Recipe recipe{};        // done to every picture; its quality is the encoder's
        std::string title{};           // of the camera, for an overlay
    };
    // Why a picture cannot be shown, in words for the log.
    struct Unusable {
        std::string why;
    };

    using Result = std::variant<media::FramePtr, Unusable>;

    explicit FrameMaker(const Settings& settings);
    FrameMaker(const FrameMaker&) = delete;
    FrameMaker& operator=(const FrameMaker&) = delete;
    ~FrameMaker();

    // From now on the frames of raw pictures have planes, or no longer.
    void keep_planes(bool keep) noexcept { keeps_planes_ = keep; }

    // `number` and `is_card` go into the frame as they are. `taken` is when the driver yielded the
    // picture, which another thread may have done a while ago.
    Result make(const Captured& captured, std::uint64_t number, bool is_card,
                SteadyTime taken = SteadyClock::now());

  private:
    Result make_jpeg(const Captured& captured, media::Frame::Description description,
                     SteadyTime taken);
    Result make_raw(const Captured& captured, media::Frame::Description description,
                    SteadyTime taken);
    SourceRecipe& source_recipe();
    media::PlanesPtr planes_of(const media::RawImage& raw);

    const Settings settings_;
    const bool has_recipe_;
    std::unique_ptr<SourceRecipe> recipe_;  // from the first picture on
    media::JpegEncoder encoder_;
    media::ChromaSampling sampling_;
    media::JpegLimits limits_;
    bool keeps_planes_ = false;
    media::RawPlanes raw_planes_;
    media::PlanesPool pool_;
};

}  // namespace onlooker::camera
