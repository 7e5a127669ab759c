#include "media/overlay_fonts.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <system_error>

#include "base/logging.hpp"
#include "base/module_file.hpp"
#include "base/text.hpp"
#include "media/time_zones.hpp"

namespace onlooker::media {

namespace {

namespace fs = std::filesystem;

constexpr ModuleKind module_kind{
    .name = "overlay module",
    .file = overlay_module_file,
    .symbol = overlay_module_symbol,
    .interface = overlay_interface,
    .brought_by =
        "install the package onlooker-overlay, or build onlooker with FreeType, utf8proc "
        "and cctz (Debian: libfreetype-dev, libutf8proc-dev, libcctz-dev) and "
        "-Doverlay=enabled"};
constexpr std::string_view what_brings_fonts =
    "install the package fonts-dejavu-core, or name a font file with --overlay-font";

// Where Debian, Alpine, Fedora and Arch put fonts with the letters of Europe; the best first.
constexpr std::array<std::string_view, 8> system_fonts{
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/freefont/FreeSans.ttf",
    "/usr/share/fonts/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
};

}  // namespace

OverlayFonts& OverlayFonts::of_process() {
    static OverlayFonts fonts{Settings{}};
    return fonts;
}

void OverlayFonts::open_module() {
    const auto path = find_module(settings_.module_folders, module_kind.file);
    if (!path) {
        why_no_module_ = not_installed(module_kind, settings_.module_folders);
        return;
    }
    try {
        module_ = &onlooker::open_module<OverlayModule>(module_kind, *path);
    } catch (const ModuleError& error) {
        why_no_module_ = error.what();
    }
}

const OverlayModule* OverlayFonts::module() {
    std::call_once(opened_, [this] { open_module(); });
    return module_;
}

void OverlayFonts::tell_once(std::string_view lacks) {
    std::call_once(told_, [&] {
        logging::warn(
            "overlays are written in plain strokes, which know no accents and no letters but those "
            "of ASCII: {}",
            lacks);
    });
}

std::unique_ptr<Typeface> OverlayFonts::open_file(const OverlayModule& module,
                                                  const fs::path& file) {
    try {
        return module.open_font(file.string());
    } catch (const std::exception& error) {
        logging::warn("the font {} cannot be used for overlays: {}", file.string(), error.what());
        return nullptr;
    }
}

std::unique_ptr<Typeface> OverlayFonts::open() {
    const OverlayModule* module = this->module();
    if (module == nullptr) {
        tell_once(why_no_module_);
        return make_stroke_typeface();
    }
    if (!settings_.font.empty()) {
        if (auto face = open_file(*module, settings_.font))
            return face;
    }
    std::error_code ignored;
    for (const fs::path file : system_fonts) {
        if (!fs::is_regular_file(file, ignored))
            continue;
        if (auto face = open_file(*module, file))
            return face;
    }
    tell_once(fmt::format("no font was found; {}", what_brings_fonts));
    return make_stroke_typeface();
}

std::tm OverlayFonts::local_time(const std::string& zone, std::int64_t second) {
    std::tm time{};
    const auto clock = static_cast<std::time_t>(second);
    if (zone.empty()) {
        if (::localtime_r(&clock, &time) != nullptr)
            return time;
    } else if (zone != "UTC") {
        const OverlayModule* module = this->module();
        if (module != nullptr && module->local_time(zone, second, time))
            return time;
    }
    ::gmtime_r(&clock, &time);
    return time;
}

std::string OverlayFonts::check_zone(const std::string& zone) {
    if (zone.empty() || zone == "UTC")
        return {};
    if (std::string wrong = check_time_zone(zone); !wrong.empty())
        return wrong;
    std::tm time{};
    const OverlayModule* module = this->module();
    if (module == nullptr)
        return fmt::format("other time zones than UTC and this machine's take a module: {}",
                           why_no_module_);
    if (!module->local_time(zone, 0, time))
        return fmt::format("the time zone {} cannot be read", zone);
    return {};
}

std::string OverlayFonts::check_font() {
    if (settings_.font.empty())
        return {};
    const OverlayModule* module = this->module();
    if (module == nullptr)
        return why_no_module_;
    try {
        (void)module->open_font(settings_.font.string());
    } catch (const std::exception& error) {
        return fmt::format("the font {} cannot be used: {}", readable(settings_.font.string(), 300),
                           error.what());
    }
    return {};
}

}  // namespace onlooker::media
