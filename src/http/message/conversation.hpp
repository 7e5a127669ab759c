// What an answer may know of the connection it is for: what was given on it before, and that its
// client goes.
//
// The parser knows of none, so a request that a test makes by hand has a null pointer to it.
//
// Owner: the connection. Thread: the loop. Errors: only a lack of memory is thrown.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace onlooker::http {

class Conversation {
  public:
    // Which version of a thing was given last, and when that was.
    struct Given {
        const void* thing = nullptr;
        std::uint64_t version = 0;
        SteadyTime at;
    };

    std::optional<Given> given(const void* thing) const noexcept {
        const auto found = std::ranges::find(given_, thing, &Given::thing);
        return found == given_.end() ? std::nullopt : std::optional(*found);
    }
    // `thing` is one of a fixed number, such as the cameras: each is remembered.
    void remember(const Given& given) {
        const auto found = std::ranges::find(given_, given.thing, &Given::thing);
        if (found == given_.end())
            given_.push_back(given);
        else
            *found = given;
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
    std::vector<Given> given_;
};

}  // namespace onlooker::http
