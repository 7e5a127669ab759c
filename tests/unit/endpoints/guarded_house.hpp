// Two cameras behind a gate with users, and visitors who ask for things. Every password is
// "sesame!!".
#pragma once

#include <asio/io_context.hpp>

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/gatekeeper.hpp"
#include "api/api.hpp"
#include "api/event_hub.hpp"
#include "base/awaitable.hpp"
#include "endpoints/endpoints.hpp"
#include "http/gate.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "http/router.hpp"
#include "variants/variants.hpp"

namespace onlooker::test {

inline constexpr std::array cameras_of_house{"yard", "bed"};

// The value of an Authorization field for "name:password".
std::string basic(std::string_view text);

// The file: viewer (view), guest (view, of bed), pusher (push), keeper (control), owner (admin),
// and the token printer (view, of bed).
class HouseUsers {
  public:
    HouseUsers();
    ~HouseUsers();
    HouseUsers(const HouseUsers&) = delete;
    HouseUsers& operator=(const HouseUsers&) = delete;

    std::string path() const { return folder_ / "users"; }
    const std::string& token() const noexcept { return token_; }

  private:
    std::filesystem::path folder_;
    std::string token_;
};

// Somebody who asks, and what was given to that one.
struct Visitor {
    std::string name;
    std::vector<http::Header> headers{};
    std::string query{};
    std::vector<http::Scope> scopes{};
    std::vector<std::string> cameras{};  // empty: all
    bool is_link = false;

    bool may(http::Scope scope, std::string_view camera) const;
};

// Changes what the gate does.
using Mutation = std::function<http::Gate(http::Gate)>;

// What the gate said, and about what.
struct Judgement {
    std::string camera;
    std::optional<std::string> refusal;  // its words
};

class GuardedHouse {
  public:
    explicit GuardedHouse(const Mutation& mutation = [](http::Gate gate) { return gate; });
    GuardedHouse(const GuardedHouse&) = delete;
    GuardedHouse& operator=(const GuardedHouse&) = delete;
    // Closes everything, and waits until nothing is left to do, as the program does.
    ~GuardedHouse();

    const http::Router& router() const noexcept { return router_; }
    access::Gatekeeper& gatekeeper() noexcept { return gatekeeper_; }
    const HouseUsers& users() const noexcept { return users_; }

    // Until the gate has judged; a handler may still wait for a picture.
    Judgement judge(http::Method method, std::string path, const Visitor& visitor);
    // Until it is answered.
    const http::Response& ask(http::Method method, std::string path, const Visitor& visitor,
                              std::string body = {});

    // What a connection would keep for as long as it streams; null: it was not let in.
    std::shared_ptr<http::Pass> pass_for(std::string path, const Visitor& visitor);

    // By the login page: the cookie, as a browser sends it back.
    std::string log_in(const char* name);

  private:
    struct Asked {
        http::Request request;
        http::Response response;
        bool is_judged = false;
        bool is_answered = false;
    };

    Asked& send(http::Method method, std::string path, const Visitor& visitor, std::string body);
    Awaitable<http::Verdict> judge_now(http::Access access);
    Awaitable<> answer(Asked& asked);

    asio::io_context loop_;
    HouseUsers users_;
    Judgement judgement_;
    endpoints::Cameras cameras_;
    variants::Variants variants_{loop_.get_executor(), {}};
    api::EventHub events_{loop_.get_executor(), cameras_};
    access::Gatekeeper gatekeeper_;
    http::Gate gate_;
    http::Router router_;
    std::list<Asked> requests_;  // those that still wait refer to theirs
};

}  // namespace onlooker::test
