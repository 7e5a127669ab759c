// The sessions of people who have logged in, in memory alone: a restart ends them.
//
// A session is known by a random id of 256 bits, which the browser keeps in a cookie. Here only its
// SHA-256 is kept. A session ends when it was idle for 12 hours, after 30 days, and when one of the
// calls below says so; then `ended` is called, and the owner closes the streams that run under it.
// A running stream is no use of a session: touch() keeps one from going idle.
//
// Owner: whoever owns the logins. Thread: the loop. Times are the caller's: SteadyClock::now().
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "access/crypto.hpp"
#include "base/clock.hpp"

namespace onlooker::access {

struct Session {
    std::string label;  // for people and lists; no secret
    std::string user;   // name
    Digest password{};  // User::password_digest() when it began
    SteadyTime made{};
    SteadyTime used{};
    Digest id_digest{};
};

class Sessions {
  public:
    struct Settings {
        std::chrono::hours idle{12};
        std::chrono::days absolute{30};
        std::size_t most = 256;
        std::size_t most_per_user = 32;
    };
    // The session is gone already. Must not call back into this object.
    using Ended = std::function<void(const Session&)>;

    explicit Sessions(Ended ended) : Sessions(Settings{}, std::move(ended)) {}
    Sessions(Settings settings, Ended ended);

    // The id, for the cookie: 43 characters. Where there are too many, the one that was used least
    // recently ends: of this user, or else of all.
    std::string begin(std::string_view user, const Digest& password, SteadyTime now);

    // Null for an id that is not, or no longer, known. Good until the next call that is not const.
    const Session* find(std::string_view id, SteadyTime now);
    void touch(std::string_view label, SteadyTime now);

    void end(std::string_view label);
    void end_all(std::string_view user);
    // Those for which it is true: `[&](const Session& s) { return !directory.is_current(s); }`.
    void end_if(const std::function<bool(const Session&)>& condition);
    // Those that are idle or old. find() does not return them, but only this ends them, and their
    // streams: to be called every minute or so.
    void end_expired(SteadyTime now);

    const std::vector<Session>& all() const noexcept { return sessions_; }

  private:
    bool is_expired(const Session& session, SteadyTime now) const noexcept;
    void make_room(std::string_view user);

    Settings settings_;
    Ended ended_;
    std::vector<Session> sessions_;
};

}  // namespace onlooker::access
