// What the query of a request for a clip asks for, beside what it asks of the pictures
// (endpoints/recipe_query.hpp):
//
//     seconds   how long the clip is recorded, 0.1 to 3600; with every= to 604800, a week; 30
//     format    mkv, mp4 or avi; the first that there is
//     every     a time-lapse: one picture in so many seconds, 0.1 to 3600, played at 25 a second
//     pre_roll  so many seconds before the request belong to it, up to --pre-roll; all of them
//
// Words that are not known are ignored, and an empty value asks nothing, as in a form that was not
// filled in.
//
// Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "clips/muxer.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::clips {

struct ClipQuery {
    std::chrono::milliseconds seconds{30'000};
    Format format = Format::mkv;
    std::chrono::milliseconds every{0};  // 0: every frame
    std::optional<std::chrono::milliseconds> pre_roll;
};

// What there is to be asked for.
struct ClipOffer {
    std::span<const std::string> formats;  // not empty
    std::chrono::milliseconds pre_roll{0};
};

// Or a 400 that says which word is wrong, what was found and what is meant.
std::variant<ClipQuery, http::Response> clip_query(const http::Query& query,
                                                   const ClipOffer& offer);

}  // namespace onlooker::clips
