// What the query of a request asks of a camera's pictures, in our words and in those of the field.
//
//     word           says                       also written, and by whom
//
//     fps            frames a second            maxfps (ZoneMinder)
//     width, height  pixels                     w, h (go2rtc, Blue Iris, Frigate), maxwidth and
//                                               maxheight (CameraProxy), resolution=WxH (Axis),
//                                               size=WxH (AbelCam, and our own cameras)
//     scale          1/2, 0.5, 50%, or 50       a number above 1 is percent (ZoneMinder)
//     quality        1 to 100                   q (Blue Iris), compression=30, which is quality 70
//                                               (Axis)
//     rotate         quarter turns clockwise    rotation (Axis), -90 (go2rtc), invert (ROS), which
//                                               is a half turn
//     flip           h, v, hv                   mirror=1 (Axis, Viseron), hflip=1, vflip=1 (the
//                                               programs of the Raspberry Pi)
//     crop           X,Y,W,H                    pixels of the whole picture as it is upright
//     grey           1                          gray, greyscale, grayscale, color=0 (Axis), colour
//     overlay        1, or text                 with overlay_corner, _size, _colour (_color), _zone
//     lossless       1
//     auto           1, with min_fps
//
// From: docs.ros.org, web_video_server (quality, width, height, invert); developer.axis.com, VAPIX,
// "Video streaming"; the README of go2rtc's module mjpeg; ZoneMinder's zms.cpp; Blue Iris's help,
// "Direct image, video and command requests"; docs.frigate.video, "Mjpeg Feed"; CameraProxy's
// "Guide to Image URLs"; AbelCam's wiki, "SelectSize"; Viseron's README, "MJPEG stream". Motion has
// no such words: it serves smaller streams at addresses of their own.
//
// The rules: words that are not known are ignored, since front ends add their own. An empty value
// asks nothing, as in a form that was not filled in; but a switch (flip by name, grey, lossless,
// auto) that stands there bare is on. 0 pixels, frames or percent are as many as there are. Of a
// word that is repeated the first counts (http::Query); two spellings of the same that disagree are
// refused, and so are words that cannot both be had. rotate is done before flip.
//
// Pure; any thread.
#pragma once

#include <variant>

#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "media/recipe.hpp"

namespace onlooker::endpoints {

struct RecipeQuery {
    media::Recipe recipe;
    double rate = 0;  // frames a second, to the hundredth; 0: every frame
    // The size is to follow the link, so that so many frames a second arrive; 0: nearly all.
    bool auto_size = false;
    double min_fps = 0;
};

// What is asked for, or a 400 that says which word is wrong, what was found and what is meant.
std::variant<RecipeQuery, http::Response> recipe_query(const http::Query& query);

}  // namespace onlooker::endpoints
