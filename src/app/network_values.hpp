// The values of the settings that say by which names, from which pages and below which path the
// server may be reached. Each throws ValueError with what was expected.
//
// Pure. Thread: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"

namespace onlooker::app {

// scheme://host[:port] without a path, or "*"; as a browser writes it.
std::string parse_origin(std::string_view text);

// A host name, one with "*." before it, or "*"; in lower case.
std::string parse_host_pattern(std::string_view text);

// The path at which a proxy shows us, "/webcam/one", without a '/' at its end; "/" becomes nothing.
std::string parse_prefix(std::string_view text);

// --tls-self-signed: nothing or yes, no, or a folder.
void self_signed(Options& options, const std::vector<std::string>& values);

// All values of --listen, into their place.
void listen(Options& options, const std::vector<std::string>& addresses);

// All values of --allow-host, of --allow-origin and of --trusted-proxy, into their places.
void allow_hosts(Options& options, const std::vector<std::string>& names);
void allow_origins(Options& options, const std::vector<std::string>& origins);
void trust_proxies(Options& options, const std::vector<std::string>& networks);

}  // namespace onlooker::app
