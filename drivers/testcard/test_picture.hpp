// What the test card shows:
//
//      ______________________________________________
//     |0|0|0|1|0|1|1| the number, 32 blocks, 0 or 1  |  1/16 of the height
//     |      |      |      |      |      |     |     |
//     |        eight colour bars with grain          |
//     |______|______|______|______|______|_____|_____|  to 7/16
//     |______ramp from black to white________________|  to 9/16
//     |____________track of the marker_______________|  to 10/16
//     |          |                       |           |
//     |   zone   |  11:12:59.123         | gratings  |
//     |  plate   |  # 123456             |           |
//     |__________|_______________________|___________|
//
// The strip is for programs: number_block() says where its blocks are, most significant bit first,
// white for 1. They can be told apart after JPEG when they are four pixels wide, in pictures of 128
// pixels and more. The marker crosses its track once in every second of the wall clock.
//
// All but strip, marker and text is drawn once. The grain makes a JPEG of it as large as that of a
// real camera: at 1280 x 720, quality 80 and 4:2:0 it has 70 to 80 KB.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "media/canvas.hpp"
#include "media/lettering.hpp"
#include "media/raw_image.hpp"

namespace onlooker::drivers {

inline constexpr int number_blocks = 32;

// Block 0 is the most significant bit. Block i of a picture W x H covers the columns from i * W /
// 32 to before (i + 1) * W / 32 and the first max(2, H / 16) rows, all divisions rounding down.
media::Rectangle number_block(int index, int width, int height) noexcept;

class TestPicture {
  public:
    // 16..4096 a side. `rate` is what the picture says about itself, frames per second.
    TestPicture(unsigned width, unsigned height, double rate);

    // The picture of this number at this time; lent until the next call.
    media::RawImage draw(std::uint32_t number, std::chrono::system_clock::time_point wall);

  private:
    void draw_strip(std::uint32_t number);
    void draw_marker(std::chrono::system_clock::time_point wall);
    void draw_line(const media::Rectangle& area, const std::string& text, media::Colour colour);

    media::Canvas canvas_;
    media::Rectangle track_;
    media::Rectangle clock_line_;
    media::Rectangle number_line_;
    media::Lettering lettering_;
};

}  // namespace onlooker::drivers
