#include "pictures.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "scene.hpp"

namespace onlooker::bench {
namespace {

constexpr std::array<unsigned char, 6> stamp_mark{0xff, 0xd8, 0xff, 0xfe, 0x00, 0x30};
constexpr std::string_view stamp_word = "bench ";
constexpr std::size_t digits_begin = stamp_mark.size() + stamp_word.size();
constexpr std::size_t sequence_digits = 10;
constexpr std::size_t captured_digits = 20;
constexpr std::size_t size_digits = 8;

std::uint64_t digits_at(std::span<const std::byte> data, std::size_t offset, std::size_t count) {
    const char* first = reinterpret_cast<const char*>(data.data()) + offset;
    std::uint64_t value = 0;
    std::from_chars(first, first + count, value);
    return value;
}

// A comment segment of exactly `size` octets, at least 4.
void append_filler(Octets& picture, std::size_t size) {
    const auto length = size - 2;
    picture.insert(picture.end(), {std::byte{0xff}, std::byte{0xfe}, std::byte(length >> 8),
                                   std::byte(length & 0xff)});
    picture.insert(picture.end(), size - 4, std::byte{' '});
}

Octets compress(const Scene& scene, int quality) {
    static const std::unique_ptr<void, int (*)(void*)> compressor(tjInitCompress(), &tjDestroy);
    unsigned char* data = nullptr;
    unsigned long size = 0;
    if (tjCompress2(compressor.get(), scene.rgb.data(), scene.width, 0, scene.height, TJPF_RGB,
                    &data, &size, TJSAMP_420, quality, TJFLAG_FASTDCT) != 0)
        throw std::runtime_error(tjGetErrorStr2(compressor.get()));
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(data, &tjFree);
    const auto octets = std::as_bytes(std::span(data, size));
    return {octets.begin(), octets.end()};
}

// The best quality that fits, by bisection, filled up to the wanted length by comment segments.
Octets picture_of_size(const Scene& scene, std::size_t wanted) {
    const std::size_t room = wanted - (stamp_end - 2) - 4;
    Octets best;
    for (int low = 1, high = 98; low <= high;) {
        const int quality = (low + high) / 2;
        Octets candidate = compress(scene, quality);
        if (candidate.size() <= room) {
            best = std::move(candidate);
            low = quality + 1;
        } else {
            high = quality - 1;
        }
    }
    if (best.empty())
        throw std::invalid_argument("pictures: " + std::to_string(wanted) +
                                    " octets are too few for this resolution");
    Octets picture(stamp_end);
    for (std::size_t missing = room + 4 - best.size(); missing > 0;) {
        // Leaves either nothing or enough for another segment.
        const std::size_t part = missing <= 60000 ? missing : 50000;
        append_filler(picture, part);
        missing -= part;
    }
    picture.insert(picture.end(), best.begin() + 2, best.end());
    write_stamp(picture, 0, 0);
    return picture;
}

std::size_t octets_of(const std::string& text) {
    std::size_t thousands = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), thousands);
    if (error != std::errc{} || std::string_view(end) != "k" || thousands < 8 || thousands > 4000)
        throw std::invalid_argument("size " + text + ": expected 8k to 4000k, or a range 73k-138k");
    return thousands * 1000;
}

std::vector<std::size_t> cycle_of_sizes(const std::string& size) {
    std::vector<std::size_t> sizes;
    const auto dash = size.find('-');
    if (dash == std::string::npos) {
        for (std::size_t i = 0; i < 8; ++i)
            sizes.push_back(octets_of(size) - i * 32);
        return sizes;
    }
    const std::size_t low = octets_of(size.substr(0, dash));
    const std::size_t high = octets_of(size.substr(dash + 1));
    constexpr std::size_t steps = 16;
    for (std::size_t i = 0; i < steps; ++i) {
        // 7 and 16 have no common divisor: every step once, neighbours far apart.
        const double place = static_cast<double>(i * 7 % steps) / (steps - 1);
        sizes.push_back(
            low + static_cast<std::size_t>(static_cast<double>(high - low) * std::pow(place, 1.6)));
    }
    return sizes;
}

}  // namespace

void write_stamp(std::span<std::byte> picture, std::uint64_t sequence, Nanoseconds captured) {
    std::array<char, stamp_end + 1> text{};
    std::snprintf(text.data() + stamp_mark.size(), text.size() - stamp_mark.size(),
                  "bench %010llu %020lld %08zu", static_cast<unsigned long long>(sequence),
                  static_cast<long long>(captured), picture.size());
    std::memcpy(text.data(), stamp_mark.data(), stamp_mark.size());
    std::memcpy(picture.data(), text.data(), stamp_end);
}

std::optional<FoundStamp> find_stamp(std::span<const std::byte> data) noexcept {
    const auto mark = std::as_bytes(std::span(stamp_mark));
    const auto found = std::search(data.begin(), data.end(), mark.begin(), mark.end());
    const auto offset = static_cast<std::size_t>(found - data.begin());
    if (offset + stamp_end > data.size())
        return std::nullopt;
    const auto picture = data.subspan(offset);
    FoundStamp result{.stamp = {}, .offset = offset};
    std::size_t place = digits_begin;
    result.stamp.sequence = digits_at(picture, place, sequence_digits);
    place += sequence_digits + 1;
    result.stamp.captured = static_cast<Nanoseconds>(digits_at(picture, place, captured_digits));
    place += captured_digits + 1;
    result.stamp.picture_size = digits_at(picture, place, size_digits);
    return result;
}

std::vector<Octets> make_pictures(const std::string& size) {
    const auto sizes = cycle_of_sizes(size);
    const auto [smallest, largest] = std::minmax_element(sizes.begin(), sizes.end());
    const std::size_t middle = (*smallest + *largest) / 2;
    const int width = middle <= 45'000 ? 640 : middle <= 110'000 ? 1280 : 1920;
    const int height = width == 640 ? 480 : width * 9 / 16;
    std::vector<Octets> pictures;
    for (std::size_t i = 0; i < sizes.size(); ++i)
        pictures.push_back(
            picture_of_size(make_scene(width, height, static_cast<unsigned>(i)), sizes[i]));
    return pictures;
}

std::vector<Octets> load_pictures(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".jpg")
            names.push_back(entry.path());
    }
    std::sort(names.begin(), names.end());
    std::vector<Octets> pictures;
    for (const auto& name : names) {
        std::ifstream file(name, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const auto octets = std::as_bytes(std::span(text));
        if (!find_stamp(octets.first(std::min(octets.size(), stamp_end))))
            throw std::runtime_error(name.string() + ": has no stamp; make it with bench-pictures");
        pictures.emplace_back(octets.begin(), octets.end());
    }
    if (pictures.empty())
        throw std::runtime_error(folder.string() +
                                 ": holds no .jpg; make some with bench-pictures");
    return pictures;
}

void save_pictures(const std::vector<Octets>& pictures, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        std::array<char, 32> name{};
        std::snprintf(name.data(), name.size(), "%04zu.jpg", i);
        std::ofstream file(folder / name.data(), std::ios::binary);
        file.write(reinterpret_cast<const char*>(pictures[i].data()),
                   static_cast<std::streamsize>(pictures[i].size()));
        if (!file.flush())
            throw std::runtime_error((folder / name.data()).string() + ": cannot be written");
    }
}

}  // namespace onlooker::bench
