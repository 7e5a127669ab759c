#include "app/access_commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "access/crypto.hpp"
#include "app/build_config.hpp"
#include "app/camera_name.hpp"
#include "app/options.hpp"
#include "app/values.hpp"
#include "base/text.hpp"

namespace onlooker::app {

namespace {

using access::Grant;
using access::Link;
using access::Said;
using access::Scopes;
using access::WallTime;

constexpr std::array<std::string_view, 4> commands{"user", "token", "link", "key"};

constexpr const char* user_help =
    R"(A password is asked for at the terminal, or is the first line of standard input. Who may do what:
  view      see pictures and streams        control   change a camera's controls, and view
  push      send pictures                   admin     everything

Examples:
  onlooker user add anna --users /var/lib/onlooker/users --scope admin
  onlooker user add guest --users /var/lib/onlooker/users --cameras door,garden
  onlooker user password anna --users /var/lib/onlooker/users < /run/secrets/password)";

constexpr const char* token_help =
    R"(A token lets a program in, and is printed once. It is sent as Authorization: Bearer TOKEN.

Example:
  onlooker token add octoprint --users /var/lib/onlooker/users --cameras bed)";

constexpr const char* link_help =
    R"(Whoever has the URL can see this one camera, and do nothing else. It works for snapshots, too:
with /snapshot in place of /stream.

Examples:
  onlooker link door --users /var/lib/onlooker/users --for 7d --base https://cam.example.org
  onlooker link --revoke URL --users /var/lib/onlooker/users)";

constexpr const char* key_help =
    R"(Links are signed with a key, which is in the file of the users.)";

// What was written on the command line, and what is to be done with it.
struct Wish {
    std::string file;
    std::string name;
    std::string scopes;
    std::string cameras;
    std::string life;
    std::string ends_after;
    std::string base;
    std::string revoked;
    bool drop_old = false;
    std::function<Said()> run;
};

Grant grant_of(const Wish& wish) {
    const auto scopes = Scopes::parse(wish.scopes);
    if (!scopes)
        throw ConfigError(
            "--scope: expected some of view, push, control and admin, with commas "
            "between them");
    std::vector<std::string> cameras;
    std::string_view rest = wish.cameras;
    while (!rest.empty() && rest != "*") {
        const auto name = trimmed(rest.substr(0, rest.find(',')));
        rest.remove_prefix(std::min(rest.find(','), rest.size() - 1) + 1);
        if (!is_plain_name(name))
            throw ConfigError("--cameras: expected names of cameras, with commas between them");
        cameras.emplace_back(name);
    }
    return Grant(*scopes, std::move(cameras));
}

std::chrono::seconds duration_of(std::string_view option, const std::string& text) {
    try {
        return std::chrono::ceil<std::chrono::seconds>(
            parse_seconds(text, std::chrono::seconds(1), access::longest_link_life));
    } catch (const ValueError&) {
        throw ConfigError(
            fmt::format("{}: expected a time such as 10m, 2h or 7d, of 366d at the most", option));
    }
}

std::string base_of(const Wish& wish) {
    const bool is_url = wish.base.starts_with("http://") || wish.base.starts_with("https://");
    if (!is_url || wish.base.find_first_of(" ?#\"'<>") != std::string::npos)
        throw ConfigError("--base: expected the address of the server, such as http://host:5000");
    return wish.base;
}

Said link(const Wish& wish) {
    if (!wish.revoked.empty())
        return access::revoke_link(wish.file, wish.revoked);
    if (!is_plain_name(wish.name))
        throw ConfigError("expected the name of a camera; see onlooker link --help");
    const WallTime now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    Link link{.camera = wish.name,
              .expires = now + duration_of("--for", wish.life),
              .until = std::nullopt,
              .kid = "",
              .id = ""};
    if (!wish.ends_after.empty())
        link.until = now + duration_of("--ends-after", wish.ends_after);
    return access::add_link(wish.file, link, base_of(wish));
}

