// Reads the pictures out of what an MJPEG server sends: a push parser, free of I/O.
//
//     MultipartReader reader(content_type);
//     reader.feed(octets);                    // any number, split anywhere
//     while (auto frame = reader.take()) ...  // each as soon as its last octet was fed
//
// It takes what servers in the field send: parts with a Content-Length and without, every habit of
// writing a boundary, lines ended by LF alone, a boundary only before or only after the pictures,
// text before the first boundary, and JPEGs that simply follow each other without any multipart.
// How it knows that a picture is whole:
//
//   - a Content-Length is believed as long as what follows it is a boundary. The first time it is
//     not, lengths are ignored for the rest of the stream: that server cannot count. One that is
//     too small costs no picture, for the picture is walked on to its end mark; one that is too
//     large costs none when nothing else follows, see settle();
//   - without one the picture is walked to its end mark (jpeg_end_finder.hpp), so it does not wait
//     for a boundary that comes with the next picture.
//
// A torn or broken picture is dropped and counted in the next frame's `lost`. Whether a picture is
// any good beyond that is for the hygiene behind it. A part whose type is no JPEG's is a picture
// all the same if it begins like one; else it is passed over, and refused() says what it was.
//
// Our own: the parsers that exist (of mail, of uploaded forms) want the standard, with a boundary
// that is announced and kept to, and give a part only when the next boundary has come.
//
// Memory: what is unfinished, at most Limits::frame, and the frames nobody took yet, at most what
// one feed() completes. Not thread-safe; used on the capture thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "relay/boundary.hpp"
#include "relay/input_window.hpp"
#include "relay/jpeg_end_finder.hpp"
#include "relay/part_head.hpp"

namespace onlooker::drivers {

// The stream cannot be read on: says why, for the user.
class StreamError : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

class MultipartReader {
  public:
    struct Limits {
        std::size_t part_head = 4096;               // fields above one picture
        std::size_t frame = std::size_t{32} << 20;  // one picture; also what is skipped in one go
        std::size_t preamble = 65536;               // before the first picture or boundary
    };
    struct Frame {
        std::vector<std::byte> jpeg;
        std::optional<std::chrono::system_clock::time_point> wall;  // the server's capture stamp
        std::uint32_t lost = 0;  // pictures dropped since the previous frame
    };

    // What becomes of a picture without an end mark: with a Content-Length it is passed on anyhow.
    enum class Torn : std::uint8_t { dropped, passed_on };

    explicit MultipartReader(std::string_view content_type) : MultipartReader(content_type, {}) {}
    MultipartReader(std::string_view content_type, Limits limits, Torn torn = Torn::dropped);

    // Throws StreamError; the reader is of no more use then.
    void feed(std::span<const std::byte> octets);

    // What came is all for now: a picture whose end mark is there is whole, whatever length was
    // announced.
    void settle();
    // Nothing follows what was fed.
    void end();

    // The oldest frame that is whole.
    std::optional<Frame> take();
    // Gives a frame's memory back for the next one.
    void reuse(std::vector<std::byte>&& memory) noexcept { spare_ = std::move(memory); }

    // Whether a boundary was announced or seen; if not, the response is one JPEG, or some that
    // follow each other.
    bool is_multipart() const noexcept { return announced_ || boundary_.known(); }
    // Whether octets of a picture wait for its rest.
    bool inside_picture() const noexcept { return !picture_.empty(); }
    bool lengths_are_wrong() const noexcept { return !lengths_trusted_; }
    // What came since the last whole picture, and is none: "sends PNG ("image/png"), and only JPEG
    // can be shown". Empty: nothing of that sort.
    const std::string& refused() const noexcept { return refused_; }
    // What the whole response is, if there is no picture in it: `answers with PNG ("image/png"),
    // and only JPEG can be shown`, or `answers with "text/html"`, and `otherwise`.
    std::string answer_in_words(std::string_view otherwise) const;

  private:
    enum class State : std::uint8_t {
        lines,    // looking for the first boundary, or for pictures without any
        head,     // fields above a picture
        opening,  // the first octets of a part, which tell what it is
        counted,  // picture, or something else, with Content-Length
        walked,   // picture without
        between,  // looking for the boundary behind a picture
    };

    // Each returns whether it got anywhere; if not, it needs more input.
    bool step();
    bool read_line_before_pictures();
    bool read_head();
    bool read_opening();
    bool read_counted();
    bool read_behind_counted();
    bool read_walked();
    bool read_between();
    bool read_delimiter();

    void feed_line_before_pictures(std::string_view line);
    void begin_head();
    void begin_body();
    void begin_counted();
    void begin_walked();
    void finish_picture();
    void drop_picture();
    void finish_torn_picture();
    void step_back_onto_start_mark();
    void look_for_next();
    void pass_junk(std::size_t count);

    Limits limits_;
    Torn torn_;
    std::string content_type_;
    bool announced_;  // as multipart
    bool may_begin_with_junk_;
    Boundary boundary_;
    State state_ = State::lines;

    InputWindow input_;
    std::string first_octets_;  // of the response; picture_kind_octets of them
    std::string refused_;
    std::string candidate_;    // a line that may turn out to be the boundary
    std::size_t skipped_ = 0;  // octets since the last picture or boundary that meant nothing
    std::size_t head_size_ = 0;
    bool head_has_fields_ = false;
    PartHead head_;
    std::size_t remaining_ = 0;  // of a counted body
    bool passed_over_ = false;   // the counted body is no picture
    JpegEndFinder finder_;
    bool lengths_trusted_ = true;
    bool end_marks_missing_ = false;  // lengths are right, pictures have no end mark
    bool verify_length_ = false;      // the body before was counted: a boundary must follow

    std::vector<std::byte> picture_;
    std::vector<std::byte> spare_;
    std::size_t last_size_ = 0;
    std::uint32_t lost_ = 0;
    std::deque<Frame> frames_;
};

}  // namespace onlooker::drivers
