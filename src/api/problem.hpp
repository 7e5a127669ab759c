// Errors of the interface for programs, as RFC 9457 has them: application/problem+json.
//
// Thread: the loop.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::api {

// `more`: members beside those of the standard.
http::Response problem(int status, std::string_view detail);
http::Response problem(int status, std::string_view detail, nlohmann::json more);

// Puts an answer that was made elsewhere (no such address, no login) into these words, if it is
// plain text and the request is for something of this interface.
void word_as_problem(const http::Request& request, http::Response& response);

}  // namespace onlooker::api