// A subcommand by name, with what all of them have.
class Adder {
  public:
    Adder(CLI::App& parent, Wish& wish) : parent_(parent), wish_(wish) {}

    CLI::App& add(const char* name, const char* help, std::function<Said()> run) {
        CLI::App* sub = parent_.add_subcommand(name, help);
        finish(*sub, std::move(run));
        return *sub;
    }
    CLI::App& add_named(const char* name, const char* help, std::function<Said()> run) {
        CLI::App& sub = add(name, help, std::move(run));
        sub.add_option("NAME", wish_.name, fmt::format("Of the {}.", parent_.get_name()))
            ->required();
        return sub;
    }
    void finish(CLI::App& sub, std::function<Said()> run) {
        sub.add_option("--users", wish_.file, "The file that says who may come in.")
            ->type_name("FILE");
        sub.allow_extras();
        sub.callback([&wish = wish_, run = std::move(run)] { wish.run = run; });
    }
    void add_grant(CLI::App& sub) {
        wish_.scopes = "view";
        sub.add_option("--scope", wish_.scopes,
                       "view, push, control or admin, or several with commas. [view]")
            ->type_name("SCOPES");
        sub.add_option("--cameras", wish_.cameras, "Names, with commas between. [all]")
            ->type_name("NAMES");
    }

  private:
    CLI::App& parent_;
    Wish& wish_;
};

void add_user_commands(CLI::App& cli, Wish& wish, const access::AskPassword& ask) {
    CLI::App& user = *cli.add_subcommand("user", "Who may log in with a name and a password.");
    user.allow_extras()->footer(user_help);
    Adder to(user, wish);
    to.add_grant(to.add_named("add", "Lets somebody in; makes the file where there is none.",
                              [&] { return add_user(wish.file, wish.name, grant_of(wish), ask); }));
    to.add("list", "Shows the users, and what they may do.",
           [&] { return access::list_users(wish.file); });
    to.add_named("remove", "Ends the user's sessions and streams, too.",
                 [&] { return access::remove_user(wish.file, wish.name); });
    to.add_named("password", "Sets another password, and ends the user's sessions.",
                 [&] { return access::change_password(wish.file, wish.name, ask); });
    to.add_grant(to.add_named("grant", "Changes what a user may do, to what the options say.", [&] {
        return access::change_grant(wish.file, wish.name, grant_of(wish));
    }));
}

void add_token_commands(CLI::App& cli, Wish& wish) {
    CLI::App& token = *cli.add_subcommand("token", "Programs that may come in.");
    token.allow_extras()->footer(token_help);
    Adder to(token, wish);
    to.add_grant(to.add_named("add", "Makes a token, and prints it.", [&] {
        return access::add_token(wish.file, wish.name, grant_of(wish));
    }));
    to.add("list", "Shows the tokens' names, and what they allow.",
           [&] { return access::list_tokens(wish.file); });
    to.add_named("revoke", "Ends the streams that it let in, too.",
                 [&] { return access::revoke_token(wish.file, wish.name); });
}

void add_link_command(CLI::App& cli, Wish& wish) {
    CLI::App& sub = *cli.add_subcommand("link", "A URL that shows one camera for a while.");
    wish.life = fmt::format("{}m", access::default_link_life / std::chrono::minutes(1));
    wish.base = fmt::format("http://{}:{}", build_config::default_host, build_config::default_port);
    sub.footer(link_help);
    sub.add_option("CAMERA", wish.name, "The camera's name.");
    sub.add_option("--for", wish.life, "How long it can be opened. [10m]")->type_name("TIME");
    sub.add_option("--ends-after", wish.ends_after,
                   "When a stream that was opened ends; counts from now. [never]")
        ->type_name("TIME");
    sub.add_option("--base", wish.base, fmt::format("The server's address. [{}]", wish.base))
        ->type_name("URL");
    sub.add_option("--revoke", wish.revoked, "A link, by its URL or id, that is to end.")
        ->type_name("LINK");
    Adder(cli, wish).finish(sub, [&] { return link(wish); });
}

