// Camera specs and configuration files from anybody: each is taken or refused in words, and what is
// shown of it is one printable line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/camera_spec.hpp"
#include "app/config_file.hpp"
#include "app/settings.hpp"
#include "base/redaction.hpp"

using namespace onlooker::app;

namespace {

void try_camera(std::string_view text) {
    try {
        const CameraOption camera = parse_camera(text);
        if (!is_plain_name(camera.driver) || (!camera.name.empty() && !is_plain_name(camera.name)))
            std::abort();
    } catch (const ValueError&) {
    }
    for (const char c : onlooker::without_secrets(text)) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x20 || octet == 0x7f)
            std::abort();
    }
}

void try_file(std::string_view text) {
    try {
        for (const ConfigLine& line : parse_config(text, "fuzz")) {
            const Setting* setting = find_setting(line.key);
            (void)nearest_setting(line.key);
            if (setting == nullptr || !setting->is_for_file() || line.values.empty())
                continue;
            Options options;
            setting->apply(options, line.values);
        }
    } catch (const ConfigError&) {
    } catch (const ValueError&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try_camera(text);
    try_file(text);
    return 0;
}
