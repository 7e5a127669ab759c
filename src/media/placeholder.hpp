// The card that stands in for a picture: the camera's name, why there is no picture, the time, and
// when the camera is tried again.
//
// Legible from 160 x 120 to 3840 x 2160. On a smaller canvas what does not fit is left out, the
// name last. Words that are too long end in "...".
//
// Pure, except that it draws on the canvas; any thread.
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
    std::string date;      // local, as it is shown
    std::string time;
    std::string next;  // "next try in 4 s"; may be empty
    Mood mood = Mood::fault;
};

void draw(Canvas& canvas, const Placeholder& card);

}  // namespace onlooker::media
