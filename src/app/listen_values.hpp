// The value of --listen. Pure. Thread: any.
#pragma once

#include <string>
#include <string_view>

#include "http/wire/listen_address.hpp"

namespace onlooker::app {

// HOST:PORT, [ADDRESS]:PORT, %INTERFACE:PORT, with http:// or https:// before it if need be; or
// unix:PATH[,mode=MODE]. Throws ValueError with what was expected.
http::ListenAddress parse_listen(std::string_view text);

// As the user could have written it.
std::string show_listen(const http::ListenAddress& address);

}  // namespace onlooker::app
