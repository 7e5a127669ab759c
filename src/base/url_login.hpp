// Where the login of a URL, user:password@, begins and ends as people type it.
//
// It ends at the last '@' before the first '/', '?' or '#', as browsers read it (WHATWG URL, the
// authority state), so an '@', a blank or a comma in a password needs no care. A '/', '?' or '#' in
// one cannot be told from the path: that is found here, so that nobody takes half of a password for
// a host and shows it. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace onlooker {

struct UrlLogin {
    enum class Reading : unsigned char {
        none,        // there is no login
        clear,       // it ends at `end`
        unescaped,   // it can only end at `end`, but holds a '/', '?' or '#'
        doubtful,    // it may end behind the first '/', '?' or '#': at `end`, or earlier
        unfinished,  // behind a ':' stands no port, and no '@' follows; `end` is that of the URL
    };

    Reading reading = Reading::none;
    std::size_t begin = std::string_view::npos;  // behind "://"; npos: `text` holds no URL
    std::size_t colon = std::string_view::npos;  // before the password; npos: there is none
    std::size_t end = std::string_view::npos;    // the '@'

    // The URL can be used as it is.
    bool is_plain() const noexcept { return reading == Reading::none || reading == Reading::clear; }
};

// Of the first URL at or behind `start`.
UrlLogin find_login(std::string_view text, std::size_t start = 0) noexcept;

// What to write instead, for a reading that is not plain. It repeats nothing of the URL.
std::string_view login_advice(UrlLogin::Reading reading) noexcept;

// A separator at `place` stands inside a password: a login has begun before it and ends behind it.
bool is_inside_login(std::string_view text, std::size_t place) noexcept;

}  // namespace onlooker
