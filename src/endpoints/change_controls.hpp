// Changing a camera's controls, by whichever address: what the driver makes of it is waited for.
//
// Thread: the loop.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/awaitable.hpp"
#include "camera/camera.hpp"
#include "camera/driver.hpp"
#include "http/message/request.hpp"

namespace onlooker::endpoints {

// The driver of a camera that is open has this long to report what it made of a change.
constexpr std::chrono::milliseconds report_within{1'500};

// The camera's driver runs, and takes changes.
bool is_open(const camera::Camera& camera) noexcept;

// By its id or its name, whatever the case; null: it has none such.
const camera::Control* control_called(const camera::Camera& camera, std::string_view name) noexcept;

// Makes them, and waits until the driver has reported its controls or the time is over. The ids of
// those that are not as they were asked for then: the driver refused them, or the camera is closed
// and they are set when it opens.
Awaitable<std::vector<std::string>> change_controls(std::shared_ptr<camera::Camera> camera,
                                                    std::vector<camera::ControlChange> changes);

// The same of one.
Awaitable<std::vector<std::string>> change_control(std::shared_ptr<camera::Camera> camera,
                                                   std::string id, double value);

// Some programs change controls by GET, with which every page of the web can make a browser call an
// address. A browser is known by its User-Agent, which no page can change; it must say that the
// page is ours, by Sec-Fetch-Site or its Referer.
bool may_command(const http::Request& request) noexcept;

}  // namespace onlooker::endpoints
