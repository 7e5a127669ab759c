// What the sanitizers find in the libraries below OpenCV, which are not built with them: memory
// that is kept until the process ends, and threads of FFmpeg and GLib whose locks they do not see.
extern "C" {

const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
const char* __tsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)

const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libglib\n"
           "leak:libgst\n";
}

const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "race:libavutil\n"
           "race:libavcodec\n"
           "race:libavformat\n"
           "race:libglib\n"
           "race:libgst\n";
}

}  // extern "C"
