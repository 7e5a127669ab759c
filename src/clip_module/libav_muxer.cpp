#include "clip_module/libav_muxer.hpp"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
}

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <exception>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "clip_module/libav_log.hpp"

namespace onlooker::clip_module {

namespace {

using clips::Format;
using clips::Muxer;
using clips::MuxerSettings;
using std::chrono::microseconds;

// libavformat's own names.
const char* name_of(Format format) noexcept {
    return format == Format::mkv ? "matroska" : format == Format::mp4 ? "mp4" : "avi";
}

// A millisecond is what Matroska has. AVI has no more than 16 bits for the pictures between two,
// and libavformat refuses more than 60000 empty ones.
constexpr int thousandths = 1'000;
constexpr int mp4_ticks = 90'000;  // a second; a gap of 2^31 of them is six hours
constexpr std::int64_t longest_avi_gap = 50'000;
// How long a picture lasts that is the only one.
constexpr microseconds usual_distance{40'000};
// Milliseconds between pictures of which none is to wait in a cluster for the next one.
constexpr std::int64_t rare = 500;

AVRational tick_of(const MuxerSettings& settings) noexcept {
    if (settings.format == Format::mp4)
        return {1, mp4_ticks};
    if (settings.format == Format::avi && settings.interval.count() > 0)
        return {static_cast<int>(settings.interval.count()), 1'000'000};
    return {1, thousandths};
}

// What libavformat takes for a time.
std::string as_iso_8601(std::chrono::system_clock::time_point time) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t clock = std::chrono::system_clock::to_time_t(second);
    std::tm utc{};
    ::gmtime_r(&clock, &utc);
    char words[32];
    const std::size_t size = std::strftime(words, sizeof words, "%Y-%m-%dT%H:%M:%S", &utc);
    const auto fraction = std::chrono::duration_cast<microseconds>(time - second).count();
    const std::string digits = std::to_string(1'000'000 + fraction);
    return std::string(words, size) + '.' + digits.substr(1) + 'Z';
}

class Words {
  public:
    Words() = default;
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;
    ~Words() { av_dict_free(&words_); }

    void set(const char* name, const std::string& value) {
        if (av_dict_set(&words_, name, value.c_str(), 0) < 0)
            throw std::bad_alloc();
    }
    AVDictionary** get() noexcept { return &words_; }
    AVDictionary* release() noexcept { return std::exchange(words_, nullptr); }

  private:
    AVDictionary* words_ = nullptr;
};

class LibavMuxer final : public Muxer {
  public:
    LibavMuxer(const MuxerSettings& settings, Sink sink);
    LibavMuxer(const LibavMuxer&) = delete;
    LibavMuxer& operator=(const LibavMuxer&) = delete;
    ~LibavMuxer() override;

    void write(std::span<const std::byte> jpeg, microseconds time) override;
    void finish() override;

  private:
// The octets are const from libavformat 61 (FFmpeg 7) on.
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    using Octets = const std::uint8_t*;
#else
    using Octets = std::uint8_t*;
#endif
    static int on_octets(void* self, Octets octets, int size) noexcept;

    void make(const MuxerSettings& settings);
    void begin(const MuxerSettings& settings);
    void send(std::span<const std::byte> octets, std::int64_t time);
    void flush();
    void check(int result, const char* what);
    void free() noexcept;

