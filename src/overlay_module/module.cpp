// What onlooker_overlay.so shows to the program.
#include "media/overlay_module.hpp"
#include "overlay_module/font_file.hpp"
#include "overlay_module/zone_time.hpp"

extern "C"
    [[gnu::visibility("default")]] const onlooker::media::OverlayModule onlooker_overlay_module{
        onlooker::media::overlay_interface, &onlooker::overlay_module::open_font,
        &onlooker::overlay_module::local_time};
