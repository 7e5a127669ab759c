// The table of everything that can be asked of the server, and who answers.
//
// Thread: the loop.
//
// A new endpoint is its function, one line in endpoints.cpp with its methods and its scope, one
// paragraph in web/index.html, and its test.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/awaitable.hpp"
#include "endpoints/asked_view.hpp"
#include "endpoints/snapshot.hpp"
#include "endpoints/status.hpp"
#include "endpoints/stream.hpp"
#include "http/router.hpp"
#include "variants/variants.hpp"

namespace onlooker::endpoints {

struct EndpointSettings {
    StreamSettings stream;
    SnapshotSettings snapshot;
    ViewSettings view{};
    std::string version;                  // for the page
    std::string instance_id;              // tells this run of the program from others
    std::optional<std::string> prefix{};  // of a proxy, see http/proxy_prefix.hpp
};

// To be called when the cameras have changed, and with settings of which the prefix and the time
// without progress may have.
using Refresh = std::function<void(const EndpointSettings&)>;

// `cameras` holds one camera at least, at all times, and is looked at with each request; it and
// `variants` outlive the router, and the router what is returned.
Refresh add_endpoints(http::Router& router, Executor executor, const Cameras& cameras,
                      variants::Variants& variants, const EndpointSettings& settings);

}  // namespace onlooker::endpoints