    Sink sink_;
    std::exception_ptr failure_;  // of the sink
    AVFormatContext* context_ = nullptr;
    AVIOContext* output_ = nullptr;
    AVPacket* packet_ = nullptr;
    AVRational tick_;
    Format format_;
    bool is_even_;
    std::int64_t last_ = -1;     // ticks
    std::int64_t distance_ = 1;  // of the last two
};

LibavMuxer::LibavMuxer(const MuxerSettings& settings, Sink sink)
    : sink_(std::move(sink)),
      tick_(tick_of(settings)),
      format_(settings.format),
      is_even_(settings.interval.count() > 0) {
    try {
        make(settings);
        begin(settings);
    } catch (...) {
        free();
        throw;
    }
}

LibavMuxer::~LibavMuxer() {
    free();
}

void LibavMuxer::free() noexcept {
    av_packet_free(&packet_);
    avformat_free_context(context_);
    if (output_ != nullptr)
        av_freep(static_cast<void*>(&output_->buffer));
    avio_context_free(&output_);
}

void LibavMuxer::make(const MuxerSettings& settings) {
    constexpr std::size_t buffer_size = 32 * 1024;
    packet_ = av_packet_alloc();
    void* buffer = av_malloc(buffer_size);
    if (buffer != nullptr)
        output_ = avio_alloc_context(static_cast<unsigned char*>(buffer), buffer_size, 1, this,
                                     nullptr, &LibavMuxer::on_octets, nullptr);
    if (output_ == nullptr)
        av_free(buffer);
    if (output_ == nullptr || packet_ == nullptr)
        throw std::bad_alloc();
    check(avformat_alloc_output_context2(&context_, nullptr, name_of(settings.format), nullptr),
          "this libavformat cannot write it");
    context_->pb = output_;
    context_->flags |= AVFMT_FLAG_CUSTOM_IO;
    AVStream* const stream = avformat_new_stream(context_, nullptr);
    if (stream == nullptr)
        throw std::bad_alloc();
    stream->time_base = tick_;
    AVCodecParameters& codec = *stream->codecpar;
    codec.codec_type = AVMEDIA_TYPE_VIDEO;
    codec.codec_id = AV_CODEC_ID_MJPEG;
    codec.width = static_cast<int>(settings.width);
    codec.height = static_cast<int>(settings.height);
}

// Options of the muxers: ffmpeg-formats(1), "matroska" and "mov, mp4, ismv".
void LibavMuxer::begin(const MuxerSettings& settings) {
    Words about;
    if (!settings.title.empty())
        about.set("title", settings.title);
    about.set("creation_time", as_iso_8601(settings.begins));
    context_->metadata = about.release();
    Words options;
    if (settings.format == Format::mkv) {
        options.set("live", "1");
        options.set("cluster_time_limit", "1000");   // ms
        options.set("cluster_size_limit", "65536");  // beyond which a picture begins the next one
    } else if (settings.format == Format::mp4) {
        options.set("movflags", "empty_moov+default_base_moof");
        options.set("frag_duration", "500000");  // us
    }
    check(avformat_write_header(context_, options.get()), "the file cannot be begun");
    tick_ = context_->streams[0]->time_base;
    const microseconds distance = is_even_ ? settings.interval : usual_distance;
    distance_ =
        std::max<std::int64_t>(av_rescale_q(distance.count(), AVRational{1, 1'000'000}, tick_), 1);
    avio_flush(output_);
    check(output_->error, "its head cannot be written");
}

int LibavMuxer::on_octets(void* self, Octets octets, int size) noexcept {
    auto& muxer = *static_cast<LibavMuxer*>(self);
    try {
        muxer.sink_(std::as_bytes(std::span(octets, static_cast<std::size_t>(size))));
        return size;
    } catch (...) {
        muxer.failure_ = std::current_exception();
        return AVERROR_EXTERNAL;
    }
}

// The packet refers to octets that are not its own: av_write_frame() takes such, and is through
// with them when it returns.
void LibavMuxer::send(std::span<const std::byte> octets, std::int64_t time) {
    packet_->data = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(octets.data()));
    packet_->size = static_cast<int>(octets.size());
    packet_->pts = packet_->dts = time;
    packet_->duration = distance_;
    packet_->flags = AV_PKT_FLAG_KEY;
    packet_->stream_index = 0;
    const int result = av_write_frame(context_, packet_);
    packet_->data = nullptr;
    packet_->size = 0;
    check(result, "a picture cannot be written");
    last_ = time;
}

void LibavMuxer::write(std::span<const std::byte> jpeg, microseconds time) {
    const std::int64_t asked =
        av_rescale_q_rnd(time.count(), AVRational{1, 1'000'000}, tick_, AV_ROUND_NEAR_INF);
    const std::int64_t at = std::max(asked, last_ + 1);
    while (format_ == Format::avi && last_ >= 0 && at - last_ > longest_avi_gap)
        send({}, last_ + longest_avi_gap);
    if (last_ >= 0)
        distance_ = at - last_;
    send(jpeg, at);
    if (is_even_ || (format_ == Format::mkv && distance_ >= rare))
        flush();
}

// A cluster or a fragment ends here. In MP4 the last picture of a fragment lasts as long as the one
// before it, which is true only where all do.
void LibavMuxer::flush() {
    check(av_write_frame(context_, nullptr), "it cannot be written out");
    avio_flush(output_);
    check(output_->error, "it cannot be written out");
}

void LibavMuxer::finish() {
    check(av_write_trailer(context_), "its end cannot be written");
    avio_flush(output_);
    check(output_->error, "its end cannot be written");
}

void LibavMuxer::check(int result, const char* what) {
    if (failure_)
        std::rethrow_exception(std::exchange(failure_, nullptr));
    std::string complaint = last_complaint();
    if (result >= 0)
        return;
    if (result == AVERROR(ENOMEM))
        throw std::bad_alloc();
    if (complaint.empty()) {
        char words[AV_ERROR_MAX_STRING_SIZE] = {};
        complaint = av_strerror(result, words, sizeof words) == 0 ? words : "unknown error";
    }
    throw std::runtime_error(std::string(what) + ": " + complaint);
}

}  // namespace

std::unique_ptr<Muxer> open_muxer(const MuxerSettings& settings, Muxer::Sink sink) {
    take_log_of_muxers();
    return std::make_unique<LibavMuxer>(settings, std::move(sink));
}

}  // namespace onlooker::clip_module
