// The emulated camera: pictures picked by the clock, as in the article.
//
//     --camera emulated                  1.jpg 2.jpg 3.jpg of the binary, one per second: the one
//                                        shown is number `unix seconds modulo 3`, and it changes
//                                        when the second does
//     --camera emulated:DIR,fps=30       all *.jpg and *.jpeg of a folder, 1 2 10 in this order,
//                                        `fps` of them per second (default 1)
//     --camera emulated:FILE.jpg,fps=4   one picture, also one that is written again and again
//
// It needs no device, so it is the default. Two programs with the same pictures show the same one
// at the same time. What is put into the folder, replaced and removed is followed
// (picture_folder.hpp); at most 256 MiB of pictures are kept in memory.
//
// Errors: CameraError not_found when the folder is missing or holds no picture, no_permission, and
// failed, with the name of a file, when none of them can be shown. One that cannot is told in a
// warning.
#pragma once

#include "camera/driver.hpp"
#include "clocks.hpp"

namespace onlooker::drivers {

// For tests: with clocks of their own.
std::unique_ptr<camera::Driver> make_emulated(const camera::DriverOptions& options, Clocks clocks);

}  // namespace onlooker::drivers
