// The page at / and what it needs: carried in the program, made ready once at the start.
//
// The page shows the first camera without a script and is the manual of every route; a new route
// has its lines in web/index.html.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

struct ShownCamera {
    std::string name;         // as in the URLs
    std::string title;        // any text; it is escaped for HTML
    bool needs_name = false;  // addresses without a name mean another one
};

// The page; the first of `cameras` is the one that is shown. `cameras` is not empty. `person`: who
// has signed in, and can sign out there; empty: nobody.
std::string index_page(std::span<const ShownCamera> cameras, std::string_view version,
                       std::string_view person = {});

// What stands in the page for signing in; any text.
struct LoginWords {
    std::string root;     // the way to "/" (http::Request)
    std::string next;     // where to go then, seen from there
    std::string refusal;  // why it did not work; empty: it was not tried yet
    std::string notice;   // empty: none
};
std::string login_page(const LoginWords& words);

// `text` with & < > " ' as character references, good in elements and in quoted attributes.
std::string html_escaped(std::string_view text);

// An answer that does not change while the program runs: with a strong ETag, and 304 for a client
// that already has it. Thread: the loop.
class Asset {
  public:
    Asset(std::string content_type, std::string content);

    http::Response response(const http::Request& request) const;

  private:
    std::string content_type_;
    std::string content_;
    std::string etag_;
};

struct Assets {
    Assets(std::span<const ShownCamera> cameras, std::string_view version);

    Asset page;    // GET /
    Asset style;   // GET /style.css
    Asset script;  // GET /app.js
    Asset icon;    // GET /favicon.ico, which browsers ask for by themselves
};

}  // namespace onlooker::endpoints
