#include "relay/pull.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "relay/capture_stamp.hpp"
#include "relay/relay_errors.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::chrono_literals;
using camera::CameraError;
using camera::ErrorKind;

constexpr auto longest_wait = 500ms;  // between two looks at the limits
constexpr int ok = 200;
constexpr int not_modified = 304;
// Octets that come, but never make a picture, are borne this many times as long as silence.
constexpr int patience_for_a_picture = 3;

// Parts that are no pictures may stand between the pictures of a stream.
constexpr auto quiet_before_explaining = 1s;

// What an upstream wants to be told again is told only when it is clean.
bool may_be_repeated(const std::string& value) {
    constexpr std::size_t longest = 200;
    return !value.empty() && value.size() <= longest && escaped(value) == value;
}

double seconds(std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

Pull::Pull(const RelaySettings& options, const Credentials& credentials, std::string via)
    : options_(options),
      via_(std::move(via)),
      client_(options, credentials, [this](std::span<const std::byte> body) { feed_body(body); }) {}

void Pull::ask() {
    reader_.reset();
    pictures_ = 0;
    asked_ = SteadyClock::now();
    asked_running_ = last_picture_ = RunningClock::now();
    std::vector<std::string> fields{
        "Accept: multipart/x-mixed-replace, image/jpeg, */*;q=0.1",
        "Via: " + via_,
    };
    if (!etag_.empty())
        fields.push_back("If-None-Match: " + etag_);
    if (!last_modified_.empty())
        fields.push_back("If-Modified-Since: " + last_modified_);
    client_.get(fields);
}

bool Pull::advance(camera::CaptureContext& context) {
    const bool goes_on = client_.advance(context.stop_descriptor(), longest_wait);
    // An upstream's controls are its own: a change that waits is taken, and nothing is done.
    if (client_.extra_was_readable() && !context.stop_requested())
        context.take_control_changes();
    if (goes_on)
        check_limits();
    else if (reader_)
        reader_->end();
    return goes_on;
}

std::optional<MultipartReader::Frame> Pull::take() {
    auto frame = reader_ ? reader_->take() : std::nullopt;
    if (frame) {
        ++pictures_;
        last_given_ = SteadyClock::now();
        last_picture_ = RunningClock::now();
        if (!frame->wall && !is_stream())
            frame->wall = parse_capture_stamp(client_.head().timestamp);
    }
    return frame;
}

void Pull::give_back(MultipartReader::Frame&& frame) noexcept {
    if (is_stream())
        reader_->reuse(std::move(frame.jpeg));
    else
        snapshot_ = std::move(frame);
}

const MultipartReader::Frame* Pull::unchanged_for(SteadyClock::duration time) {
    const auto now = SteadyClock::now();
    if (client_.status() != not_modified || snapshot_.jpeg.empty() || now - last_given_ < time)
        return nullptr;
    last_given_ = now;
    snapshot_.lost = 0;
    return &snapshot_;
}

void Pull::feed_body(std::span<const std::byte> octets) {
    if (client_.status() != ok)
        throw status_error(client_.status(), options_.shown);
    if (!reader_)
        reader_.emplace(client_.head().content_type, MultipartReader::Limits{},
                        options_.allow_truncated ? MultipartReader::Torn::passed_on
                                                 : MultipartReader::Torn::dropped);
    try {
        reader_->feed(octets);
    } catch (const StreamError& error) {
        throw failure(ErrorKind::failed, error.what());
    }
}

void Pull::check_limits() const {
    const auto now = RunningClock::now();
    if (now - client_.last_heard() > options_.silence)
        throw failure(ErrorKind::no_signal,
                      fmt::format("sent nothing for {} s", seconds(options_.silence)));
    // The name, the connection and redirects take their time before a head can come.
    if (!client_.has_head() && now - asked_running_ > 2 * options_.silence)
        throw failure(ErrorKind::no_signal, "takes too long to answer");
    if (now - last_picture_ > patience_for_a_picture * options_.silence)
        throw failure(ErrorKind::no_signal,
                      reader_ && !reader_->refused().empty()
                          ? reader_->refused()
                          : fmt::format("sends, but no whole picture came for {} s",
                                        seconds(patience_for_a_picture * options_.silence)));
}

std::string Pull::refused() const {
    const bool is_recent = SteadyClock::now() - last_picture_ < quiet_before_explaining;
    if (!reader_ || reader_->refused().empty() || is_recent)
        return {};
    return fmt::format("{} {}", options_.shown, reader_->refused());
}

void Pull::conclude() {
    const bool was_conditional = !etag_.empty() || !last_modified_.empty();
    if (client_.status() == not_modified && was_conditional)
        return;
    if (client_.status() != ok)
        throw status_error(client_.status(), options_.shown);
    const ResponseHead& head = client_.head();
    if (!reader_)
        reader_.emplace(head.content_type);  // there was no body
    if (pictures_ == 0)
        throw failure(ErrorKind::failed,
                      reader_->refused().empty()
                          ? reader_->answer_in_words(" and no whole picture in it")
                          : reader_->refused());
    // Only a snapshot is kept, so only a snapshot can turn out to be unchanged.
    const bool is_snapshot = !is_stream() && pictures_ == 1;
    etag_ = is_snapshot && may_be_repeated(head.etag) ? head.etag : "";
    last_modified_ = is_snapshot && may_be_repeated(head.last_modified) ? head.last_modified : "";
}

CameraError Pull::failure(ErrorKind kind, const std::string& what) const {
    return {kind, fmt::format("{} {}", options_.shown, what)};
}

}  // namespace onlooker::drivers
