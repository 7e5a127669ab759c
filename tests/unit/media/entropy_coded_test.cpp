#include "media/entropy_coded.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include "media/jpeg_markers.hpp"

using namespace onlooker::media::jpeg;

namespace {

// One octet at a time, as T.81 has it.
std::size_t plainly(std::span<const std::byte> picture, std::size_t at) {
    const auto octet = [&](std::size_t place) { return std::to_integer<unsigned>(picture[place]); };
    while (at < picture.size()) {
        if (octet(at) != fill) {
            ++at;
        } else if (at + 1 == picture.size()) {
            return at;
        } else if (octet(at + 1) == fill) {
            ++at;
        } else if (octet(at + 1) == stuffed || is_restart(octet(at + 1))) {
            at += 2;
        } else {
            return at;
        }
    }
    return picture.size();
}

// Octets of which every eighth or so is an FF, followed by one of `codes`.
std::vector<std::byte> coded(std::size_t size, std::span<const unsigned> codes, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::byte> octets;
    while (octets.size() < size) {
        if (random() % 8 != 0) {
            octets.push_back(static_cast<std::byte>(random() % fill));
            continue;
        }
        octets.push_back(std::byte{fill});
        if (octets.size() < size)
            octets.push_back(static_cast<std::byte>(codes[random() % codes.size()]));
    }
    return octets;
}

constexpr std::array stuffed_only{0x00U};
constexpr std::array with_restarts{0x00U, 0x00U, 0xd0U, 0xd3U, 0xd7U};
constexpr std::array with_fill{0x00U, 0xd1U, 0xffU};

}  // namespace

TEST_SUITE("entropy-coded data") {
    TEST_CASE("its end is found where an octet at a time finds it, wherever it lies in a block") {
        constexpr std::size_t size = 300;
        for (const std::span<const unsigned> codes :
             {std::span<const unsigned>(stuffed_only), std::span<const unsigned>(with_restarts),
              std::span<const unsigned>(with_fill)})
            for (std::size_t end = 0; end < size; ++end) {
                auto octets = coded(size, codes, static_cast<unsigned>(end));
                octets[end] = std::byte{fill};
                if (end + 1 < size)
                    octets[end + 1] = std::byte{eoi};
                for (const std::size_t start : {std::size_t{0}, std::size_t{1}, std::size_t{17}})
                    REQUIRE(end_of_entropy_coded(octets, start) == plainly(octets, start));
            }
    }

    TEST_CASE("its end is found behind stretches with restart markers and without, from anywhere") {
        std::vector<std::byte> octets;
        for (unsigned stretch = 0; stretch < 10; ++stretch) {
            const bool restarts = stretch % 2 == 1;
            const auto more = coded(100 + 70 * stretch,
                                    restarts ? std::span<const unsigned>(with_restarts)
                                             : std::span<const unsigned>(stuffed_only),
                                    stretch);
            octets.insert(octets.end(), more.begin(), more.end());
            octets.push_back(std::byte{});
        }
        REQUIRE(plainly(octets, 0) == octets.size());
        for (std::size_t end = 1; end < octets.size(); end += 13) {
            auto ended = octets;
            ended[end - 1] = std::byte{fill};
            ended[end] = std::byte{eoi};
            for (std::size_t start = 0; start < 33; ++start)
                REQUIRE(end_of_entropy_coded(ended, start) == plainly(ended, start));
        }
    }

    TEST_CASE("every code ends it but zero, those of restart markers and fill") {
        std::vector<std::byte> octets(400);
        octets[200] = std::byte{fill};
        for (unsigned code = 0; code < 256; ++code) {
            octets[201] = static_cast<std::byte>(code);
            const bool goes_on = code == stuffed || is_restart(code) || code == fill;
            CAPTURE(code);
            REQUIRE(end_of_entropy_coded(octets, 0) == (goes_on ? octets.size() : 200));
        }
    }

    TEST_CASE("without a marker it ends with the picture, or with the FF that ends it") {
        for (std::size_t size = 0; size < 300; ++size) {
            auto octets = coded(size, with_restarts, static_cast<unsigned>(size));
            REQUIRE(end_of_entropy_coded(octets, 0) == plainly(octets, 0));
            octets.push_back(std::byte{fill});
            REQUIRE(end_of_entropy_coded(octets, 0) == size);
            octets.push_back(std::byte{fill});
            REQUIRE(end_of_entropy_coded(octets, 0) == size + 1);
            REQUIRE(end_of_entropy_coded(octets, octets.size()) == octets.size());
        }
    }
}
