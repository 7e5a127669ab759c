// What onlooker_clips.so shows to the program.
#include "clip_module/libav_muxer.hpp"
#include "clips/clip_module.hpp"

extern "C" [[gnu::visibility("default")]] const onlooker::clips::ClipModule onlooker_clip_module{
    onlooker::clips::clip_interface, &onlooker::clip_module::open_muxer};
