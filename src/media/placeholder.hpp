// The card that stands where a picture should be: the camera's name, why there is no picture, what
// the time is, and when it is tried again.
//
// Legible from 160 x 120 to 3840 x 2160. On a smaller canvas what does not fit is left out, the
// name last. Words that are too long end in "...".
//
// Pure but for the canvas; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "media/canvas.hpp"

namespace onlooker::media {

struct Placeholder {
    enum class Mood : std::uint8_t { waiting, fault };

    std::string camera;
    std::string title;     // in a word or two: "Unplugged"
    std::string sentence;  // in plain words, what happened and what to do
    std::string date;      // local, as it is to be read
    std::string time;
    std::string next;  // "next try in 4 s"; may be empty
    Mood mood = Mood::fault;
};

void draw(Canvas& canvas, const Placeholder& card);

}  // namespace onlooker::media
