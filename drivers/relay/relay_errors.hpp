// What went wrong with an upstream, in words for the user.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "camera/driver.hpp"

namespace onlooker::drivers {

struct Failure {
    CURLcode code = CURLE_OK;
    long status = 0;             // of the response; 0: there was none
    bool has_head = false;       // of the response, whole
    std::string_view shown;      // the URL as it may be shown
    std::string_view details;    // libcurl's own words
    std::string_view forbidden;  // why the address was refused by us
    bool may_connect = true;     // false: the service's sandbox keeps us from calling anybody
};

camera::CameraError relay_error(const Failure& failure);

// For a response whose head passes a limit.
camera::CameraError endless_head_error(std::string_view shown);

// For a response that came, with a status that is not wanted.
camera::CameraError status_error(long status, std::string_view shown);

}  // namespace onlooker::drivers
