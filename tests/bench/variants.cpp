// variants: what a worker pays for one frame of a recipe, beside TurboJPEG's own calls for the same
// work.
//
// "Alone" is the decode to planes (at the recipe's size, which TurboJPEG does by itself), where
// there is a turn nothing for it, and the compression; for a lossless recipe the transform. "Whole"
// is the way from the source's frame to the variant's, laid out for the wire. Both see the same
// four pictures in turn; rounds go A B A B. CPU time of the thread.
//
//     variants [--rounds 9] [--pictures 16] [--width 1280] [--height 720]     one line of JSON

#include <time.h>

#include <nlohmann/json.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "arguments.hpp"
#include "media/frame.hpp"
#include "media/recipe.hpp"
#include "media/shared_decodes.hpp"
#include "media/variant_maker.hpp"
#include "scene.hpp"

namespace onlooker::bench {
namespace {

constexpr std::string_view usage =
    R"(variants: what a worker pays for a frame of a recipe, beside TurboJPEG alone.

  --rounds COUNT     of A and B in turn (9)
  --pictures COUNT   in each round (16)
  --width PIXELS     of the source (1280)
  --height PIXELS    of the source (720)
)";

constexpr int quality = 80;
constexpr std::size_t buffers = 4;

double thread_microseconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

struct Freed {
    void operator()(unsigned char* octets) const noexcept { tjFree(octets); }
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};

// TurboJPEG and its buffers, which are kept from one picture to the next.
class Turbo {
  public:
    void decode_and_encode(std::span<const std::byte> jpeg, unsigned eighths, bool grey, int at);
    void transform(std::span<const std::byte> jpeg, const media::Recipe& recipe);

  private:
    void expect(int status, void* handle) const {
        if (status != 0)
            throw std::runtime_error(tjGetErrorStr2(handle));
    }
    unsigned char* buffer(unsigned long size);

    std::unique_ptr<void, Freed> decoder_{tjInitDecompress()};
    std::unique_ptr<void, Freed> encoder_{tjInitCompress()};
    std::unique_ptr<void, Freed> transformer_{tjInitTransform()};
    std::array<std::vector<unsigned char>, 3> planes_;
    std::unique_ptr<unsigned char, Freed> buffer_;
    unsigned long capacity_ = 0;
};

unsigned char* Turbo::buffer(unsigned long size) {
    if (size > capacity_) {
        buffer_.reset(tjAlloc(static_cast<int>(size)));
        capacity_ = size;
    }
    if (!buffer_)
        throw std::bad_alloc();
    return buffer_.get();
}

void Turbo::decode_and_encode(std::span<const std::byte> jpeg, unsigned eighths, bool grey,
                              int at) {
    const auto* octets = reinterpret_cast<const unsigned char*>(jpeg.data());
    int width = 0;
    int height = 0;
    int sampling = 0;
    int colours = 0;
    expect(tjDecompressHeader3(decoder_.get(), octets, jpeg.size(), &width, &height, &sampling,
                               &colours),
           decoder_.get());
    const tjscalingfactor factor{static_cast<int>(eighths), 8};
    width = TJSCALED(width, factor);
    height = TJSCALED(height, factor);
    std::array<unsigned char*, 3> data{};
    for (std::size_t i = 0; i < data.size(); ++i) {
        const auto plane = static_cast<int>(i);
        planes_[i].resize(tjPlaneSizeYUV(plane, width, 0, height, sampling));
        data[i] = planes_[i].data();
    }
    expect(tjDecompressToYUVPlanes(decoder_.get(), octets, jpeg.size(), data.data(), width, nullptr,
                                   height, 0),
           decoder_.get());
    unsigned long size = tjBufSize(width, height, TJSAMP_444);
    unsigned char* out = buffer(size);
    std::array<const unsigned char*, 3> planes{data[0], data[1], data[2]};
    expect(
        tjCompressFromYUVPlanes(encoder_.get(), planes.data(), width, nullptr, height,
                                grey ? TJSAMP_GRAY : sampling, &out, &size, at, TJFLAG_NOREALLOC),
        encoder_.get());
}

void Turbo::transform(std::span<const std::byte> jpeg, const media::Recipe& recipe) {
    tjtransform how{};
    how.op = recipe.turn == media::Turn::right ? TJXOP_ROT90
             : recipe.mirror                   ? TJXOP_HFLIP
                                               : TJXOP_NONE;
    how.options = TJXOPT_TRIM | (recipe.grey ? TJXOPT_GRAY : 0);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    expect(tjTransform(transformer_.get(), reinterpret_cast<const unsigned char*>(jpeg.data()),
                       jpeg.size(), 1, &out, &size, &how, 0),
           transformer_.get());
    tjFree(out);
}

media::FramePtr frame_of(const Scene& scene, std::uint64_t number) {
    const std::unique_ptr<void, Freed> turbo(tjInitCompress());
    unsigned char* out = nullptr;
    unsigned long size = 0;
    if (tjCompress2(turbo.get(), scene.rgb.data(), scene.width, 0, scene.height, TJPF_RGB, &out,
                    &size, TJSAMP_420, quality, 0) != 0)
        throw std::runtime_error(tjGetErrorStr2(turbo.get()));
    const std::unique_ptr<unsigned char, Freed> jpeg(out);
    const auto octets = std::as_bytes(std::span(out, size));
    media::Frame::Description description;
    description.number = number;
    description.width = static_cast<unsigned>(scene.width);
    description.height = static_cast<unsigned>(scene.height);
    return media::Frame::make(description, std::span(&octets, 1));
}

struct Case {
    std::string_view name;
    media::Recipe recipe;
    bool lossless = false;  // TurboJPEG alone does it by a transform
};

std::vector<Case> cases() {
    const auto with = [](auto change) {
        media::Recipe recipe;
        change(recipe);
        return recipe;
    };
    std::vector<Case> all;
    for (const auto& [name, eighths] :
         {std::pair{"3/4", 6U}, {"1/2", 4U}, {"3/8", 3U}, {"1/4", 2U}, {"1/8", 1U}})
        all.push_back({name, with([&](media::Recipe& recipe) { recipe.eighths = eighths; })});
    all.push_back({"quality 50", with([](media::Recipe& recipe) { recipe.quality = 50; })});
    all.push_back(
        {"turn 90", with([](media::Recipe& recipe) { recipe.turn = media::Turn::right; })});
    all.push_back({"1/2, turn 90", with([](media::Recipe& recipe) {
                       recipe.turn = media::Turn::right;
                       recipe.eighths = 4;
                   })});
    all.push_back({"mirror", with([](media::Recipe& recipe) { recipe.mirror = true; }), true});
    all.push_back({"grey", with([](media::Recipe& recipe) { recipe.grey = true; }), true});
    all.push_back({"1/2, words", with([](media::Recipe& recipe) {
                       recipe.eighths = 4;
                       recipe.overlay.text = "{name} %H:%M:%S";
                   })});
    all.push_back({"turn 90, lossless", with([](media::Recipe& recipe) {
                       recipe.turn = media::Turn::right;
                       recipe.lossless = true;
                   }),
                   true});
    return all;
}

class Contest {
  public:
    explicit Contest(std::span<const media::FramePtr> frames) : frames_(frames) {}
    nlohmann::ordered_json run(const Case& what, int rounds, int pictures);

