// A password or a token while it is in memory: wiped when it goes, and never shown by accident, for
// it has no output of its own.
//
// Thread: one at a time.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace onlooker::access {

// Overwrites the octets of `text`, and empties it.
void wipe(std::string& text) noexcept;

class Secret {
  public:
    Secret() noexcept = default;
    explicit Secret(std::string text) noexcept : text_(std::move(text)) { wipe(text); }
    Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe(text_);
            text_ = std::move(other.text_);
            wipe(other.text_);
        }
        return *this;
    }
    ~Secret() { wipe(text_); }

    std::string_view view() const noexcept { return text_; }
    const char* c_str() const noexcept { return text_.c_str(); }

  private:
    std::string text_;
};

}  // namespace onlooker::access
