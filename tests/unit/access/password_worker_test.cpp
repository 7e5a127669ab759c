#include "access/password_worker.hpp"

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "access/passwords.hpp"
#include "support/logged.hpp"
#include "support/test_loop.hpp"

using namespace std::chrono_literals;
using onlooker::Awaitable;
using onlooker::SteadyTime;
using onlooker::access::PasswordWorker;
using onlooker::access::Secret;
using onlooker::test::Logged;
using onlooker::test::TestLoop;

namespace {

struct Answer {
    bool came = false;
    std::optional<bool> matched;
};

Awaitable<> ask(PasswordWorker& worker, std::string password, std::string hash, Answer& answer) {
    answer.matched = co_await worker.check(Secret(std::move(password)), std::move(hash));
    answer.came = true;
}

// A worker whose comparison waits while the test holds `gate`.
struct Stage {
    Stage() {
        PasswordWorker::Settings settings;
        settings.matches = [this](const Secret& password, const std::string& hash) {
            const std::lock_guard lock(gate);
            ++computed;
            if (hash == "broken")
                throw std::runtime_error("no memory");
            return password.view() == hash;
        };
        settings.now = [this] { return now; };
        worker = std::make_unique<PasswordWorker>(loop.loop.get_executor(), std::move(settings));
    }

    // The answer that will be given; what can be done at once is done.
    Answer& ask(const std::string& password, const std::string& hash) {
        answers.push_back(std::make_unique<Answer>());
        asio::co_spawn(loop.loop, ::ask(*worker, password, hash, *answers.back()),
                       [](std::exception_ptr failure) {
                           if (failure)
                               std::rethrow_exception(failure);
                       });
        loop.loop.poll();
        return *answers.back();
    }
    bool wait_for(const Answer& answer) {
        return loop.run_until([&] { return answer.came; });
    }

    TestLoop loop;
    std::mutex gate;
    int computed = 0;
    SteadyTime now{std::chrono::hours(1)};
    std::unique_ptr<PasswordWorker> worker;
    std::vector<std::unique_ptr<Answer>> answers;
};

}  // namespace

TEST_SUITE("password worker") {
    TEST_CASE("says whether a password is the right one, and computes it on another thread") {
        Stage stage;
        std::unique_lock closed_gate(stage.gate);
        Answer& right = stage.ask("a", "a");
        Answer& wrong = stage.ask("a", "b");
        CHECK_FALSE(right.came);  // the loop was not held up
        closed_gate.unlock();
        REQUIRE(stage.wait_for(right));
        REQUIRE(stage.wait_for(wrong));
        CHECK(right.matched == true);
        CHECK(wrong.matched == false);
    }

    TEST_CASE("turns away what finds the queue full, at once") {
        Stage stage;
        std::unique_lock closed_gate(stage.gate);
        for (int i = 0; i < 9; ++i)
            CHECK_FALSE(stage.ask("a", "a").came);
        const Answer& tenth = stage.ask("a", "a");
        CHECK(tenth.came);
        CHECK_FALSE(tenth.matched.has_value());
        closed_gate.unlock();
        for (const auto& answer : stage.answers)
            REQUIRE(stage.wait_for(*answer));
        CHECK(stage.answers[8]->matched == true);
    }

    TEST_CASE("computes at most twenty hashes in any second, and goes on") {
        Stage stage;
        int answered = 0;
        for (int i = 0; i < 100; ++i) {
            const Answer& answer = stage.ask("a", "a");
            REQUIRE(stage.wait_for(answer));
            answered += answer.matched.has_value() ? 1 : 0;
            stage.now += 10ms;
        }
        CHECK(answered <= 20);
        CHECK(answered >= 18);
        CHECK(stage.computed == answered);
        stage.now += 1s;
        const Answer& later = stage.ask("a", "a");
        REQUIRE(stage.wait_for(later));
        CHECK(later.matched == true);
    }

    TEST_CASE("what fails is neither right nor wrong, and the log has the reason") {
        const Logged log;
        Stage stage;
        const Answer& broken = stage.ask("a", "broken");
        REQUIRE(stage.wait_for(broken));
        CHECK_FALSE(broken.matched.has_value());
        CHECK(log.count("cannot check a password: no memory") == 1);
        const Answer& next = stage.ask("a", "a");
        REQUIRE(stage.wait_for(next));
        CHECK(next.matched == true);
    }

    TEST_CASE("closed, it answers all who wait at once, and computes nothing more") {
        Stage stage;
        std::unique_lock closed_gate(stage.gate);
        for (int i = 0; i < 3; ++i)
            stage.ask("a", "a");
        stage.worker->close();
        stage.loop.loop.poll();
        for (const auto& answer : stage.answers) {
            CHECK(answer->came);
            CHECK_FALSE(answer->matched.has_value());
        }
        CHECK(stage.ask("a", "a").came);
        closed_gate.unlock();
        stage.worker.reset();
        CHECK(stage.computed <= 1);
        stage.loop.loop.poll();
    }

    TEST_CASE("whoever waits may be gone before the answer comes") {
        Stage stage;
        {
            std::unique_lock closed_gate(stage.gate);
            asio::io_context other;
            PasswordWorker::Settings settings;
            settings.matches = [&](const Secret&, const std::string&) {
                const std::lock_guard lock(stage.gate);
                return true;
            };
            auto worker = std::make_unique<PasswordWorker>(other.get_executor(), settings);
            Answer answer;
            asio::co_spawn(other, ask(*worker, "a", "a", answer), [](std::exception_ptr) {});
            other.poll();
            closed_gate.unlock();
            worker.reset();
        }
        CHECK(stage.computed == 0);
    }

    TEST_CASE("by itself it asks libcrypt") {
        TestLoop loop;
        PasswordWorker worker(loop.loop.get_executor());
        const std::string hash = onlooker::access::hash_password(Secret(std::string("12345678")));
        Answer answer;
        asio::co_spawn(loop.loop, ask(worker, "12345678", hash, answer), [](std::exception_ptr) {});
        REQUIRE(loop.run_until([&] { return answer.came; }));
        CHECK(answer.matched == true);
    }
}