  private:
    void alone(const Case& what, const media::Frame& frame) {
        if (what.lossless)
            turbo_.transform(frame.jpeg(), what.recipe);
        else
            turbo_.decode_and_encode(
                frame.jpeg(), what.recipe.eighths, what.recipe.grey,
                what.recipe.quality > 0 ? static_cast<int>(what.recipe.quality) : quality);
    }
    media::FramePtr whole(const Case& what, const media::FramePtr& frame);

    std::span<const media::FramePtr> frames_;
    Turbo turbo_;
    media::VariantMaker maker_;
    media::SharedDecodes decodes_;
};

media::FramePtr Contest::whole(const Case& what, const media::FramePtr& frame) {
    const media::VariantMaker::Source source{
        .frame = frame,
        .title = "Workshop",
        .encoder = {.quality = quality, .subsampling = media::JpegEncoder::Subsampling::s420}};
    auto made = maker_.make(source, what.recipe, decodes_);
    if (const auto* unusable = std::get_if<media::VariantMaker::Unusable>(&made))
        throw std::runtime_error(unusable->why);
    return std::get<media::FramePtr>(std::move(made));
}

nlohmann::ordered_json Contest::run(const Case& what, int rounds, int pictures) {
    const auto need = media::VariantMaker::need_of(what.recipe);
    if (need)
        decodes_.add(*need);
    std::vector<double> times_alone;
    std::vector<double> times_whole;
    media::FramePtr newest;
    for (int i = 0; i < rounds * pictures * 2; ++i) {
        const bool is_whole = i / pictures % 2 == 1;
        const media::FramePtr& frame = frames_[static_cast<std::size_t>(i) % frames_.size()];
        const double begin = thread_microseconds();
        if (is_whole)
            newest = whole(what, frame);
        else
            alone(what, *frame);
        (is_whole ? times_whole : times_alone).push_back(thread_microseconds() - begin);
    }
    if (need)
        decodes_.remove(*need);
    const double us_alone = median(std::move(times_alone));
    const double us_whole = median(std::move(times_whole));
    return {{"recipe", what.name},
            {"octets", newest->jpeg().size()},
            {"turbojpeg_us", us_alone},
            {"whole_us", us_whole},
            {"ratio", us_whole / us_alone}};
}

void run(int count, char** values) {
    Arguments arguments(count, values, usage);
    const auto rounds = static_cast<int>(arguments.integer("rounds", 9));
    const auto pictures = static_cast<int>(arguments.integer("pictures", 16));
    const auto width = static_cast<int>(arguments.integer("width", 1280));
    const auto height = static_cast<int>(arguments.integer("height", 720));
    arguments.expect_no_others();
    if (rounds < 1 || rounds > 1000 || pictures < 1 || pictures > 1000)
        throw std::invalid_argument("--rounds and --pictures: expected 1 to 1000");
    if (width < 16 || width > 8192 || height < 16 || height > 8192)
        throw std::invalid_argument("--width and --height: expected 16 to 8192");
    std::vector<media::FramePtr> frames;
    for (std::size_t i = 0; i < buffers; ++i)
        frames.push_back(frame_of(make_scene(width, height, static_cast<unsigned>(i)), i + 1));
    Contest contest(frames);
    nlohmann::ordered_json results = nlohmann::ordered_json::array();
    for (const Case& what : cases())
        results.push_back(contest.run(what, rounds, pictures));
    std::puts(results.dump().c_str());
}

}  // namespace
}  // namespace onlooker::bench

int main(int count, char** values) try {
    // Standard output is the one line of JSON's.
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "variants", std::make_shared<spdlog::sinks::ostream_sink_st>(std::cerr)));
    onlooker::bench::run(count, values);
} catch (const std::exception& error) {
    std::fprintf(stderr, "variants: %s\n", error.what());
    return 2;
}
