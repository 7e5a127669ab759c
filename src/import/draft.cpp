#include "import/draft.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <set>

#include "app/build_config.hpp"
#include "app/camera_name.hpp"
#include "app/camera_spec.hpp"
#include "app/options.hpp"
#include "app/settings.hpp"
#include "base/redaction.hpp"
#include "base/text.hpp"

namespace onlooker::importing {

namespace {

// In the folder of the service's user, to whom the file then belongs.
constexpr const char* users_file = "/var/lib/onlooker/users";
constexpr std::size_t widest = 100;

// `text` for the file: plain where it can be, else in quotes.
std::string quoted_for_file(std::string_view text) {
    if (text.find_first_of("\r\n") != std::string_view::npos)
        throw app::ConfigError(fmt::format(
            "'{}' holds the end of a line, which no configuration can", without_secrets(text)));
    const bool is_plain = text.find_first_of("\"'#") == std::string_view::npos &&
                          !text.starts_with('[') && trimmed(text) == text;
    if (is_plain)
        return std::string(text);
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

// Broken between words, where a line of the file would be too wide to read.
std::string as_comment(std::string_view text) {
    std::string result;
    std::string_view begin = "# ";
    while (!text.empty()) {
        std::size_t end = text.size();
        if (end > widest - begin.size()) {
            const std::size_t blank = text.rfind(' ', widest - begin.size());
            end = blank == std::string_view::npos ? text.find(' ') : blank;
        }
        result += fmt::format("{}{}\n", begin, text.substr(0, end));
        text.remove_prefix(std::min(end, text.size()));
        text = trimmed(text);
        begin = "#     ";
    }
    return result;
}

std::string with_escaped_commas(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == ',')
            result += '\\';
        result += c;
    }
    return result;
}

}  // namespace

void DraftCamera::set(std::string_view key, std::string value) {
    const auto found = std::ranges::find(keys, key, &std::pair<std::string, std::string>::first);
    if (found == keys.end())
        keys.emplace_back(key, std::move(value));
    else
        found->second = std::move(value);
}

void DraftCamera::remove(std::string_view key) {
    std::erase_if(keys, [&](const auto& pair) { return pair.first == key; });
}

const std::string* DraftCamera::find(std::string_view key) const {
    const auto found = std::ranges::find(keys, key, &std::pair<std::string, std::string>::first);
    return found == keys.end() ? nullptr : &found->second;
}

std::string DraftCamera::spec() const {
    std::string result = name.empty() ? driver : name + "=" + driver;
    if (!source.empty())
        result += ":" + with_escaped_commas(source);
    for (const auto& [key, value] : keys)
        result += "," + key + "=" + with_escaped_commas(value);
    return result;
}

DraftCamera& Draft::add_camera(std::string driver) {
    cameras_.emplace_back();
    cameras_.back().driver = std::move(driver);
    return cameras_.back();
}

void Draft::set(std::string_view setting, const Given& given) {
    check(setting, given.value, given.word);
    const bool is_list = app::find_setting(setting)->kind == app::Setting::Kind::list;
    const auto found = std::ranges::find(lines_, setting, &Line::setting);
    if (found == lines_.end() || is_list)
        lines_.push_back({std::string(setting), given.value});
    else
        found->value = given.value;
}

const std::string* Draft::find(std::string_view setting) const {
    const auto found = std::ranges::find(lines_, setting, &Line::setting);
    return found == lines_.end() ? nullptr : &found->value;
}

void Draft::unset(std::string_view setting) {
    std::erase_if(lines_, [&](const Line& line) { return line.setting == setting; });
}

void Draft::need_login(std::string_view name) {
    std::string login = login_to_copy(name);
    if (std::ranges::find(logins_, login) == logins_.end())
        logins_.push_back(std::move(login));
}

void Draft::remark(std::string_view word, std::string_view text) {
    const auto same = std::ranges::find(remarks_, text, &Remark::text);
    Remark& remark = same == remarks_.end() ? remarks_.emplace_back() : *same;
    remark.text = text;
    // What was given may be a piece of a password that no quotes held together.
    std::string shown = without_secrets(word);
    if (std::ranges::find(remark.words, shown) == remark.words.end())
        remark.words.push_back(std::move(shown));
}

void Draft::check(std::string_view setting, const std::string& value, std::string_view word) const {
    try {
        app::Options scratch;
        app::find_setting(setting)->apply(scratch, {value});
    } catch (const app::ValueError& error) {
        refuse({std::string(word), value}, error.what());
    }
}

bool Draft::is_public() const {
    std::vector<std::string> listens;
    for (const Line& line : lines_) {
        if (line.setting == "host" && !app::is_loopback(line.value))
            return true;
        if (line.setting == "listen")
            listens.push_back(line.value);
    }
    app::Options scratch;
    app::find_setting("listen")->apply(scratch, listens);
    return std::ranges::any_of(scratch.listen, [](const http::ListenAddress& address) {
        return !app::is_loopback(address);
    });
}

std::string Draft::network_text() const {
    std::string text;
    for (const std::string& login : logins_)
        text += fmt::format(
            "# {} asked for a login. Its password is not taken over; this asks for one, once:\n"
            "#     onlooker user add {} --users {}\n",
            peer_, login, users_file);
    if (!logins_.empty())
        text += fmt::format("users = {}\n", users_file);
    else if (is_public())
        text += fmt::format(
            "# Anyone on that network may watch, as with {0}. For logins make some, and write\n"
            "# `users = {1}` in place of this line:\n"
            "#     onlooker user add NAME --users {1}\n"
            "public = true\n",
            peer_, users_file);
    return text;
}

std::string Draft::text() const {
    std::string text = fmt::format(
        "# Made from the configuration of {} by onlooker {}. To check it:\n"
        "#     onlooker --config FILE --check-config\n\n",
        peer_, app::build_config::version);
    std::set<std::string> names;
    for (DraftCamera camera : cameras_) {
        // The second one of a name gets one by itself.
        if (!names.insert(camera.name).second)
            camera.name.clear();
        check("camera", camera.spec(), peer_);
        text += fmt::format("camera = {}\n", quoted_for_file(camera.spec()));
    }
    if (!cameras_.empty())
        text += '\n';
    for (const Line& line : lines_)
        text += fmt::format("{} = {}\n", line.setting, quoted_for_file(line.value));
    text += network_text();
    if (!remarks_.empty())
        text += fmt::format("\n# What else {} was told:\n", peer_);
    for (const auto& [words, remark] : remarks_)
        text += as_comment(fmt::format("{}: {}", fmt::join(words, ", "), remark));
    return text;
}

void refuse(const Given& given, std::string_view expected) {
    throw app::ConfigError(fmt::format(
        "{}: '{}': {}", escaped(given.word, 60),
        app::is_plain_name(given.value) ? given.value : without_secrets(given.value), expected));
}

std::string login_to_copy(std::string_view name) {
    return app::is_plain_name(name) ? std::string(name) : "NAME";
}

}  // namespace onlooker::importing
