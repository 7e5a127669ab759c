// What a change of the configuration does to a program that runs: which settings take effect at
// once, which by way of the cameras, and which only when it is started again.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"

namespace onlooker::app {

enum class Effect : std::uint8_t {
    at_once,
    on_cameras,  // each camera that it is about is opened again, or comes, or goes
    after_restart,
};

struct ChangeRule {
    std::string_view setting;  // its name, as in the table of settings
    Effect effect;
    bool (*differs)(const Options& before, const Options& next);
};

// One for each setting that a file may have.
std::span<const ChangeRule> change_rules();

// The names of the settings that differ and have that effect.
std::vector<std::string_view> changed_settings(const Options& before, const Options& next,
                                               Effect effect);

// The camera is to be opened again: it, or what all cameras are told of its pictures, has changed.
// Names are the same.
bool is_other_camera(const Options& before, const CameraOption& camera_before, const Options& next,
                     const CameraOption& camera_next);

}  // namespace onlooker::app
