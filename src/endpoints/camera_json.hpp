// What the server says of a camera and of those who look at it, as JSON: the pieces that /state and
// the interface for programs have in common, so that both say the same.
//
// Owner: none, these are functions. Thread: the loop. Times in milliseconds, rates in frames per
// second with three digits behind the point.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "camera/camera.hpp"
#include "camera/feed.hpp"
#include "camera/viewing.hpp"
#include "http/message/response.hpp"
#include "media/frame.hpp"
#include "media/recipe.hpp"
#include "variants/variants.hpp"

namespace onlooker::endpoints {

// A camera may give a picture in three seconds.
double thousandths(double value);

// The query that asks for it; empty for the camera's own pictures.
std::string query_of(const media::Recipe& recipe, double rate);

// Of a viewer whose pictures' size follows its link.
nlohmann::json auto_json(const camera::AutoStep& step);

nlohmann::json size_json(const media::FramePtr& picture);
nlohmann::json fault_json(const camera::Fault& fault);

// What became of its pictures since the start.
nlohmann::json counts_json(const camera::Camera& camera);

// What is made of the camera's pictures.
nlohmann::json variants_json(const camera::Camera& camera, const variants::Variants& variants,
                             SteadyTime now);

// A stream, the feed that it reads, and the query that asks for what it shows. Snapshots, and feeds
// that read feeds, are not visited.
struct Viewer {
    const camera::Viewing& viewing;
    const camera::Feed& feed;
    const std::string& variant;
};
void for_each_viewer(const camera::Camera& camera, const variants::Variants& variants,
                     const std::function<void(const Viewer&)>& visit);

// What is not UTF-8 (a device may name itself anything) becomes a replacement character.
std::string text_of(const nlohmann::json& document);
http::Response json_response(const nlohmann::json& document);

}  // namespace onlooker::endpoints
