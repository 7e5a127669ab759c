#include "media/sample_range.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

using namespace onlooker::media;

namespace {

// Each of the 256 samples; one more octet, which is not to be touched.
std::array<unsigned char, 257> stretched(SampleRange range) {
    std::array<unsigned char, 257> samples{};
    std::iota(samples.begin(), samples.end(), static_cast<unsigned char>(0));
    samples[256] = 77;
    stretch(range, samples.data(), 256);
    CHECK(samples[256] == 77);
    return samples;
}

// What is off by more than the rounding of exact arithmetic and a twentieth of a step.
void check_against(SampleRange range, double middle, double steps, double middle_then) {
    const auto samples = stretched(range);
    for (std::size_t i = 0; i < 256; ++i) {
        CAPTURE(i);
        const double exact = (static_cast<double>(i) - middle) * 255 / steps + middle_then;
        CHECK(std::abs(samples[i] - std::clamp(exact, 0.0, 255.0)) <= 0.55);
    }
}

}  // namespace

TEST_SUITE("sample range") {
    TEST_CASE("luma: 16 becomes 0, 235 becomes 255, all between by the definition") {
        const auto samples = stretched(video_luma);
        CHECK(samples[16] == 0);
        CHECK(samples[235] == 255);
        check_against(video_luma, 16, 219, 0);
    }

    TEST_CASE("chroma: the middle stays exactly where it is, so that grey gets no tint") {
        const auto samples = stretched(video_chroma);
        CHECK(samples[128] == 128);
        CHECK(samples[16] == 0);
        CHECK(samples[240] == 255);
        check_against(video_chroma, 128, 224, 128);
    }

    TEST_CASE("what is beyond the range is held at its ends") {
        for (const SampleRange range : {video_luma, video_chroma}) {
            const auto samples = stretched(range);
            CHECK(samples[0] == 0);
            CHECK(samples[15] == 0);
            CHECK(samples[241] == 255);
            CHECK(samples[255] == 255);
            CHECK(std::is_sorted(samples.begin(), samples.end() - 1));
        }
    }
}
