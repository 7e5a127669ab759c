// Makes a frame of what a driver yields: a JPEG is checked and cleaned, a raw picture is encoded,
// and the result is stamped and laid out for the wire.
//
// Owner and thread: the capture thread; one per thread, since it keeps its buffers.
#pragma once

#include <chrono>
#include <cstdint>
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

namespace onlooker::camera {

class FrameMaker {
  public:
    struct Settings {
        media::JpegEncoder::Settings encoder;
        bool allow_truncated = false;  // see JpegLimits
    };
    // Why a picture cannot be shown, in words for the log.
    struct Unusable {
        std::string why;
    };

    using Result = std::variant<media::FramePtr, Unusable>;

    explicit FrameMaker(const Settings& settings)
        : encoder_(settings.encoder), sampling_(media::sampling_of(settings.encoder.subsampling)) {
        limits_.allow_truncated = settings.allow_truncated;
    }

    // From now on the frames of raw pictures have planes, or no longer.
    void keep_planes(bool keep) noexcept { keeps_planes_ = keep; }

    // `number` and `is_card` go into the frame as they are. `taken` is when the driver yielded the
    // picture, which another thread may have done a while ago.
    Result make(const Captured& captured, std::uint64_t number, bool is_card,
                SteadyTime taken = SteadyClock::now());

  private:
    media::PlanesPtr planes_of(const media::RawImage& raw);

    media::JpegEncoder encoder_;
    media::ChromaSampling sampling_;
    media::JpegLimits limits_;
    bool keeps_planes_ = false;
    media::RawPlanes raw_planes_;
    media::PlanesPool pool_;
};

}  // namespace onlooker::camera
