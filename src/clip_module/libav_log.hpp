// What libavformat says while it muxes: kept as the reason of the next error, and printed nowhere.
// What other parts of FFmpeg say in this process (OpenCV plays films with them) goes where it went.
//
// Thread: any; the words are those of the calling thread.
#pragma once

#include <string>

namespace onlooker::clip_module {

// From now on, and for the whole process. More than once does no harm.
void take_log_of_muxers();

// The last complaint since it was asked for; empty: there was none.
std::string last_complaint();

}  // namespace onlooker::clip_module
