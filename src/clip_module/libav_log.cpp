#include "clip_module/libav_log.hpp"

extern "C" {
#include <libavutil/log.h>
}

#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <utility>

namespace onlooker::clip_module {

namespace {

thread_local std::string complaint;

// The first member of whatever has a name in FFmpeg is its class.
bool is_muxer(void* who) noexcept {
    if (who == nullptr)
        return false;
    const AVClass* const its_class = *static_cast<const AVClass**>(who);
    if (its_class == nullptr)
        return false;
    const AVClassCategory category =
        its_class->get_category != nullptr ? its_class->get_category(who) : its_class->category;
    return category == AV_CLASS_CATEGORY_MUXER;
}

void on_log(void* who, int level, const char* format, va_list arguments) {
    if (!is_muxer(who))
        return av_log_default_callback(who, level, format, arguments);
    if (level > AV_LOG_ERROR)
        return;
    char words[300];
    const int size = std::vsnprintf(words, sizeof words, format, arguments);
    if (size <= 0)
        return;
    try {
        complaint = words;
        while (!complaint.empty() && complaint.back() == '\n')
            complaint.pop_back();
    } catch (...) {  // NOLINT(bugprone-empty-catch)
        // Without memory for them the words are lost; this is called from C.
    }
}

}  // namespace

void take_log_of_muxers() {
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback(on_log); });
}

std::string last_complaint() {
    return std::exchange(complaint, {});
}

}  // namespace onlooker::clip_module
