// Encodes raw pictures with TurboJPEG: planes go straight in, colours are converted only for RGB.
//
// Buffers are kept from one picture to the next, so that a running camera allocates nothing here.
// Grey stays grey.
//
// Owner and thread: a capture thread or a worker of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "media/planar_picture.hpp"
#include "media/planes.hpp"
#include "media/raw_image.hpp"

namespace onlooker::media {

class JpegEncoder {
  public:
    // How much colour is kept: one sample for every 2 x 2 pixels, for every two, or for each. A
    // source that has less keeps what it has; only RGB gives 4:4:4.
    enum class Subsampling : std::uint8_t { s420, s422, s444 };

    struct Settings {
        int quality = 80;  // 1 to 100
        Subsampling subsampling = Subsampling::s420;
    };

    // `error` is empty, or says in words why there is no `jpeg`. The octets are good until the next
    // call.
    struct Result {
        std::span<const std::byte> jpeg;
        std::string_view error;
    };

    explicit JpegEncoder(const Settings& settings);
    ~JpegEncoder();
    JpegEncoder(JpegEncoder&&) noexcept;
    JpegEncoder& operator=(JpegEncoder&&) noexcept;

    Result encode(const RawImage& image);
    // Planes as shape() in jpeg_decoder.hpp makes them; their chroma stays as it is.
    Result encode(const Planes& picture, int quality);

  private:
    struct Turbo;

    Result encode_planes(const RawImage& image);
    Result encode_rgb(const RawImage& image);
    bool reserve(unsigned width, unsigned height);
    Result finish(int status, unsigned long size) const;

    Settings settings_;
    std::unique_ptr<Turbo> turbo_;
    PlanarPicture planar_;
    std::vector<unsigned char> rgb_;
};

ChromaSampling sampling_of(JpegEncoder::Subsampling subsampling) noexcept;

}  // namespace onlooker::media
