// What a line of HTTP may be made of, octet by octet, whatever it says: it ends with CR LF, neither
// of which stands alone, it holds no other control octet but a tab, and it does not begin with
// white space (which once continued the line before) or with a colon.
//
// The grammars of HTTP parsers differ in just these, and requests are smuggled through such
// differences (RFC 9112, sections 2.2 and 5.2). Pure. Thread: one at a time.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace onlooker::http {

class LineDiscipline {
  public:
    void begin_line() noexcept { *this = {}; }

    // What is wrong with `c` at this place, for the client; nothing if it is right.
    std::string_view feed(char c) noexcept {
        const bool first = octets_ == 0;
        const bool ends = c == '\r' || c == '\n';
        const bool after_return = std::exchange(after_return_, c == '\r');
        octets_ += ends ? 0 : 1;
        if ((c == '\n') != after_return)
            return "A line must end with CR LF, and neither may stand alone.";
        if (!ends && is_control(c))
            return "The request holds a control character.";
        if (first && (c == ' ' || c == '\t'))
            return "A header line must not begin with white space.";
        if (first && c == ':')
            return "A header field has no name.";
        return {};
    }

    // Of this line so far, without its end.
    std::size_t octets() const noexcept { return octets_; }
    // CR has come, and LF must follow.
    bool is_ending() const noexcept { return after_return_; }

  private:
    static bool is_control(char c) noexcept {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    }

    std::size_t octets_ = 0;
    bool after_return_ = false;
};

}  // namespace onlooker::http