void add_key_command(CLI::App& cli, Wish& wish) {
    CLI::App& key = *cli.add_subcommand("key", "What links are signed with.");
    key.allow_extras()->footer(key_help);
    CLI::App& rotate = Adder(key, wish).add("rotate", "Signs with a new key from now on.", [&] {
        return access::rotate_keys(wish.file, wish.drop_old);
    });
    rotate.add_flag("--drop-old", wish.drop_old, "Links that were made before end at once.");
}

// A stray word may be a password: it is not repeated.
[[noreturn]] void refuse_word(const std::string& word, const std::vector<std::string>& arguments) {
    const std::string see = fmt::format("see onlooker {} --help", arguments.front());
    if (word.starts_with("--"))
        throw ConfigError(
            fmt::format("unknown option {}; {}", escaped(word.substr(0, word.find('=')), 40), see));
    throw ConfigError(fmt::format(
        "word {} of the command line was not expected (a password is never given there); {}",
        std::ranges::find(arguments, word) - arguments.begin() + 1, see));
}

[[noreturn]] void refuse_without_verb(const CLI::App& command) {
    std::vector<std::string> verbs;
    for (const CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; }))
        verbs.push_back(sub->get_name());
    throw ConfigError(fmt::format("{} needs one of these behind it: {}; see onlooker {} --help",
                                  command.get_name(), fmt::join(verbs, ", "), command.get_name()));
}

void add_commands(CLI::App& cli, Wish& wish, const access::AskPassword& ask) {
    add_user_commands(cli, wish, ask);
    add_token_commands(cli, wish);
    add_link_command(cli, wish);
    add_key_command(cli, wish);
}

AccessCommand described(const CLI::App& command, const CLI::App& family) {
    AccessCommand row{.words = family.get_name(),
                      .about = family.get_description(),
                      .argument = "",
                      .help = command.get_description(),
                      .options = {}};
    if (&command != &family)
        row.words += " " + command.get_name();
    for (const CLI::Option* option : command.get_options()) {
        const std::string name = option->get_single_name();
        if (option->get_positional())
            row.argument = option->get_required() ? name : "[" + name + "]";
        else if (name != "help")
            row.options.push_back(
                {"--" + name, option->get_type_name(), option->get_description()});
    }
    return row;
}

}  // namespace

std::vector<AccessCommand> access_commands() {
    Wish wish;
    CLI::App cli("", "onlooker");
    add_commands(cli, wish, {});
    const auto all = [](const CLI::App*) { return true; };
    std::vector<AccessCommand> rows;
    for (const CLI::App* family : cli.get_subcommands(all)) {
        const auto verbs = family->get_subcommands(all);
        if (verbs.empty())
            rows.push_back(described(*family, *family));
        for (const CLI::App* verb : verbs)
            rows.push_back(described(*verb, *family));
    }
    return rows;
}

bool is_access_command(std::string_view word) noexcept {
    return std::ranges::find(commands, word) != commands.end();
}

Said run_access_command(const std::vector<std::string>& arguments, const std::string& file,
                        const access::AskPassword& ask) {
    Wish wish;
    wish.file = file;
    CLI::App cli("", "onlooker");
    add_commands(cli, wish, ask);
    try {
        // CLI11 takes them from the back.
        cli.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForHelp&) {
        return {.output = cli.help(), .remark = ""};
    } catch (const CLI::ParseError& error) {
        throw ConfigError(
            fmt::format("{}; see onlooker {} --help", escaped(error.what()), arguments.front()));
    }
    if (!wish.run)
        refuse_without_verb(*cli.get_subcommand(arguments.front()));
    if (const auto rest = cli.remaining(true); !rest.empty())
        refuse_word(rest.front(), arguments);
    if (!access::has_logins())
        throw access::NoLogins();
    if (wish.file.empty())
        throw ConfigError("--users FILE is needed: the file that says who may come in");
    return wish.run();
}

}  // namespace onlooker::app
