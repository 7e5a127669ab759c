#include "access/users_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "access/names.hpp"
#include "access/passwords.hpp"
#include "base/text.hpp"

namespace onlooker::access {

namespace {

using std::chrono::year_month_day;

constexpr std::string_view blanks = " \t";

// What is wrong with a line, for the one who knows its number.
class LineError : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!(line = trimmed(line, blanks)).empty()) {
        const auto end = std::min(line.find_first_of(blanks), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
    return words;
}

Grant read_grant(std::string_view scopes, std::string_view cameras) {
    const auto parsed = scopes.empty() ? Scopes(http::Scope::view) : Scopes::parse(scopes);
    if (!parsed)
        throw LineError(
            "the scopes are some of view, push, control and admin, with commas between");
    if (cameras.empty() || cameras == "*")
        return Grant(*parsed);
    std::vector<std::string> names;
    for (const std::string_view name : split(cameras, ',')) {
        if (!is_word(name))
            throw LineError("the cameras are names with commas between, or * for all of them");
        names.emplace_back(name);
    }
    return Grant(*parsed, std::move(names));
}

User read_user(std::string_view line) {
    const auto fields = split(line, ':');
    if (fields.size() < 2 || fields.size() > 4)
        throw LineError(
            "expected NAME:HASH:SCOPES:CAMERAS for a user, or a line that begins with token, key "
            "or revoked, or with # for a comment");
    if (!is_user_name(fields[0]))
        throw LineError(
            fmt::format("the name of a user has 1 to {} octets, without blanks, commas, colons and "
                        "backslashes, and does not begin with #",
                        longest_user_name));
    return {.name = std::string(fields[0]),
            .hash = std::string(fields[1]),
            .grant =
                read_grant(fields.size() > 2 ? fields[2] : "", fields.size() > 3 ? fields[3] : "")};
}

std::optional<year_month_day> parse_day(std::string_view text) {
    const auto parts = split(text, '-');
    if (text.size() != 10 || parts.size() != 3)
        return std::nullopt;
    const auto year = parse_number<unsigned short>(parts[0]);
    const auto month = parse_number<unsigned short>(parts[1]);
    const auto day = parse_number<unsigned short>(parts[2]);
    if (!year || !month || !day)
        return std::nullopt;
    const year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                              std::chrono::day(*day)};
    return date.ok() ? std::optional(date) : std::nullopt;
}

// The words of an entry that is no user's: its kind, its name, then KEY=VALUE in any order, or
// words that stand for themselves.
class Words {
  public:
    // `usage` is what was expected.
    Words(const std::vector<std::string_view>& words, std::string_view usage) : usage_(usage) {
        if (words.size() < 2 || !is_word(words[1]))
            refuse();
        name_ = words[1];
        for (std::size_t i = 2; i < words.size(); ++i) {
            const auto equals = words[i].find('=');
            const auto value = equals == std::string_view::npos ? "" : words[i].substr(equals + 1);
            if (!values_.emplace(words[i].substr(0, equals), value).second)
                refuse();
        }
    }

    std::string name() const { return std::string(name_); }
    std::optional<std::string_view> take(std::string_view key) {
        const auto node = values_.extract(key);
        return node ? std::optional(node.mapped()) : std::nullopt;
    }
    // Everything was taken, and it is what it should be.
    void check(bool good) const {
        if (!good || !values_.empty())
            refuse();
    }

  private:
    [[noreturn]] void refuse() const { throw LineError(fmt::format("expected {}", usage_)); }

    std::string_view usage_;
    std::string_view name_;
    std::map<std::string_view, std::string_view> values_;
};

Token read_token(const std::vector<std::string_view>& line) {
    Words words(line, "token NAME scopes=SCOPES cameras=CAMERAS made=YYYY-MM-DD sha256=DIGEST");
    const auto scopes = words.take("scopes");
    const auto cameras = words.take("cameras");
    const auto made = parse_day(words.take("made").value_or(""));
    const auto digest = hex_decoded(words.take("sha256").value_or(""));
    words.check(scopes && made && digest);
    return {.name = words.name(),
            .digest = *digest,
            .grant = read_grant(*scopes, cameras.value_or("*")),
            .made = *made};
}

LinkKey read_key(const std::vector<std::string_view>& line) {
    Words words(line, "key ID active secret=SECRET, or key ID retired secret=SECRET");
    const bool active = words.take("active").has_value();
    const bool retired = words.take("retired").has_value();
    const auto secret = base64url_decoded(words.take("secret").value_or(""));
    words.check(active != retired && secret);
    return {.kid = words.name(), .active = active, .secret = *secret};
}

RevokedLink read_revoked(const std::vector<std::string_view>& line) {
    Words words(line, "revoked ID until=SECONDS");
    const auto until = parse_number<std::uint32_t>(words.take("until").value_or(""));
    words.check(until.has_value());
    return {.id = words.name(), .until = std::chrono::sys_seconds(std::chrono::seconds(*until))};
}

std::string joined(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ","));
}

std::string line_of(std::monostate) {
    return {};
}

