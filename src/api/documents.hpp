// The answers of the interface for programs, as JSON documents. What the server's own page, its
// events and its metrics say comes from here or from endpoints/camera_json.hpp.
//
// Thread: the loop. Units: milliseconds in members that end in _ms; wall-clock times are Unix
// seconds with a fraction.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "camera/camera.hpp"
#include "endpoints/status.hpp"
#include "endpoints/viewer_count.hpp"
#include "http/gate.hpp"
#include "variants/variants.hpp"

namespace onlooker::api {

// How busy the server is.
struct Load {
    std::size_t connections = 0;
    std::size_t most_connections = 0;
    std::uint64_t admitted = 0;     // since the start
    std::uint64_t turned_away = 0;  // the same
};

struct Settings {
    std::string version;
    std::string instance_id;  // tells this run of the program from others
    std::shared_ptr<endpoints::ViewerCount> viewers;
    std::size_t most_variants = 0;
    std::function<Load()> load;
    bool has_users = false;                   // they log in
    std::vector<std::string> clip_formats{};  // what /cameras/NAME/clip can give
    std::chrono::system_clock::time_point started = std::chrono::system_clock::now();
};

// What there is in this build and can be linked to.
struct Features {
    bool clips = false;
    bool wall = false;
};

// Of those that whoever has `pass` may view; null: everybody may everything.
endpoints::Cameras visible(const endpoints::Cameras& cameras, const http::Pass* pass);

double unix_seconds(std::chrono::system_clock::time_point time);

nlohmann::json server_document(const Settings& settings, const Features& features,
                               const endpoints::Cameras& cameras,
                               const variants::Variants& variants, const http::Pass* pass);

nlohmann::json camera_document(const camera::Camera& camera, const variants::Variants& variants,
                               const Features& features);

std::size_t viewers_of(const camera::Camera& camera, const variants::Variants& variants);

nlohmann::json viewers_document(const camera::Camera& camera, const variants::Variants& variants);

nlohmann::json controls_document(const camera::Camera& camera);

}  // namespace onlooker::api
