#include "access/ask_password.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"

using onlooker::UniqueFd;
using namespace onlooker::access;

namespace {

// What standard input is in a script.
struct Pipe {
    explicit Pipe(std::string_view text) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        from = UniqueFd(ends[0]);
        const UniqueFd to(ends[1]);
        REQUIRE(::write(to.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    std::string ask() const { return std::string(ask_new_password("anna", from.get(), -1).view()); }
    std::string refusal() const {
        try {
            return ask();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
    }
    UniqueFd from;
};

// A person at a terminal, who answers each prompt with the next line.
class Person {
  public:
    explicit Person(std::vector<std::string> answers) : master_(::posix_openpt(O_RDWR | O_NOCTTY)) {
        REQUIRE(master_);
        REQUIRE(::grantpt(master_.get()) == 0);
        REQUIRE(::unlockpt(master_.get()) == 0);
        terminal_ = UniqueFd(::open(::ptsname(master_.get()), O_RDWR | O_NOCTTY));
        REQUIRE(terminal_);
        hand_ = std::thread([this, lines = std::move(answers)] { answer(lines); });
    }
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;
    ~Person() { finish(); }

    // Empty if none was given.
    std::string give() {
        try {
            return std::string(ask_new_password("anna", terminal_.get(), terminal_.get()).view());
        } catch (const std::runtime_error&) {
            return {};
        }
    }
    bool has_echo() const {
        termios state{};
        REQUIRE(::tcgetattr(terminal_.get(), &state) == 0);
        return (state.c_lflag & ECHO) != 0;
    }
    // All that was to be seen.
    const std::string& finish() {
        terminal_ = UniqueFd();
        if (hand_.joinable())
            hand_.join();
        return seen_;
    }

  private:
    void answer(const std::vector<std::string>& lines) {
        std::size_t next = 0;
        std::array<char, 256> buffer{};
        while (true) {
            const ssize_t count = ::read(master_.get(), buffer.data(), buffer.size());
            if (count <= 0)
                return;
            seen_.append(buffer.data(), static_cast<std::size_t>(count));
            if (seen_.ends_with(": ") && next < lines.size()) {
                const std::string line = lines[next++] + "\n";
                (void)!::write(master_.get(), line.data(), line.size());
            }
        }
    }

    UniqueFd master_;
    UniqueFd terminal_;
    std::string seen_;
    std::thread hand_;
};

}  // namespace

TEST_SUITE("ask password") {
    TEST_CASE("without a terminal it is the first line, with or without its end") {
        CHECK(Pipe("a password\nanother\n").ask() == "a password");
        CHECK(Pipe("a password\r\n").ask() == "a password");
        CHECK(Pipe("a password").ask() == "a password");
        CHECK(Pipe(" with blanks ").ask() == " with blanks ");
    }

    TEST_CASE("one that cannot be set is refused, and not repeated") {
        CHECK(Pipe("").refusal().find("no password was given") == 0);
        CHECK(Pipe("\n").refusal().find("at least 8 characters") != std::string::npos);
        CHECK(Pipe("hush\n").refusal().find("hush") == std::string::npos);
        CHECK(Pipe(std::string(5000, 'a')).refusal().find("at most 256 octets") !=
              std::string::npos);
    }

    TEST_CASE("a person is asked twice, and sees nothing of what is typed") {
        Person person({"a password", "a password"});
        CHECK(person.give() == "a password");
        CHECK(person.has_echo());
        const std::string& seen = person.finish();
        CHECK(seen.find("New password for anna: ") == 0);
        CHECK(seen.find("The same again: ") != std::string::npos);
        CHECK(seen.find("a password") == std::string::npos);
    }

    TEST_CASE("a person who errs is asked again, three times in all") {
        Person person({"short", "a password", "b password", "a password", "a password"});
        CHECK(person.give() == "a password");
        CHECK(person.finish().find("at least 8 characters") != std::string::npos);
        Person other({"short", "short", "short", "a password", "a password"});
        CHECK(other.give().empty());
        CHECK(other.has_echo());
    }
}
