#include "access/ask_password.hpp"

#include <string.h>  // NOLINT(modernize-deprecated-headers): for explicit_bzero
#include <termios.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include "access/passwords.hpp"
#include "base/text.hpp"

namespace onlooker::access {

namespace {

constexpr int tries = 3;

// Longer than any password, so that one that is too long is told from one that was cut.
using Buffer = std::array<char, longest_password + 2>;

volatile std::sig_atomic_t signal_caught = 0;

void catch_signal(int number) {
    signal_caught = number;
}

// While it lives, what is typed is not shown, and signals that would end the program wait until the
// terminal is as it was.
class NoEcho {
  public:
    explicit NoEcho(int terminal) : terminal_(terminal) {
        if (::tcgetattr(terminal_, &before_) != 0)
            throw std::system_error(errno, std::system_category(), "cannot use the terminal");
        signal_caught = 0;
        struct sigaction action{};
        action.sa_handler = catch_signal;  // without SA_RESTART: read() ends
        for (std::size_t i = 0; i < signals.size(); ++i)
            ::sigaction(signals[i], &action, &actions_before_[i]);
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        quiet.c_lflag |= ECHONL | ICANON | ISIG;
        ::tcsetattr(terminal_, TCSAFLUSH, &quiet);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;
    ~NoEcho() {
        ::tcsetattr(terminal_, TCSAFLUSH, &before_);
        for (std::size_t i = 0; i < signals.size(); ++i)
            ::sigaction(signals[i], &actions_before_[i], nullptr);
        if (const int number = signal_caught; number != 0)
            (void)::raise(number);
    }

  private:
    // Ctrl-Z would leave the shell without echo.
    static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

    int terminal_;
    termios before_{};
    std::array<struct sigaction, signals.size()> actions_before_{};
};

// Without the end of the line. Nothing at the end of the input, and after a signal.
std::optional<Secret> read_line(int from) {
    Buffer buffer{};
    std::size_t length = 0;
    bool ended = false;
    while (!ended && signal_caught == 0) {
        char octet = 0;
        const ssize_t count = ::read(from, &octet, 1);
        if (count < 0 && errno == EINTR)
            continue;
        ended = count <= 0 || octet == '\n';
        if (!ended && length < buffer.size())
            buffer[length++] = octet;
        if (count <= 0 && length == 0)
            return std::nullopt;
    }
    if (length > 0 && length < buffer.size() && buffer[length - 1] == '\r')
        --length;
    Secret line{std::string(buffer.data(), length)};
    ::explicit_bzero(buffer.data(), buffer.size());
    return signal_caught == 0 ? std::optional(std::move(line)) : std::nullopt;
}

void say(int to, const std::string& text) {
    (void)!::write(to, text.data(), text.size());
}

// Of the terminal.
Secret ask_line(const std::string& prompt, int from, int to) {
    std::optional<Secret> line;
    {
        const NoEcho quiet(from);
        say(to, prompt);
        line = read_line(from);
    }
    if (!line)
        throw std::runtime_error("no password was given");
    return *std::move(line);
}

Secret ask_at_terminal(std::string_view user, int from, int to) {
    for (int i = 0; i < tries; ++i) {
        Secret first = ask_line(fmt::format("New password for {}: ", readable(user)), from, to);
        if (const std::string wrong = password_objection(first.view()); !wrong.empty()) {
            say(to, fmt::format("That cannot be one: {}.\n", wrong));
            continue;
        }
        if (ask_line("The same again: ", from, to).view() == first.view())
            return first;
        say(to, "These were two different ones.\n");
    }
    throw std::runtime_error("no password was set");
}

}  // namespace

Secret ask_new_password(std::string_view user) {
    return ask_new_password(user, STDIN_FILENO, STDERR_FILENO);
}

Secret ask_new_password(std::string_view user, int from, int to) {
    if (::isatty(from) == 1)
        return ask_at_terminal(user, from, to);
    signal_caught = 0;
    auto line = read_line(from);
    if (!line)
        throw std::runtime_error(
            "no password was given: it is the first line of standard input, or asked for at a "
            "terminal");
    if (const std::string wrong = password_objection(line->view()); !wrong.empty())
        throw std::runtime_error(
            fmt::format("the first line of standard input cannot be a password: {}", wrong));
    return *std::move(line);
}

}  // namespace onlooker::access
