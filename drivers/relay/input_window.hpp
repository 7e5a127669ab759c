// What a stream has brought and nobody used yet, as one piece, whatever pieces it came in.
//
//     window.add(octets);           // lent until keep()
//     ... window.octets() ... window.use(count) ...
//     window.keep();                // copies what is left, for the next add()
//
// A reader that uses all it is given costs no copy. Not thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace onlooker::drivers {

class InputWindow {
  public:
    void add(std::span<const std::byte> octets);
    void keep();

    // Both views hold until the next call of another kind.
    std::span<const std::byte> octets() const noexcept { return view_; }
    std::string_view text() const noexcept {
        return {reinterpret_cast<const char*>(view_.data()), view_.size()};
    }
    bool empty() const noexcept { return view_.empty(); }

    // At most what is there.
    void use(std::size_t count) noexcept;
    // The octet that was used last, which was `last`, is wanted again.
    void step_back(std::byte last);

  private:
    std::span<const std::byte> view_;  // what was added, or the end of kept_
    std::size_t used_ = 0;             // octets in front of it
    std::vector<std::byte> kept_;
};

}  // namespace onlooker::drivers
