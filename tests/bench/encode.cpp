// encode: what the capture thread pays for a raw picture, beside what TurboJPEG alone pays.
//
// "Alone" compresses planes that were prepared beforehand (for RGB: the picture as it is) into a
// buffer that is large enough. "Whole" is the capture thread's way from the borrowed raw picture to
// a frame laid out for the wire. Both see the same four pictures in turn, as a camera's buffers
// come, and give the same JPEG octet for octet; rounds go A B A B. CPU time of the thread, so that
// a busy machine blurs the figures rather than bends them.
//
//     encode [--rounds 9] [--pictures 16]     one line of JSON

#include <time.h>

#include <nlohmann/json.hpp>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "arguments.hpp"
#include "camera/frame_maker.hpp"
#include "clock.hpp"
#include "media/planar_picture.hpp"
#include "scene.hpp"

namespace onlooker::bench {
namespace {

constexpr std::string_view usage =
    R"(encode: what the capture thread pays for a raw picture, beside TurboJPEG alone.

  --rounds COUNT     of A and B in turn (9)
  --pictures COUNT   in each round (16)
)";

using media::PixelFormat;
using Octets = std::vector<unsigned char>;

constexpr int quality = 80;
constexpr std::size_t buffers = 4;  // as many as a driver usually has in turn

struct Case {
    PixelFormat format;
    unsigned width;
    unsigned height;
    bool full_range;
};

double thread_microseconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

class Turbo {
  public:
    Turbo(unsigned width, unsigned height)
        : capacity_(tjBufSize(static_cast<int>(width), static_cast<int>(height), TJSAMP_444)),
          buffer_(tjAlloc(static_cast<int>(capacity_)), &tjFree) {
        if (!handle_ || !buffer_)
            throw std::bad_alloc();
    }

    std::span<const std::byte> planes(const media::PlanarPicture& picture, const Case& what) {
        std::array<const unsigned char*, 3> data{};
        std::array<int, 3> strides{};
        for (std::size_t i = 0; i < data.size(); ++i) {
            data[i] = picture.planes()[i].data;
            strides[i] = picture.planes()[i].stride;
        }
        unsigned char* out = buffer_.get();
        unsigned long size = capacity_;
        expect(tjCompressFromYUVPlanes(handle_.get(), data.data(), static_cast<int>(what.width),
                                       strides.data(), static_cast<int>(what.height), TJSAMP_420,
                                       &out, &size, quality, TJFLAG_NOREALLOC));
        return std::as_bytes(std::span(out, size));
    }

    std::span<const std::byte> rgb(const Octets& picture, const Case& what) {
        unsigned char* out = buffer_.get();
        unsigned long size = capacity_;
        expect(tjCompress2(handle_.get(), picture.data(), static_cast<int>(what.width), 0,
                           static_cast<int>(what.height), TJPF_RGB, &out, &size, TJSAMP_420,
                           quality, TJFLAG_NOREALLOC));
        return std::as_bytes(std::span(out, size));
    }

  private:
    void expect(int status) const {
        if (status != 0)
            throw std::runtime_error(tjGetErrorStr2(handle_.get()));
    }

