#include "endpoints/no_room.hpp"

#include <spdlog/spdlog.h>

#include <string>

#include "base/limited_log.hpp"
#include "endpoints/viewer_count.hpp"
#include "http/wire/peer_name.hpp"

namespace onlooker::endpoints {

std::optional<http::Response> no_room(const StreamSettings& settings, std::string_view camera,
                                      const http::Request& request) {
    const std::string sentence = settings.viewers->full_for(camera, request.remote.address());
    if (sentence.empty())
        return std::nullopt;
    settings.turned_away->write(spdlog::level::warn, "viewer {} turned away: {}",
                                http::peer_name(request.remote), sentence);
    return http::Response::unavailable(sentence);
}

}  // namespace onlooker::endpoints
