#include "endpoints/assets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "base/embedded_file.hpp"
#include "base/fnv1a.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::web {
// Made by tools/embed.py from the folder web.
std::span<const EmbeddedFile> files() noexcept;
}  // namespace onlooker::web

namespace onlooker::endpoints {

namespace {

std::string_view embedded(std::string_view name) {
    const auto files = web::files();
    const auto found = std::ranges::find(files, name, &EmbeddedFile::name);
    if (found == files.end())
        throw std::logic_error(fmt::format("{} is not in the program", name));
    return found->content;
}

struct Value {
    std::string_view placeholder;
    std::string text;
};

// In one pass: a title that looks like a placeholder stays a title.
std::string filled_in(std::string_view page, std::span<const Value> values) {
    std::string result;
    for (std::size_t place = 0; (place = page.find("{{")) != std::string_view::npos;) {
        result += page.substr(0, place);
        page.remove_prefix(place);
        const auto value = std::ranges::find_if(
            values, [page](const Value& each) { return page.starts_with(each.placeholder); });
        if (value == values.end())
            throw std::logic_error("the page has a placeholder that nobody fills in");
        result += value->text;
        page.remove_prefix(value->placeholder.size());
    }
    return result.append(page);
}

// Links that show the stream alone without a script; with one, app.js shows it in the page.
std::string camera_links(std::span<const ShownCamera> cameras) {
    if (cameras.size() < 2)
        return {};
    std::string links = "  <ul class=\"cameras\" aria-label=\"Cameras\">\n";
    for (const ShownCamera& camera : cameras)
        links += fmt::format("    <li><a href=\"./cameras/{}/stream\"{}>{}</a></li>\n",
                             html_escaped(camera.name),
                             &camera == &cameras.front() ? " aria-current=\"true\"" : "",
                             html_escaped(camera.title));
    return links + "  </ul>";
}

// Works without a script, and is no link: what only looks at an address must not end a session.
std::string account(std::string_view person) {
    if (person.empty())
        return {};
    return fmt::format(
        "  <form class=\"account\" method=\"post\" action=\"./logout\">{}"
        "<button type=\"submit\">Sign out</button></form>\n",
        html_escaped(person));
}

std::string paragraph(std::string_view name, std::string_view text) {
    return text.empty() ? std::string()
                        : fmt::format("<p class=\"{}\">{}</p>", name, html_escaped(text));
}

}  // namespace

std::string html_escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string index_page(std::span<const ShownCamera> cameras, std::string_view version,
                       std::string_view person) {
    const ShownCamera& first = cameras.front();
    const std::string own = "./cameras/" + html_escaped(first.name);
    const std::array values{
        Value{"{{version}}", html_escaped(version)}, Value{"{{account}}", account(person)},
        Value{"{{cameras}}", camera_links(cameras)}, Value{"{{first}}", html_escaped(first.title)},
        // As the article's page has it.
        Value{"{{stream}}", first.needs_name ? own + "/stream" : "/video_feed"},
        Value{"{{snapshot}}", first.needs_name ? own + "/snapshot" : "./snapshot.jpg"}};
    return filled_in(embedded("index.html"), values);
}

std::string login_page(const LoginWords& words) {
    const std::array values{Value{"{{root}}", html_escaped(words.root)},
                            Value{"{{next}}", html_escaped(words.next)},
                            Value{"{{words}}", paragraph("refused", words.refusal)},
                            Value{"{{notice}}", paragraph("notice", words.notice)}};
    return filled_in(embedded("login.html"), values);
}

Asset::Asset(std::string content_type, std::string content)
    : content_type_(std::move(content_type)),
      content_(std::move(content)),
      // Notices a change; nobody gains by making two pages of one hash.
      etag_(fmt::format("\"{:016x}\"", fnv1a(content_))) {}

http::Response Asset::response(const http::Request& request) const {
    http::Response response;
    response
        .with("ETag", etag_)
        // Kept, but asked about each time: a new program brings a new page at once.
        .with("Cache-Control", "no-cache")
        // With a 304 too: the policy that goes with a page renews the one in the browser's cache.
        .with("Content-Type", content_type_);
    if (http::names_entity_tag(request.header("If-None-Match"), etag_)) {
        response.status = 304;
        return response;
    }
    response.body = content_;
    return response;
}

Assets::Assets(std::span<const ShownCamera> cameras, std::string_view version)
    : page("text/html; charset=utf-8", index_page(cameras, version)),
      style("text/css; charset=utf-8", std::string(embedded("style.css"))),
      script("text/javascript; charset=utf-8", std::string(embedded("app.js"))),
      icon("image/x-icon", std::string(embedded("favicon.ico"))) {}

}  // namespace onlooker::endpoints