    std::unique_ptr<void, int (*)(void*)> handle_{tjInitCompress(), &tjDestroy};
    unsigned long capacity_;
    std::unique_ptr<unsigned char, void (*)(unsigned char*)> buffer_;
};

// The scene as a camera of that format delivers it: 4:2:2 packed, or 4:2:0 with pairs of chroma.
Octets raw_octets(const Scene& scene, PixelFormat format) {
    if (format == PixelFormat::rgb24)
        return scene.rgb;
    const bool packed = format == PixelFormat::yuyv;
    const auto width = static_cast<std::size_t>(scene.width);
    const auto height = static_cast<std::size_t>(scene.height);
    const std::size_t chroma_size = width / 2 * (packed ? height : height / 2);
    Octets luma(width * height);
    Octets blue(chroma_size);
    Octets red(chroma_size);
    std::array<unsigned char*, 3> planes{luma.data(), blue.data(), red.data()};
    const std::unique_ptr<void, int (*)(void*)> turbo(tjInitCompress(), &tjDestroy);
    if (tjEncodeYUVPlanes(turbo.get(), scene.rgb.data(), scene.width, 0, scene.height, TJPF_RGB,
                          planes.data(), nullptr, packed ? TJSAMP_422 : TJSAMP_420, 0) != 0)
        throw std::runtime_error(tjGetErrorStr2(turbo.get()));
    Octets result;
    if (!packed)
        result = luma;
    for (std::size_t i = 0; i < chroma_size; ++i) {
        if (packed)
            result.insert(result.end(), {luma[2 * i], blue[i], luma[2 * i + 1], red[i]});
        else
            result.insert(result.end(), {blue[i], red[i]});
    }
    return result;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// The pictures of one case, in every form that the two ways need.
class Contest {
  public:
    explicit Contest(const Case& what);
    nlohmann::ordered_json run(int rounds, int pictures);

  private:
    std::span<const std::byte> alone(std::size_t which) {
        return what_.format == PixelFormat::rgb24 ? turbo_.rgb(raw_[which], what_)
                                                  : turbo_.planes(prepared_[which], what_);
    }
    media::FramePtr whole(std::size_t which);
    void expect_the_same();

    Case what_;
    Turbo turbo_;
    camera::FrameMaker maker_{
        {.encoder = {.quality = quality, .subsampling = media::JpegEncoder::Subsampling::s420}}};
    std::array<Octets, buffers> raw_;
    std::array<media::PlanarPicture, buffers> prepared_;
    std::uint64_t number_ = 0;
};

media::RawImage image_of(const Octets& octets, const Case& what) {
    media::RawImage image =
        raw_image_in(std::as_bytes(std::span(octets)), what.format, what.width, what.height);
    image.full_range = what.full_range;
    return image;
}

Contest::Contest(const Case& what) : what_(what), turbo_(what.width, what.height) {
    for (std::size_t i = 0; i < buffers; ++i) {
        raw_[i] = raw_octets(make_scene(static_cast<int>(what.width), static_cast<int>(what.height),
                                        static_cast<unsigned>(i)),
                             what.format);
        if (what.format != PixelFormat::rgb24)
            prepared_[i].load(image_of(raw_[i], what), media::ChromaSampling::s420);
    }
}

media::FramePtr Contest::whole(std::size_t which) {
    auto made = maker_.make({.picture = image_of(raw_[which], what_),
                             .captured = std::nullopt,
                             .wall = std::nullopt,
                             .lost = 0},
                            ++number_, false);
    if (const auto* unusable = std::get_if<camera::FrameMaker::Unusable>(&made))
        throw std::runtime_error(unusable->why);
    return std::get<media::FramePtr>(std::move(made));
}

// Else the ratio would compare different work.
void Contest::expect_the_same() {
    for (std::size_t i = 0; i < buffers; ++i) {
        const media::FramePtr frame = whole(i);
        const auto jpeg = alone(i);
        if (!std::equal(jpeg.begin(), jpeg.end(), frame->jpeg().begin(), frame->jpeg().end()))
            throw std::runtime_error("the two ways give different pictures");
    }
}

nlohmann::ordered_json Contest::run(int rounds, int pictures) {
    expect_the_same();
    std::vector<double> times_alone;
    std::vector<double> times_whole;
    media::FramePtr newest;  // the one before it is given back meanwhile, as in the server
    for (int i = 0; i < rounds * pictures * 2; ++i) {
        const bool is_whole = i / pictures % 2 == 1;
        const auto which = static_cast<std::size_t>(i) % buffers;
        const double begin = thread_microseconds();
        if (is_whole)
            newest = whole(which);
        else
            alone(which);
        (is_whole ? times_whole : times_alone).push_back(thread_microseconds() - begin);
    }
    const double us_alone = median(std::move(times_alone));
    const double us_whole = median(std::move(times_whole));
    return {{"format", to_string(what_.format)},
            {"width", what_.width},
            {"height", what_.height},
            {"range", what_.full_range ? "full" : "video"},
            {"turbojpeg_us", us_alone},
            {"whole_us", us_whole},
            {"ratio", us_whole / us_alone}};
}

void run(int count, char** values) {
    Arguments arguments(count, values, usage);
    const auto rounds = static_cast<int>(arguments.integer("rounds", 9));
    const auto pictures = static_cast<int>(arguments.integer("pictures", 16));
    arguments.expect_no_others();
    if (rounds < 1 || rounds > 1000 || pictures < 1 || pictures > 1000)
        throw std::invalid_argument("--rounds and --pictures: expected 1 to 1000");
    nlohmann::ordered_json results = nlohmann::ordered_json::array();
    constexpr std::array<std::pair<unsigned, unsigned>, 3> sizes{
        {{640, 480}, {1280, 720}, {1920, 1080}}};
    // What cameras give: packed and paired chroma in either range, the latter stretched on the way.
    constexpr std::array<std::pair<PixelFormat, bool>, 5> forms{{{PixelFormat::yuyv, true},
                                                                 {PixelFormat::yuyv, false},
                                                                 {PixelFormat::nv12, true},
                                                                 {PixelFormat::nv12, false},
                                                                 {PixelFormat::rgb24, true}}};
    for (const auto& [format, full_range] : forms)
        for (const auto& [width, height] : sizes)
            results.push_back(
                Contest(
                    {.format = format, .width = width, .height = height, .full_range = full_range})
                    .run(rounds, pictures));
    std::puts(results.dump().c_str());
}

}  // namespace
}  // namespace onlooker::bench

int main(int count, char** values) try {
    onlooker::bench::run(count, values);
} catch (const std::exception& error) {
    std::fprintf(stderr, "encode: %s\n", error.what());
    return 2;
}