std::string line_of(const User& user) {
    const auto& cameras = user.grant.cameras();
    return fmt::format("{}:{}:{}{}{}", user.name, user.hash, user.grant.scopes().text(),
                       cameras.empty() ? "" : ":", joined(cameras));
}

std::string line_of(const Token& token) {
    const auto& cameras = token.grant.cameras();
    return fmt::format("token {} scopes={} cameras={} made={:04}-{:02}-{:02} sha256={}", token.name,
                       token.grant.scopes().text(), cameras.empty() ? "*" : joined(cameras),
                       static_cast<int>(token.made.year()),
                       static_cast<unsigned>(token.made.month()),
                       static_cast<unsigned>(token.made.day()), hex(token.digest));
}

std::string line_of(const LinkKey& key) {
    return fmt::format("key {} {} secret={}", key.kid, key.active ? "active" : "retired",
                       base64url(key.secret));
}

std::string line_of(const RevokedLink& link) {
    return fmt::format("revoked {} until={}", link.id, link.until.time_since_epoch().count());
}

}  // namespace

UsersText::Entry UsersText::read_entry(std::string_view line) {
    const auto words = words_of(line);
    if (words.empty() || words.front().starts_with('#'))
        return {};
    if (words.front() == "token")
        return read_token(words);
    if (words.front() == "key")
        return read_key(words);
    if (words.front() == "revoked")
        return read_revoked(words);
    return read_user(line);
}

// Of all lines but the last of them, which is the new one.
void UsersText::check_last_line(std::size_t entries) const {
    if (entries > most_entries)
        throw LineError(fmt::format("there are more than {} entries", most_entries));
    const Entry& last = lines_.back().entry;
    const auto* key = std::get_if<LinkKey>(&last);
    for (std::size_t i = 0; i + 1 < lines_.size(); ++i) {
        const Entry& other = lines_[i].entry;
        if (other.index() == last.index() && name_of(other) == name_of(last))
            throw LineError(fmt::format("{} is there already, in line {}", name_of(last), i + 1));
        const auto* other_key = std::get_if<LinkKey>(&other);
        if (key && other_key && key->active && other_key->active)
            throw LineError(fmt::format("only one key is active, and line {} has one", i + 1));
    }
}

void UsersText::judge_last_line(const std::string& place) {
    const User* user = std::get_if<User>(&lines_.back().entry);
    if (!user)
        return;
    const HashVerdict verdict = judge_hash(user->hash);
    if (verdict.kind == HashVerdict::Kind::refused)
        throw LineError(verdict.words);
    if (verdict.kind == HashVerdict::Kind::cheap)
        warnings_.push_back(place + verdict.words);
}

UsersText UsersText::parse(std::string_view text, std::string_view file, Hashes hashes) {
    UsersText users;
    std::size_t entries = 0;
    if (text.size() > longest_text)
        throw UsersFileError(fmt::format("{} is larger than 1 MiB", escaped(file)));
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::string place = fmt::format("{}:{}: ", readable(file), users.lines_.size() + 1);
        try {
            if (users.lines_.size() >= most_lines)
                throw LineError(fmt::format("there are more than {} lines", most_lines));
            if (line.size() > longest_line || line.find('\0') != std::string_view::npos)
                throw LineError(fmt::format("a line has at most {} octets of text", longest_line));
            const auto bare = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
            users.lines_.push_back({.text = std::string(bare), .entry = read_entry(bare)});
            if (std::holds_alternative<std::monostate>(users.lines_.back().entry))
                continue;
            users.check_last_line(++entries);
            if (hashes == Hashes::judged)
                users.judge_last_line(place);
        } catch (const LineError& error) {
            throw UsersFileError(place + error.what());
        }
    }
    return users;
}

std::string UsersText::text() const {
    std::string text;
    for (const Line& line : lines_)
        text += line.text + '\n';
    return text;
}

const std::string& UsersText::name_of(const Entry& entry) noexcept {
    static const std::string none;
    if (const auto* user = std::get_if<User>(&entry))
        return name_of(*user);
    if (const auto* token = std::get_if<Token>(&entry))
        return name_of(*token);
    if (const auto* key = std::get_if<LinkKey>(&entry))
        return name_of(*key);
    const auto* link = std::get_if<RevokedLink>(&entry);
    return link ? name_of(*link) : none;
}

void UsersText::put_line(Entry entry) {
    Line line{.text = std::visit([](const auto& value) { return line_of(value); }, entry),
              .entry = std::move(entry)};
    const auto old = std::ranges::find_if(lines_, [&](const Line& other) {
        return other.entry.index() == line.entry.index() &&
               name_of(other.entry) == name_of(line.entry);
    });
    if (old != lines_.end()) {
        *old = std::move(line);
        return;
    }
    if (std::ranges::count_if(lines_, [](const Line& other) { return other.entry.index() != 0; }) >=
        static_cast<std::ptrdiff_t>(most_entries))
        throw UsersFileError(fmt::format(
            "the file has {} entries already, which is as many as there may be", most_entries));
    lines_.push_back(std::move(line));
}

}  // namespace onlooker::access
