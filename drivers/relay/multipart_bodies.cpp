// What stands below the fields of a part: a picture, or something else.
#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "relay/multipart_reader.hpp"
#include "relay/picture_kind.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view start_mark = "\xff\xd8";
constexpr std::string_view end_mark = "\xff\xd9";
constexpr std::string_view filling = "\0 \t\r\n-"sv;

bool begins_like_a_jpeg(std::span<const std::byte> picture) noexcept {
    return picture.size() > 2 && picture[0] == std::byte{0xff} && picture[1] == std::byte{0xd8};
}

// At its end, or before what some fill a picture up with, or send more than they announce.
bool has_end_mark(std::span<const std::byte> picture) noexcept {
    const std::string_view text{reinterpret_cast<const char*>(picture.data()), picture.size()};
    return text.substr(0, text.find_last_not_of(filling) + 1).ends_with(end_mark);
}

}  // namespace

void MultipartReader::begin_body() {
    const auto length = lengths_trusted_ ? head_.content_length : std::nullopt;
    if (length && *length > limits_.frame)
        throw StreamError(fmt::format("announces a picture of {} octets; the limit is {}", *length,
                                      limits_.frame));
    remaining_ = length.value_or(0);
    verify_length_ = length.has_value();
    state_ = length && *length == 0 ? State::between : State::opening;
}

// A type says less than the octets do: there are JPEGs under any.
bool MultipartReader::read_opening() {
    const std::size_t enough =
        verify_length_ ? std::min(remaining_, picture_kind_octets) : picture_kind_octets;
    const std::string_view opening = input_.text().substr(0, enough);
    const bool is_jpeg = opening.starts_with(start_mark);
    if (!is_jpeg && opening.size() < enough)
        return false;
    if (!is_jpeg)
        refused_ = fmt::format("sends {}, and only JPEG can be shown",
                               kind_in_words(opening, head_.content_type));
    passed_over_ = !is_jpeg && head_.other_type;
    if (verify_length_)
        begin_counted();
    else if (passed_over_)
        state_ = State::between;
    else
        begin_walked();
    return true;
}

void MultipartReader::begin_counted() {
    state_ = State::counted;
    picture_ = std::move(spare_);
    picture_.clear();
    // Not the announced length: a server that announces much and sends nothing must not cost
    // memory.
    picture_.reserve(std::min(remaining_, last_size_ + last_size_ / 8));
}

void MultipartReader::begin_walked() {
    state_ = State::walked;
    finder_ = JpegEndFinder(boundary_.known() ? "\n" + std::string(boundary_.text()) : "");
    picture_ = std::move(spare_);
    picture_.clear();
    picture_.reserve(last_size_ + last_size_ / 8);
}

bool MultipartReader::read_counted() {
    const auto piece = input_.octets().first(std::min(remaining_, input_.octets().size()));
    if (!passed_over_)
        picture_.insert(picture_.end(), piece.begin(), piece.end());
    remaining_ -= piece.size();
    input_.use(piece.size());
    if (remaining_ > 0)
        return false;
    if (!begins_like_a_jpeg(picture_))
        drop_picture();
    else if (end_marks_missing_ || has_end_mark(picture_))
        finish_picture();
    else
        return read_behind_counted();
    return true;
}

// The length is spent, and there was no end mark. Either the picture has none, and the delimiter
// follows, or the server cannot count.
bool MultipartReader::read_behind_counted() {
    const std::string_view delimiter = boundary_.text();
    const std::size_t line_ends =
        std::min(input_.text().find_first_not_of("\r\n"), input_.text().size());
    const std::string_view behind = input_.text().substr(line_ends, delimiter.size());
    if (behind == delimiter) {
        end_marks_missing_ = true;
        finish_picture();
        return true;
    }
    if (delimiter.starts_with(behind))
        return false;
    lengths_trusted_ = false;
    finder_ = {};
    const auto [status, used] = finder_.feed(picture_);
    picture_.resize(used);
    if (status == JpegEndFinder::Status::more)
        state_ = State::walked;
    else if (status == JpegEndFinder::Status::end)
        finish_picture();
    else
        finish_torn_picture();
    return true;
}

void MultipartReader::settle() {
    if (state_ != State::counted || picture_.empty())
        return;
    const auto [status, used] = JpegEndFinder().feed(picture_);
    const bool whole = status == JpegEndFinder::Status::end;
    if (!whole && remaining_ > 0)
        return;
    if (whole)
        picture_.resize(used);
    lengths_trusted_ = lengths_trusted_ && remaining_ == 0;
    finish_picture();
}

bool MultipartReader::read_walked() {
    if (picture_.empty() && (input_.text().front() == '\r' || input_.text().front() == '\n')) {
        pass_junk(1);
        return true;
    }
    const auto [status, used] = finder_.feed(input_.octets());
    const auto piece = input_.octets().first(used);
    picture_.insert(picture_.end(), piece.begin(), piece.end());
    input_.use(used);
    if (picture_.size() > limits_.frame)
        throw StreamError(
            fmt::format("sends a picture without end; the limit is {} octets", limits_.frame));
    switch (status) {
        case JpegEndFinder::Status::more:
            return false;
        case JpegEndFinder::Status::end:
            finish_picture();
            return true;
        case JpegEndFinder::Status::torn:
            finish_torn_picture();
            return true;
        case JpegEndFinder::Status::broken:
            step_back_onto_start_mark();
            finish_torn_picture();
            return true;
    }
    return false;
}

// A picture that was cut off is known by the next one's start mark, FF D8, but only its second
// octet is what cannot stand there.
void MultipartReader::step_back_onto_start_mark() {
    if (boundary_.known() || picture_.empty() || picture_.back() != std::byte{0xff})
        return;
    input_.step_back(std::byte{0xff});
    picture_.pop_back();
}

void MultipartReader::finish_torn_picture() {
    if (torn_ == Torn::passed_on && !picture_.empty())
        return finish_picture();
    if (begins_like_a_jpeg(picture_))
        refused_ = "sends pictures that are cut short or broken";
    drop_picture();
}

void MultipartReader::end() {
    settle();
    if (state_ == State::walked && torn_ == Torn::passed_on)
        finish_torn_picture();
}

void MultipartReader::finish_picture() {
    last_size_ = picture_.size();
    frames_.push_back({std::exchange(picture_, {}), head_.wall, std::exchange(lost_, 0)});
    may_begin_with_junk_ = true;
    refused_.clear();
    look_for_next();
}

void MultipartReader::drop_picture() {
    if (!picture_.empty())
        ++lost_;
    picture_.clear();
    look_for_next();
}

}  // namespace onlooker::drivers
