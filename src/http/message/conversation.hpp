// What an answer may know of the connection it is for: what was given on it before, and that its
// client goes.
//
// The parser knows of none, so a request that a test makes by hand has a null pointer to it.
//
// Owner: the connection. Thread: the loop. Errors: only a lack of memory is thrown.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace onlooker::http {

class Conversation {
  public:
    // Which version of a thing was given last in some form, and when that was.
    struct Given {
        const void* thing = nullptr;
        std::uint64_t form = 0;
        std::uint64_t version = 0;
        SteadyTime at;
    };

    std::optional<Given> given(const void* thing, std::uint64_t form = 0) const noexcept {
        const auto found = std::ranges::find(given_, std::pair(thing, form), what);
        return found == given_.end() ? std::nullopt : std::optional(*found);
    }
    // Of `most_remembered` things and forms; who asks for more by turns is not known again.
    void remember(const Given& given) {
        const auto found = std::ranges::find(given_, what(given), what);
        if (found != given_.end())
            *found = given;
        else if (given_.size() < most_remembered)
            given_.push_back(given);
        else
            *std::ranges::min_element(given_, {}, &Given::at) = given;
    }

    // For an answer that waits for something other than this connection: `wake` is called once,
    // when the client has closed its side or the server wants to end; at once if it does already.
    // An empty function takes it back. A client whose next request has come meanwhile is not
    // watched, and neither is one that says goodbye within TLS first: every wait has an end of its
    // own.
    virtual void on_leave(std::function<void()> wake) = 0;

  protected:
    Conversation() = default;
    ~Conversation() = default;

  private:
    static constexpr std::size_t most_remembered = 128;

    static std::pair<const void*, std::uint64_t> what(const Given& given) noexcept {
        return {given.thing, given.form};
    }

    std::vector<Given> given_;
};

}  // namespace onlooker::http
