#include "relay/multipart_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "relay/picture_kind.hpp"

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
    if (first_octets_.size() < picture_kind_octets) {
        const auto some = octets.first(std::min(octets.size(), picture_kind_octets));
        first_octets_.append(reinterpret_cast<const char*>(some.data()), some.size());
    }
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

std::string MultipartReader::answer_in_words(std::string_view otherwise) const {
    return fmt::format(
        "answers with {}{}", kind_in_words(first_octets_, content_type_),
        picture_kind(first_octets_).empty() ? otherwise : ", and only JPEG can be shown");
}

bool MultipartReader::step() {
    switch (state_) {
        case State::lines:
            return read_line_before_pictures();
        case State::head:
            return read_head();
        case State::opening:
            return read_opening();
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
            throw StreamError(answer_in_words(", not with pictures"));
    }
    skipped_ += count;
    const std::size_t limit = state_ == State::lines ? limits_.preamble : limits_.frame;
    if (skipped_ > limit)
        throw StreamError(fmt::format("sends {} octets without a picture in them", skipped_));
    input_.use(count);
}

}  // namespace onlooker::drivers
