// One picture, as soon as there is a fresh one.
//
// A camera that is live answers at once. One that is closed is opened for it, and a picture that
// comes within `wait_at_most` is fresh (callers give up after 1 s: Moonraker's test; 2 s:
// moonraker-timelapse; 5 s: OctoPrint, Obico; 10 s: Home Assistant). After that the last picture is
// sent, marked as old, but only until the stall time: a camera that gives nothing must not look as
// if it were live. With `max_delay=MS` a picture is never older than that when asked, and 0 means
// one that was taken after the request (Octolapse).
//
// Where there is no picture to send, the answer depends on what the caller can show:
//   - an <img> gets the card that says why, as a stream does, and with status 200. Mainsail's and
//     Fluidd's adaptive views are such: they load the next snapshot into an <img> once the last one
//     is loaded, and Fluidd never asks again after one that is no picture. An <img> is known by
//     `Sec-Fetch-Dest: image`; where that is missing, as always over plain HTTP to another machine
//     (Fetch Metadata, 2: only to trustworthy URLs), by an Accept that names image/* or, as Firefox
//     up to 127, image/webp, and not text/html;
//   - everybody else gets 503 with Retry-After and the reason in words: a program that makes a film
//     of snapshots (`Accept: */*`) would store the card as a picture.
//
// Who asks first gets the newest picture. Who asks again on the same connection waits for the next
// one, which paces a client that polls without a pause to the camera, as mjpg-streamer and
// uStreamer do; `same_again_after` it was given, the same one is sent once more. That is more than
// a second, so that a camera of one picture a second shows each once.
//
// Each picture says its X-Frame-Number. With `newer_than=N` one is sent whose number is another,
// and waited for up to `wait=SECONDS` (60 at most); none in that time is 204. So a program has each
// picture once, and no request while nothing happens. `cache=MS` lets a cache in front, that many
// share, give the picture away for so long (s-maxage, whole seconds); not where users log in.
//
// A query that asks for another size, quality, turn and so on (recipe_query.hpp) has the picture
// that these rules grant made so, for this once: no stream is made for it, and none is woken. What
// is said of frames a second, and auto, is minded by streams alone: Obico and others make the
// address of the snapshot out of that of the stream, and leave its query as it is.
//
// The fields X-UStreamer-... are those that PiKVM's daemon wants (kvmd/clients/streamer.py).
//
// Thread: the loop.
#pragma once

#include <chrono>

#include "camera/camera.hpp"
#include "endpoints/asked_view.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "variants/variants.hpp"

namespace onlooker::endpoints {

struct SnapshotSettings {
    std::chrono::milliseconds wait_at_most{1'800};
    std::chrono::milliseconds same_again_after{1'200};
    // For a card, after that: it is drawn for whoever looks, within a few hundredths of a second,
    // and for a camera that is still starting two seconds after it was opened.
    std::chrono::milliseconds wait_for_card{1'000};
};

Awaitable<http::Response> snapshot_response(variants::Variants& variants, camera::Camera& camera,
                                            const http::Request& request, SnapshotSettings settings,
                                            ViewSettings view);

}  // namespace onlooker::endpoints
