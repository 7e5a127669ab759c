// The test card: a moving test picture at any size and rate, to see latency and missed frames with.
//
//     --camera testcard                        1280 x 720, 30 frames per second
//     --camera testcard:,size=640x480,fps=5    16x16 to 4096x4096, also odd; 0.1 to 1000 per second
//
// Each picture shows its number and the wall clock at which it was drawn, to the millisecond, so
// that the clock beside the screen tells the latency; and its number once more as a strip that
// programs read (test_picture.hpp). Numbers count from 1 since the camera was opened.
//
// Frames are due at exact times from the start, without drift. A frame that is not wanted in time,
// because the machine is busy, is skipped: its number never appears and it counts as lost. None is
// made up for. Pictures are raw; the capture thread encodes them.
#pragma once

#include <memory>

#include "camera/driver.hpp"
#include "clocks.hpp"

namespace onlooker::drivers {

// For tests: with clocks of their own.
std::unique_ptr<camera::Driver> make_testcard(const camera::DriverOptions& options, Clocks clocks);

}  // namespace onlooker::drivers
