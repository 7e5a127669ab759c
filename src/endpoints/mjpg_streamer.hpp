// The addresses of mjpg-streamer, as Octolapse and the scripts around it use them
// (plugins/output_http/httpd.c there):
//
//     /input.json, /input_N.json        the controls of camera N; every number is a string
//     /output.json, /output_N.json      the same of its outputs: there is nothing to set
//     /program.json                     the cameras
//     /?action=stream, /?action=stream_N          the stream of the first camera, of camera N
//     /?action=snapshot, /?action=snapshot_N      the same of a snapshot
//     /?action=command&dest=0&plugin=N&id=ID&group=1&value=V      text: "ID: 0", or "ID: -1"
//
// Octolapse (octoprint_octolapse/camera.py) asks for a snapshot first, then for the command id=-1,
// and goes on only if each is 200 and from a Server whose name begins with MJPG-Streamer.
//
// Controls have numbers there, those of the kernel. One that the kernel has under this name has its
// number; any other has one of its own, made of its name, so that it stays the same.
//
// Thread: the loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "base/awaitable.hpp"
#include "camera/driver.hpp"
#include "endpoints/status.hpp"
#include "http/gate.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

// How many cameras have addresses with a number there.
constexpr std::size_t most_numbered = 4;

// What ?action= asks for.
struct Action {
    enum class Kind : std::uint8_t { stream, snapshot, command };
    Kind kind;
    std::size_t camera;  // less than there are; a command's is that of plugin=
};
std::variant<Action, http::Response> asked_action(const http::Request& request,
                                                  std::size_t cameras);

std::uint32_t control_number(const camera::Control& control) noexcept;

// The name by which its programs know the server.
void say_mjpg_streamer(http::Response& response);

http::Response input_json(const camera::Camera& camera);
http::Response output_json();
// Of the cameras that whoever has `pass` may view.
http::Response program_json(const Cameras& cameras, const http::Pass* pass);

// `camera` is that of the request's plugin=. A HEAD changes nothing.
Awaitable<http::Response> command_response(CameraPtr camera, const http::Request& request);

}  // namespace onlooker::endpoints
