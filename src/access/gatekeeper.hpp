// The gate of a server that has users: who sends a request, what that one may do, and how a refusal
// looks to a person, an <img> and a program.
//
//     link in the query? --> its signature alone counts
//     else token, cookie or password --> user --> grant --> allowed?
//
// A person whose browser goes to a page gets the login in its place (401, without a challenge, for
// browsers would open a window of their own). A program gets 401 with a challenge for Basic, which
// OctoPrint, VLC, ffmpeg and curl answer. Whoever is known but may not do this gets 403.
//
// Wrong passwords are limited by address and by name; nobody who shows a session, a token or a link
// is ever kept out by that. The words and the time of a refusal do not tell whether a name exists.
//
// What takes a user, a token, a session or a link away also ends the streams that were opened by
// it, within a second.
//
// Owner: App. It outlives the server, and goes before the loop's io_context. Thread: the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/admissions.hpp"
#include "access/attempts.hpp"
#include "access/checks_under_way.hpp"
#include "access/credentials.hpp"
#include "access/directory.hpp"
#include "access/password_worker.hpp"
#include "access/sessions.hpp"
#include "base/awaitable.hpp"
#include "base/lazy_timer.hpp"
#include "base/limited_log.hpp"
#include "http/gate.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::access {

struct GatekeeperSettings {
    std::string users_file;
    std::uint16_t port = 0;  // names the cookie
    // Passwords and tokens are taken over TLS alone, or from this machine.
    bool need_tls = false;
    // The page on which a person logs in; the answer has the status 401 already.
    std::function<http::Response(const http::Request&)> login_page;
};

class Gatekeeper {
  public:
    // Throws UsersFileError when the file cannot be used.
    Gatekeeper(Executor executor, GatekeeperSettings settings);
    Gatekeeper(const Gatekeeper&) = delete;
    Gatekeeper& operator=(const Gatekeeper&) = delete;

    // For the router.
    http::Gate gate();

    // Begins a session: the value of Set-Cookie. Without one, `verdict` says why.
    struct Login {
        PasswordVerdict verdict;
        std::string cookie;
    };
    Awaitable<Login> log_in(const http::Request& request, BasicLogin login);
    // Ends the session with which the request came, or all of its user; the value of Set-Cookie.
    std::string log_out(const http::Request& request, bool everywhere);

    // The query of a link to this camera. Nothing if the file of users has no key to sign with.
    std::optional<std::string> make_link(std::string_view camera, std::chrono::seconds life);

    const Directory& directory() const noexcept { return directory_; }
    // Reads the file of users now. False if it cannot be used; the log says why.
    bool reload() { return directory_.reload(); }

    // No password is looked at any more, and nothing here keeps the loop running.
    void close();

  private:
    using Request = http::Request;
    using Verdict = http::Verdict;

    // Somebody who was recognised; or the refusal.
    struct Known {
        Grant grant;
        Admittance by;
    };
    using Recognised = std::variant<Known, http::Response>;

    Awaitable<Verdict> judge(http::Access access);
    Recognised by_link(const http::Access& access);
    Awaitable<Recognised> by_credentials(const http::Access& access, Credentials credentials);
    std::optional<Known> by_session(const Credentials& credentials);
    std::optional<Known> by_token(const Credentials& credentials) const;
    static Known known_by_password(const User& user);
    Verdict let_stranger_in();
    Verdict admit(const http::Access& access, Known known);

    Awaitable<PasswordVerdict> check(const Request& request, const BasicLogin& login);
    Awaitable<PasswordVerdict> check_by_itself(const Request& request, const BasicLogin& login);
    bool is_unprotected(const Request& request) const;
    std::string cookie_name(const Request& request) const;

    http::Response refuse_stranger(const Request& request) const;
    http::Response refuse_password(const Request& request, const PasswordVerdict& verdict) const;

    void on_changes(const Changes& changes);
    void on_session_end(const Session& session);
    void sweep();
    void plan_sweep();

    GatekeeperSettings settings_;
    Admissions admissions_;
    Sessions sessions_;
    Attempts attempts_;
    ChecksUnderWay under_way_;
    PasswordWorker worker_;
    Directory directory_;
    LazyTimer sweep_;
    bool closed_ = false;
    LimitedLog failed_logins_;
};

}  // namespace onlooker::access
