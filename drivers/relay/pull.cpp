#include "relay/pull.hpp"

#include <fmt/format.h>

#include <algorithm>
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
constexpr int not_modified = 304;
// Octets that come, but never make a picture, are borne this many times as long as silence.
constexpr int patience_for_a_picture = 3;
// How long a response may go on behind its picture, once per Pull: with a length, for the rest that
// it promises; without, for a second picture, which makes it a stream.
constexpr auto longest_rest = 200ms;
constexpr auto longest_gap = 1500ms;  // a camera is taken for stopped after 2 s
constexpr std::size_t largest_snapshot = MultipartReader::Limits{}.frame;

// Parts that are no pictures may stand between the pictures of a stream.
constexpr auto quiet_before_explaining = 1s;

// Whether a body comes with it that is the picture. A part of one that was not asked for (206) is
// judged by what comes.
bool is_success(long status) {
    return status / 100 == 2 && status != 204 && status != 205;
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
    failure_ = nullptr;
    asked_ = SteadyClock::now();
    asked_running_ = last_picture_ = RunningClock::now();
    std::vector<std::string> fields{
        "Accept: multipart/x-mixed-replace, image/jpeg, */*;q=0.1",
        "Via: " + via_,
    };
    for (std::string& condition : validators_.conditions(asked_))
        fields.push_back(std::move(condition));
    client_.get(fields);
}

bool Pull::advance(camera::CaptureContext& context) {
    bool goes_on = false;
    try {
        goes_on = client_.advance(context.stop_descriptor(),
                                  has_snapshot() ? wait_behind_snapshot() : longest_wait);
    } catch (const CameraError&) {
        failure_ = std::current_exception();
    }
    // An upstream's controls are its own: a change that waits is taken, and nothing is done.
    if (client_.extra_was_readable() && !context.stop_requested())
        context.take_control_changes();
    const auto now = RunningClock::now();
    if (reader_ && goes_on && now - client_.last_heard() >= longest_wait)
        reader_->settle();
    if (goes_on && has_snapshot() && now - last_picture_ >= wait_behind_snapshot()) {
        client_.cancel();
        hangs_ = true;
        return false;
    }
    if (goes_on)
        check_limits();
    else if (reader_)
        reader_->end();
    return goes_on;
}

std::optional<MultipartReader::Frame> Pull::take() {
    if (carries_one_picture() && pictures_ > 0)  // what follows is a preview, as in CIPA DC-007
        return std::nullopt;
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
    if (is_stream()) {
        reader_->reuse(std::move(frame.jpeg));
        return;
    }
    snapshot_changed_ = snapshot_.jpeg != frame.jpeg;
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
    if (!is_success(client_.status()))
        throw status_error(client_.status(), options_.shown);
    if (!reader_)
        reader_.emplace(client_.head().content_type, MultipartReader::Limits{},
                        options_.allow_truncated ? MultipartReader::Torn::passed_on
                                                 : MultipartReader::Torn::dropped);
    if (has_snapshot() && carries_one_picture())
        return;
    try {
        reader_->feed(octets);
    } catch (const StreamError& error) {
        throw failure(ErrorKind::failed, error.what());
    }
}

bool Pull::carries_one_picture() const noexcept {
    // Some write a length without meaning above a stream: 2147483647.
    const auto length = client_.content_length();
    return reader_ && !is_stream() && length && *length <= largest_snapshot;
}

bool Pull::has_snapshot() const noexcept {
    return is_success(client_.status()) && reader_ && !is_stream() &&
           (carries_one_picture() ? pictures_ > 0 : pictures_ == 1 && !reader_->inside_picture());
}

std::chrono::milliseconds Pull::wait_behind_snapshot() const noexcept {
    if (hangs_)
        return 0ms;
    return std::min<std::chrono::milliseconds>(carries_one_picture() ? longest_rest : longest_gap,
                                               options_.silence / 2);
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
    const bool is_recent = RunningClock::now() - last_picture_ < quiet_before_explaining;
    if (!reader_ || reader_->refused().empty() || is_recent)
        return {};
    return fmt::format("{} {}", options_.shown, reader_->refused());
}

void Pull::conclude() {
    if (has_snapshot()) {
        validators_.learn(client_.head(), snapshot_changed_, SteadyClock::now());
        return;
    }
    if (failure_)
        std::rethrow_exception(failure_);
    if (client_.status() == not_modified && !snapshot_.jpeg.empty())
        return;
    if (!is_success(client_.status()))
        throw status_error(client_.status(), options_.shown);
    const ResponseHead& head = client_.head();
    if (!reader_)
        reader_.emplace(head.content_type);  // there was no body
    if (pictures_ == 0)
        throw failure(ErrorKind::failed,
                      reader_->refused().empty()
                          ? reader_->answer_in_words(" and no whole picture in it")
                          : reader_->refused());
}

CameraError Pull::failure(ErrorKind kind, const std::string& what) const {
    return {kind, fmt::format("{} {}", options_.shown, what)};
}

}  // namespace onlooker::drivers
