// Makes JPEG files for the test camera, each different from the others.
//   usage: test_pictures FOLDER COUNT WIDTHxHEIGHT
// FOLDER/picture0.jpg and so on: diagonal stripes whose place tells the number.
#include <turbojpeg.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

std::vector<unsigned char> stripes(int number, int width, int height) {
    std::vector<unsigned char> pixels;
    pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const bool light = ((x + y + number * 16) / 64) % 2 == 0;
            pixels.push_back(light ? 220 : 30);
            pixels.push_back(static_cast<unsigned char>(x * 255 / width));
            pixels.push_back(static_cast<unsigned char>(y * 255 / height));
        }
    return pixels;
}

bool write_picture(const std::string& path, int number, int width, int height) {
    const auto pixels = stripes(number, width, height);
    unsigned char* jpeg = nullptr;
    unsigned long size = 0;
    const tjhandle compressor = tjInitCompress();
    const int failed = tjCompress2(compressor, pixels.data(), width, 0, height, TJPF_RGB, &jpeg,
                                   &size, TJSAMP_422, 85, 0);
    if (!failed)
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(jpeg), static_cast<std::streamsize>(size));
    tjFree(jpeg);
    tjDestroy(compressor);
    return !failed;
}

}  // namespace

int main(int count, char** words) {
    int width = 0;
    int height = 0;
    if (count != 4 || std::sscanf(words[3], "%dx%d", &width, &height) != 2) {
        std::fprintf(stderr, "usage: test_pictures FOLDER COUNT WIDTHxHEIGHT\n");
        return 2;
    }
    for (int i = 0; i < std::atoi(words[2]); ++i)
        if (!write_picture(std::string(words[1]) + "/picture" + std::to_string(i) + ".jpg", i,
                           width, height))
            return 1;
}
