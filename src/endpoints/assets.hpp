// The pages for people and what they need: carried in the program, made ready once at the start.
//
//     /             to look; shows the first camera without a script
//     /manual       what can be asked for, and lines to copy; a new route has its lines there
//     /wall.html    the same pictures and nothing else, for a screen on a wall
//
// A new file of the folder web/ is a line of the table in assets.cpp, and one in web/meson.build.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "http/message/scope.hpp"

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

std::string manual_page(std::string_view version);

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
// that already has it. `gzipped`: the same, compressed, for clients that take it; empty: there is
// none. Both are only looked at once somebody asks, so what nobody asks for stays on the disk; they
// must be good for as long as the Asset is. Thread: the loop.
class Asset {
  public:
    Asset(std::string content_type, std::string_view content, std::string_view gzipped = {});
    // One that was made for it, and that it keeps.
    static Asset made(std::string content_type, std::string content);

    http::Response response(const http::Request& request) const;

  private:
    const std::string& etag(bool compressed) const;

    std::string content_type_;
    std::shared_ptr<const std::string> made_;  // null: somebody else keeps the content
    std::string_view content_;
    std::string_view gzipped_;
    // Empty before the first answer.
    mutable std::string etag_;
    mutable std::string gzipped_etag_;
};

// What is sent as it lies in web/: its name there is its path without the slash.
struct StaticFile {
    // So that a row without a scope does not compile.
    constexpr StaticFile(std::string_view its_path, http::Scope its_scope,
                         std::string_view its_type)
        : path(its_path), scope(its_scope), content_type(its_type) {}

    std::string_view path;
    http::Scope scope;
    std::string_view content_type;
};
std::span<const StaticFile> static_files() noexcept;
Asset asset_of(const StaticFile& file);
Asset asset_of_page(std::string html);

}  // namespace onlooker::endpoints
