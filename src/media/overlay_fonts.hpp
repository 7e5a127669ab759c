// Where overlays get their letters and the time in other zones from: the overlay module, which is
// opened at the first overlay and never before, and a font of the system. Without them overlays are
// written in the program's own strokes, and the log says once what brings the rest.
//
// Owner: the process has one, for all painters; tests make their own. Thread: any.
#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/overlay_module.hpp"
#include "media/typeface.hpp"

namespace onlooker::media {

class OverlayFonts {
  public:
    struct Settings {
        std::vector<std::filesystem::path> module_folders;  // the first that has it counts
        std::filesystem::path font;                         // empty: one of the system
    };

    explicit OverlayFonts(Settings settings) : settings_(std::move(settings)) {}
    OverlayFonts(const OverlayFonts&) = delete;
    OverlayFonts& operator=(const OverlayFonts&) = delete;

    static OverlayFonts& of_process();
    // Before the first use.
    void configure(Settings settings) { settings_ = std::move(settings); }

    // Never null.
    std::unique_ptr<Typeface> open();

    // What clocks in a zone say; "": the zone of this machine. Where the zone cannot be had, UTC.
    std::tm local_time(const std::string& zone, std::int64_t second);

    // Empty, or why there can be no overlay in this zone, in words.
    std::string check_zone(const std::string& zone);

    // Empty, or why the font that the settings name cannot be used, in words. Opens the module.
    std::string check_font();

  private:
    // Null: why_no_module_ says why.
    const OverlayModule* module();
    void open_module();
    std::unique_ptr<Typeface> open_file(const OverlayModule& module,
                                        const std::filesystem::path& file);
    void tell_once(std::string_view lacks);

    Settings settings_;
    std::once_flag opened_;
    const OverlayModule* module_ = nullptr;
    std::string why_no_module_;
    std::once_flag told_;
};

}  // namespace onlooker::media
