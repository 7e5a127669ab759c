#include "endpoints/assets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "base/embedded_file.hpp"
#include "base/fnv1a.hpp"
#include "base/text.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::web {
// Made by tools/embed.py from the folder web.
std::span<const EmbeddedFile> files() noexcept;
}  // namespace onlooker::web

namespace onlooker::endpoints {

namespace {

constexpr std::string_view html_type = "text/html; charset=utf-8";

// Empty: it is not in the program.
std::string_view embedded_if_there(std::string_view name) {
    const auto files = web::files();
    const auto found = std::ranges::find(files, name, &EmbeddedFile::name);
    return found == files.end() ? std::string_view() : found->content;
}

std::string_view embedded(std::string_view name) {
    const std::string_view content = embedded_if_there(name);
    if (content.empty())
        throw std::logic_error(fmt::format("{} is not in the program", name));
    return content;
}

// Browsers name it without a weight; one of zero would refuse it (RFC 9110, section 12.5.3).
bool takes_gzip(std::string_view accepted) {
    while (!accepted.empty()) {
        if (equal_ignoring_case(http::next_element(accepted), "gzip"))
            return true;
    }
    return false;
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
    std::string links;
    for (const ShownCamera& camera : cameras)
        links +=
            fmt::format("    <li><a href=\"./cameras/{0}/stream\" data-name=\"{0}\">{1}</a></li>\n",
                        html_escaped(camera.name), html_escaped(camera.title));
    return links;
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

// What the pages load, for the manual.
std::string list_of_files() {
    std::string list;
    for (const StaticFile& file : static_files()) {
        if (file.scope == http::Scope::public_)
            list += fmt::format("{}<code>{}</code>", list.empty() ? "" : ", ", file.path);
    }
    return list;
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

std::string manual_page(std::string_view version) {
    const std::array values{Value{"{{version}}", html_escaped(version)},
                            Value{"{{files}}", list_of_files()}};
    return filled_in(embedded("manual.html"), values);
}

std::string login_page(const LoginWords& words) {
    const std::array values{Value{"{{root}}", html_escaped(words.root)},
                            Value{"{{next}}", html_escaped(words.next)},
                            Value{"{{words}}", paragraph("refused", words.refusal)},
                            Value{"{{notice}}", paragraph("notice", words.notice)}};
    return filled_in(embedded("login.html"), values);
}

Asset::Asset(std::string content_type, std::string_view content, std::string_view gzipped)
    : content_type_(std::move(content_type)), content_(content), gzipped_(gzipped) {}

Asset Asset::made(std::string content_type, std::string content) {
    auto kept = std::make_shared<const std::string>(std::move(content));
    Asset asset(std::move(content_type), *kept);
    asset.made_ = std::move(kept);
    return asset;
}

const std::string& Asset::etag(bool compressed) const {
    // The hash notices a change; nobody gains by making two pages of one hash. Other octets are
    // another tag (RFC 9110, section 8.8.3).
    if (etag_.empty()) {
        const auto hash = fnv1a(content_);
        etag_ = fmt::format("\"{:016x}\"", hash);
        gzipped_etag_ = fmt::format("\"{:016x}z\"", hash);
    }
    return compressed ? gzipped_etag_ : etag_;
}

http::Response Asset::response(const http::Request& request) const {
    const bool compressed = !gzipped_.empty() && takes_gzip(request.header("Accept-Encoding"));
    const std::string& tag = etag(compressed);
    http::Response response;
    response
        .with("ETag", tag)
        // Kept, but asked about each time: a new program brings a new page at once.
        .with("Cache-Control", "no-cache")
        // With a 304 too: the policy that goes with a page renews the one in the browser's cache.
        .with("Content-Type", content_type_);
    if (!gzipped_.empty())
        response.add_to_list("Vary", "Accept-Encoding");
    if (http::names_entity_tag(request.header("If-None-Match"), tag)) {
        response.status = 304;
        return response;
    }
    if (compressed)
        response.with("Content-Encoding", "gzip");
    response.body = std::string(compressed ? gzipped_ : content_);
    return response;
}

std::span<const StaticFile> static_files() noexcept {
    using http::Scope;
    static constexpr std::string_view css = "text/css; charset=utf-8";
    static constexpr std::string_view script = "text/javascript; charset=utf-8";
    // They hold nothing of this server, so whoever signs in gets them too.
    static constexpr std::array files{
        StaticFile{"/theme.css", Scope::public_, css},
        StaticFile{"/style.css", Scope::public_, css},
        StaticFile{"/look.css", Scope::public_, css},
        StaticFile{"/app.js", Scope::public_, script},
        StaticFile{"/arrange.js", Scope::public_, script},
        StaticFile{"/choice.js", Scope::public_, script},
        StaticFile{"/controls.js", Scope::public_, script},
        StaticFile{"/keys.js", Scope::public_, script},
        StaticFile{"/kiosk.js", Scope::public_, script},
        StaticFile{"/lines.js", Scope::public_, script},
        StaticFile{"/live.js", Scope::public_, script},
        StaticFile{"/manual.js", Scope::public_, script},
        StaticFile{"/multipart.js", Scope::public_, script},
        StaticFile{"/picture.js", Scope::public_, script},
        StaticFile{"/reader.js", Scope::public_, script},
        StaticFile{"/server.js", Scope::public_, script},
        StaticFile{"/tabs.js", Scope::public_, script},
        StaticFile{"/tools.js", Scope::public_, script},
        StaticFile{"/wall.js", Scope::public_, script},
        StaticFile{"/zoom.js", Scope::public_, script},
        // Browsers ask for the first of them by themselves.
        StaticFile{"/favicon.ico", Scope::public_, "image/x-icon"},
        StaticFile{"/icon.svg", Scope::public_, "image/svg+xml"},
        StaticFile{"/manifest.webmanifest", Scope::public_, "application/manifest+json"},
        // Whoever may not look is shown how to sign in.
        StaticFile{"/wall.html", Scope::view, html_type},
    };
    return files;
}

Asset asset_of(const StaticFile& file) {
    const std::string name(file.path.substr(1));
    return {std::string(file.content_type), embedded(name), embedded_if_there(name + ".gz")};
}

Asset asset_of_page(std::string html) {
    return Asset::made(std::string(html_type), std::move(html));
}

}  // namespace onlooker::endpoints
