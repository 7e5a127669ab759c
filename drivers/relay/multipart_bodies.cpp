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

constexpr std::string_view start_mark = "\xff\xd8";

bool begins_like_a_jpeg(std::span<const std::byte> picture) noexcept {
    return picture.size() > 2 && picture[0] == std::byte{0xff} && picture[1] == std::byte{0xd8};
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
    if (begins_like_a_jpeg(picture_))
        finish_picture();
    else
        drop_picture();
    return true;
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
