// The boundary of a multipart stream, as it is announced and as it is really sent.
//
// RFC 2046 says: announced B, sent --B. The field announces it in quotes, with the leading dashes
// included, with more dashes than it sends, with other parameters behind, wrongly, or not at all.
// So the announced name only helps to recognise the first delimiter line; from then on the line as
// it was sent counts.
#pragma once

#include <string>
#include <string_view>

namespace onlooker::drivers {

class Boundary {
  public:
    Boundary() = default;
    // `content_type` is the value of the response's field.
    explicit Boundary(std::string_view content_type);

    bool announced() const noexcept { return !name_.empty(); }
    // Whether a delimiter line was seen.
    bool known() const noexcept { return !line_.empty(); }

    // The line, without its end, is a delimiter of what was announced.
    bool matches(std::string_view line) const noexcept;
    // The line could be a delimiter of something that was not announced: two dashes and a name.
    static bool plausible(std::string_view line) noexcept;
    void learn(std::string_view line);

    // The delimiter as it is sent, without what may stand before or behind it.
    std::string_view text() const noexcept { return line_; }

  private:
    std::string name_;  // as announced, without quotes and leading dashes; may be empty
    std::string line_;  // as sent
};

// The value of the parameter `boundary`, or nothing.
std::string announced_boundary(std::string_view content_type);

}  // namespace onlooker::drivers
