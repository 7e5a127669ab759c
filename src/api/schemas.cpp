#include "api/schemas.hpp"

#include <nlohmann/json.hpp>

namespace onlooker::api {

namespace {

constexpr const char* of_server = R"json({
"NowAndMax": {"type": "object", "required": ["now", "max"], "properties": {
    "now": {"type": "integer", "minimum": 0},
    "max": {"type": "integer", "minimum": 0}}},
"Server": {"type": "object",
    "required": ["name", "version", "instance", "started", "time", "limits", "features", "may"],
    "properties": {
        "name": {"const": "onlooker"},
        "version": {"type": "string"},
        "instance": {"type": "string", "description": "Tells this run of the program from others."},
        "started": {"type": "number", "description": "Unix seconds."},
        "time": {"type": "number", "description": "The server's clock, Unix seconds."},
        "limits": {"type": "object", "required": ["connections", "viewers", "variants"],
            "properties": {
                "connections": {"$ref": "#/components/schemas/NowAndMax"},
                "viewers": {"type": "object",
                    "required": ["now", "max", "per_camera", "per_address"],
                    "description": "0 is no limit; a camera may have one of its own.",
                    "properties": {
                        "now": {"type": "integer", "minimum": 0},
                        "max": {"type": "integer", "minimum": 0},
                        "per_camera": {"type": "integer", "minimum": 0},
                        "per_address": {"type": "integer", "minimum": 0}}},
                "variants": {"$ref": "#/components/schemas/NowAndMax"}}},
        "features": {"type": "object", "required": ["clips", "wall", "controls"], "properties": {
            "clips": {"type": "array", "items": {"type": "string"}},
            "wall": {"type": "boolean"},
            "controls": {"type": "boolean"}}},
        "may": {"type": "object", "required": ["control", "link"],
            "description": "What whoever asks may do, of one camera at least.", "properties": {
                "control": {"type": "boolean"},
                "link": {"type": "boolean"}}},
        "person": {"type": "string", "description": "Who has signed in by the login page."}}},
"Problem": {"type": "object", "required": ["type", "title", "status", "detail"],
    "description": "RFC 9457.", "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, and what to do."},
        "refused": {"type": "array", "items": {"$ref": "#/components/schemas/ControlWord"}}}}
})json";

constexpr const char* of_cameras = R"json({
"Size": {"type": "object", "required": ["width", "height"], "properties": {
    "width": {"type": "integer", "minimum": 0},
    "height": {"type": "integer", "minimum": 0}}},
"Camera": {"type": "object",
    "required": ["name", "title", "driver", "state", "live", "size", "fps", "nominal_fps", "frames",
        "faults", "viewers", "controls", "variants", "links"],
    "properties": {
        "name": {"type": "string", "description": "Part of its addresses."},
        "title": {"type": "string", "description": "For people; any text."},
        "driver": {"type": "string"},
        "state": {"enum": ["idle", "starting", "live", "lingering", "faulted"]},
        "live": {"type": "boolean", "description": "Pictures come."},
        "fault": {"type": "object", "required": ["kind", "words"], "properties": {
            "kind": {"type": "string"},
            "words": {"type": "string"}}},
        "size": {"$ref": "#/components/schemas/Size"},
        "fps": {"type": "number", "description": "As captured lately."},
        "nominal_fps": {"type": "number", "description": "As its driver says; 0: unknown."},
        "last_frame": {"type": "object", "required": ["number", "time", "age_ms", "octets"],
            "properties": {
                "number": {"type": "integer"},
                "time": {"type": "number", "description": "Of its capture, Unix seconds."},
                "age_ms": {"type": "number"},
                "octets": {"type": "integer"}}},
        "frames": {"type": "object",
            "required": ["published", "same", "lost_in_device", "broken", "above_rate",
                "overtaken"],
            "additionalProperties": {"type": "integer", "minimum": 0}},
        "faults": {"type": "integer", "minimum": 0},
        "viewers": {"type": "integer", "minimum": 0},
        "controls": {"type": "integer", "minimum": 0, "description": "How many it has."},
        "variants": {"type": "array", "items": {"$ref": "#/components/schemas/Variant"}},
        "links": {"type": "object", "additionalProperties": {"type": "string"},
            "description": "Relative to the server's root."}}},
"Cameras": {"type": "object", "required": ["cameras"], "properties": {
    "cameras": {"type": "array", "items": {"$ref": "#/components/schemas/Camera"}}}},
