#include "relay/multipart_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t longest_line = 1024;          // before the first picture
constexpr std::size_t longest_delimiter_end = 256;  // blanks behind a delimiter
constexpr std::string_view picture_start = "\xff\xd8\xff"sv;
constexpr std::string_view blanks = "\r\n \t\0-"sv;  // dashes: some send more than they announce

bool is_blank(std::string_view text) noexcept {
    return text.find_first_not_of(blanks) == std::string_view::npos;
}

std::string_view without_return(std::string_view line) noexcept {
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

bool is_content_field(std::string_view line) noexcept {
    return equal_ignoring_case(line.substr(0, 8), "Content-");
}

}  // namespace

MultipartReader::MultipartReader(std::string_view content_type, Limits limits, Torn torn)
    : limits_(limits),
      torn_(torn),
      content_type_(content_type),
      announced_(equal_ignoring_case(content_type.substr(0, 10), "multipart/")),
      may_begin_with_junk_(announced_ || content_type.empty() || names_jpeg(content_type)),
      boundary_(announced_ ? content_type : std::string_view()) {}

void MultipartReader::feed(std::span<const std::byte> octets) {
    input_.add(octets);
    while (!input_.empty() && step()) {
    }
    input_.keep();
}

std::optional<MultipartReader::Frame> MultipartReader::take() {
    if (frames_.empty())
        return std::nullopt;
    Frame frame = std::move(frames_.front());
    frames_.pop_front();
    return frame;
}

bool MultipartReader::step() {
    switch (state_) {
        case State::lines:
            return read_line_before_pictures();
        case State::head:
            return read_head();
        case State::counted:
            return read_counted();
        case State::walked:
            return read_walked();
        case State::between:
            return read_between();
    }
    return false;
}

// As long as no boundary is known: a picture may begin anywhere, else there are lines.
bool MultipartReader::read_line_before_pictures() {
    const std::string_view window = input_.text().substr(0, longest_line);
    const std::size_t line_end = window.find('\n');
    const std::string_view line = window.substr(0, line_end);
    if (const std::size_t start = line.find(picture_start); start != std::string_view::npos) {
        pass_junk(start);
        if (!candidate_.empty())
            boundary_.learn(candidate_);
        begin_walked();
        return true;
    }
    if (line_end == std::string_view::npos) {
        if (line.size() < longest_line)
            return false;
        pass_junk(line.size() - (picture_start.size() - 1));
        return true;
    }
    feed_line_before_pictures(without_return(line));
    if (state_ == State::lines && candidate_.empty())
        pass_junk(line_end + 1);
    else
        input_.use(line_end + 1);
    return true;
}

void MultipartReader::feed_line_before_pictures(std::string_view line) {
    if (boundary_.matches(line)) {
        boundary_.learn(line);
        begin_head();
    } else if (!candidate_.empty() &&
               (is_content_field(line) || (line.empty() && !boundary_.announced()))) {
        // What was announced never came, or nothing was, and this line is the top of a head.
        boundary_.learn(candidate_);
        begin_head();
        head_has_fields_ = !line.empty();
        head_.feed(line);
    } else {
        candidate_ = Boundary::plausible(line) ? line : std::string_view();
    }
}

void MultipartReader::begin_head() {
    state_ = State::head;
    head_ = {};
    head_size_ = 0;
    head_has_fields_ = false;
    verify_length_ = false;
    skipped_ = 0;
}

bool MultipartReader::read_head() {
    // Some leave out the empty line between the fields and the picture.
    if (input_.text().starts_with(picture_start.substr(0, 2))) {
        begin_body();
        return true;
    }
    const std::size_t line_end = input_.text().find('\n');
    head_size_ += std::min(line_end, input_.text().size());
    if (head_size_ > limits_.part_head)
        throw StreamError(
            fmt::format("sends more than {} octets of fields above a picture", limits_.part_head));
    if (line_end == std::string_view::npos) {
        head_size_ -= input_.text().size();
        return false;
    }
    const std::string_view line = without_return(input_.text().substr(0, line_end));
    input_.use(line_end + 1);
    if (boundary_.matches(line)) {
        begin_head();
    } else if (!line.empty()) {
        head_.feed(line);
        head_has_fields_ = true;
    } else if (head_has_fields_) {  // some put an empty line between boundary and fields
        begin_body();
    }
    return true;
}

void MultipartReader::begin_body() {
    const auto length = lengths_trusted_ ? head_.content_length : std::nullopt;
    if (length && *length > limits_.frame)
        throw StreamError(fmt::format("announces a picture of {} octets; the limit is {}", *length,
                                      limits_.frame));
    if (!length && !head_.other_type) {
        begin_walked();
        return;
    }
    remaining_ = length.value_or(0);
    verify_length_ = length.has_value();
    state_ = remaining_ > 0 ? State::counted : State::between;
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
    if (!head_.other_type)
        picture_.insert(picture_.end(), piece.begin(), piece.end());
    remaining_ -= piece.size();
    input_.use(piece.size());
    if (remaining_ > 0)
        return false;
    if (picture_.size() > 2 && picture_[0] == std::byte{0xff} && picture_[1] == std::byte{0xd8})
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
        finish_picture();
    else
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
    look_for_next();
}

void MultipartReader::drop_picture() {
    if (!picture_.empty())
        ++lost_;
    picture_.clear();
    look_for_next();
}

void MultipartReader::look_for_next() {
    state_ = boundary_.known() ? State::between : State::lines;
    skipped_ = 0;
    candidate_.clear();
    head_ = {};
}

bool MultipartReader::read_between() {
    const std::string_view delimiter = boundary_.text();
    const std::size_t at = input_.text().find(delimiter);
    if (at == 0)
        return read_delimiter();
    if (at != std::string_view::npos) {
        pass_junk(at);
        return true;
    }
    const std::size_t kept = std::min(input_.text().size(), delimiter.size() - 1);
    pass_junk(input_.text().size() - kept);
    return false;
}

bool MultipartReader::read_delimiter() {
    const std::string_view behind =
        input_.text().substr(boundary_.text().size(), longest_delimiter_end);
    const std::size_t line_end = behind.find('\n');
    if (line_end == std::string_view::npos && behind.size() < longest_delimiter_end)
        return false;
    const std::string_view end = behind.substr(0, line_end);
    if (line_end == std::string_view::npos || !is_blank(end)) {
        pass_junk(1);  // it only begins like one
        return true;
    }
    input_.use(boundary_.text().size() + line_end + 1);
    // "--" behind it should mean that nothing follows, but some write it after each picture.
    if (end.starts_with("--"))
        verify_length_ = false;
    else
        begin_head();
    return true;
}

void MultipartReader::pass_junk(std::size_t count) {
    if (!is_blank(input_.text().substr(0, count))) {
        if (verify_length_)
            lengths_trusted_ = false;
        if (!may_begin_with_junk_)
            throw StreamError(
                fmt::format("answers with \"{}\", not with pictures", escaped(content_type_, 80)));
    }
    skipped_ += count;
    const std::size_t limit = state_ == State::lines ? limits_.preamble : limits_.frame;
    if (skipped_ > limit)
        throw StreamError(fmt::format("sends {} octets without a picture in them", skipped_));
    input_.use(count);
}

}  // namespace onlooker::drivers
