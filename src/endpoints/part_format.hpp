// The formats that the parts of a stream can have, and which client gets which.
//
// Chromium and Safari paint a part only when the head of the next one has arrived; FFmpeg, go2rtc
// and Mainsail need a Content-Length with each part. No single format suits both, so it is chosen
// for each viewer, by what was measured with each client; the page at / says how to choose it by
// hand:
//
//   length   head with Content-Length, picture, boundary            everybody but an <img> of
//                                                                   Chromium or Safari
//   ahead    picture, boundary, head of the next part               that <img>
//   padded   as ahead, with a Content-Length announced beforehand   both at once, where one cannot
//            and the picture filled up with zeros to that length    know: +10 % octets
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/message/request.hpp"

namespace onlooker::endpoints {

enum class PartFormat : std::uint8_t { length, ahead, padded };

std::string_view to_string(PartFormat format) noexcept;

// The format that a client asked for (`format`, or uStreamer's `advance_headers`), or that it is
// known to need by its User-Agent and Accept fields.
PartFormat choose_format(const http::Request& request) noexcept;

}  // namespace onlooker::endpoints