"Variant": {"type": "object", "required": ["recipe", "fps", "query", "viewers", "sent_fps",
        "resolution", "frames", "overtaken", "unusable", "encode_ms"],
    "properties": {
        "recipe": {"type": "string"},
        "fps": {"type": "number", "description": "0: every frame."},
        "query": {"type": "string", "description": "What asks for it."},
        "viewers": {"type": "integer"},
        "sent_fps": {"type": "number"},
        "resolution": {"$ref": "#/components/schemas/Size"},
        "frames": {"type": "integer"},
        "overtaken": {"type": "integer"},
        "unusable": {"type": "integer"},
        "encode_ms": {"type": "number"}}},
"Variants": {"type": "object", "required": ["variants"], "properties": {
    "variants": {"type": "array", "items": {"$ref": "#/components/schemas/Variant"}}}}
})json";

constexpr const char* of_viewers = R"json({
"Viewer": {"type": "object", "required": ["id", "key", "format", "variant", "since", "frames",
        "skipped", "fps", "queue_octets", "acknowledged_octets"],
    "properties": {
        "id": {"type": "string"},
        "key": {"type": "string", "description": "The stream's key= ; 0: none was given."},
        "format": {"enum": ["length", "ahead", "padded"]},
        "variant": {"type": "string", "description": "The query of what it is shown."},
        "since": {"type": "number", "description": "Unix seconds."},
        "frames": {"type": "integer", "description": "That it was sent."},
        "skipped": {"type": "object", "required": ["total"],
            "description": "Frames that were on show and that it was not sent.", "properties": {
                "total": {"type": "integer", "minimum": 0},
                "link": {"type": "integer", "minimum": 0, "description":
                    "Of them those that came while its connection was busy."},
                "server": {"type": "integer", "minimum": 0, "description":
                    "Those that came while the server was busy with others."},
                "why": {"enum": ["link", "server"], "description": "The cause of most."}}},
        "fps": {"type": "number", "description": "That it was sent lately."},
        "age_ms": {"type": "number", "description":
            "Of the picture it was sent last; reckoned from the rate for one that is behind."},
        "queue_octets": {"type": "integer", "description": "Sent and not acknowledged yet."},
        "acknowledged_octets": {"type": "integer"},
        "auto": {"type": "object", "required": ["step", "width", "height", "why"], "properties": {
            "step": {"type": "string"},
            "width": {"type": "integer"},
            "height": {"type": "integer"},
            "why": {"type": "string"}}}}},
"Viewers": {"type": "object", "required": ["viewers"], "properties": {
    "viewers": {"type": "array", "items": {"$ref": "#/components/schemas/Viewer"}}}}
})json";

constexpr const char* of_controls = R"json({
"Control": {"type": "object", "required": ["id", "name", "type", "minimum", "maximum", "step",
        "default", "value", "read_only", "inactive", "menu"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string", "description": "As a person reads it."},
        "type": {"enum": ["integer", "boolean", "menu", "button", "real", "text"]},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "step": {"type": "number"},
        "default": {"type": "number"},
        "value": {"type": "number"},
        "read_only": {"type": "boolean"},
        "inactive": {"type": "boolean", "description": "Another control decides at present."},
        "menu": {"type": "array", "items": {"type": "object", "required": ["value", "name"],
            "properties": {"value": {"type": "integer"}, "name": {"type": "string"}}}}}},
"Controls": {"type": "object", "required": ["controls"], "properties": {
    "controls": {"type": "array", "items": {"$ref": "#/components/schemas/Control"}}}},
"ControlWord": {"type": "object", "required": ["id", "why"], "properties": {
    "id": {"type": "string"},
    "why": {"type": "string"}}},
"ChangedControls": {"type": "object", "required": ["controls", "unmet"], "properties": {
    "controls": {"type": "array", "items": {"$ref": "#/components/schemas/Control"}},
    "unmet": {"type": "array", "items": {"$ref": "#/components/schemas/ControlWord"},
        "description": "Those that are not as they were asked for, by the camera's own word."}}},
"ControlChanges": {"type": "object", "maxProperties": 256, "additionalProperties": {
    "type": ["number", "boolean", "string", "null"],
    "description": "A number, true or false, a menu entry's name; null: the default."}},
"OpenApi": {"type": "object", "required": ["openapi", "info", "paths"],
    "additionalProperties": {}, "properties": {
        "openapi": {"type": "string", "pattern": "^3[.]1[.]"}}}
})json";

}  // namespace

nlohmann::json schemas() {
    nlohmann::json all = nlohmann::json::object();
    for (const char* part : {of_server, of_cameras, of_viewers, of_controls})
        all.update(nlohmann::json::parse(part));
    return all;
}

}  // namespace onlooker::api
