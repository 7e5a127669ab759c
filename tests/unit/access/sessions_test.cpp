#include "access/sessions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using namespace onlooker::access;
using onlooker::SteadyTime;

namespace {

struct House {
    explicit House(Sessions::Settings settings = {})
        : sessions(settings, [this](const Session& session) {
              ended.push_back(session.user);
              CHECK(std::ranges::find(sessions.all(), session.label, &Session::label) ==
                    sessions.all().end());
          }) {}

    std::string begin(std::string_view user, std::string_view password = "old") {
        return sessions.begin(user, sha256(password), now);
    }
    const Session* find(std::string_view id) { return sessions.find(id, now); }
    std::string label(std::string_view id) { return find(id)->label; }

    std::vector<std::string> ended;
    SteadyTime now{1h};
    Sessions sessions;
};

using Users = std::vector<std::string>;

}  // namespace

TEST_SUITE("sessions") {
    TEST_CASE("a session is found by its id, and by nothing else") {
        House house;
        const std::string id = house.begin("anna");
        CHECK(id.size() == 43);
        const Session* session = house.find(id);
        REQUIRE(session);
        CHECK(session->user == "anna");
        for (const std::string& wrong : {std::string(), id.substr(1), id + "A", session->label,
                                         std::string(43, 'A'), hex(session->id_digest)})
            CHECK(house.find(wrong) == nullptr);
        CHECK(house.begin("anna") != id);
    }

    TEST_CASE("the id is not kept, nor what it could be told from") {
        House house;
        const std::string id = house.begin("anna");
        const Session& session = house.sessions.all().front();
        CHECK(session.id_digest == sha256(id));
        CHECK(id.find(session.label) == std::string::npos);
    }

    TEST_CASE("a session that is used lives on; idle for twelve hours, it is over") {
        House house;
        const std::string id = house.begin("anna");
        for (int i = 0; i < 5; ++i) {
            house.now += 11h;
            CHECK(house.find(id));
        }
        house.now += 12h;
        CHECK_FALSE(house.find(id));
        CHECK(house.ended.empty());
        house.sessions.end_expired(house.now);
        CHECK(house.ended == Users{"anna"});
    }

    TEST_CASE("a running stream keeps it from going idle") {
        House house;
        const std::string id = house.begin("anna");
        const std::string label = house.label(id);
        house.now += 11h;
        house.sessions.touch(label, house.now);
        house.now += 11h;
        CHECK(house.find(id));
    }

    TEST_CASE("after thirty days it is over, however much it is used") {
        House house;
        const std::string id = house.begin("anna");
        for (int i = 0; i < 59; ++i) {
            house.now += 12h - 1s;
            CHECK(house.find(id));
        }
        house.now += 12h - 1s;
        house.now += 60s;
        CHECK_FALSE(house.find(id));
    }

    TEST_CASE("one is ended, or all of a user") {
        House house;
        const std::string first = house.begin("anna");
        const std::string second = house.begin("anna");
        const std::string other = house.begin("bob");
        house.sessions.end(house.label(first));
        CHECK_FALSE(house.find(first));
        CHECK(house.find(second));
        house.sessions.end_all("anna");
        CHECK_FALSE(house.find(second));
        CHECK(house.find(other));
        house.sessions.end("no such label");
        CHECK(house.ended == Users{"anna", "anna"});
    }

    TEST_CASE("those whose password was changed are ended") {
        House house;
        house.begin("anna", "old");
        const std::string second = house.begin("anna", "new");
        house.sessions.end_if(
            [](const Session& session) { return session.password != sha256("new"); });
        CHECK(house.ended == Users{"anna"});
        CHECK(house.find(second));
    }

    TEST_CASE("a user with too many loses the one that was used least recently") {
        House house({.most = 10, .most_per_user = 2});
        const std::string first = house.begin("anna");
        const std::string other = house.begin("bob");
        house.now += 1s;
        const std::string second = house.begin("anna");
        house.now += 1s;
        CHECK(house.find(first));
        house.begin("anna");
        CHECK_FALSE(house.find(second));
        CHECK(house.find(first));
        CHECK(house.find(other));
        CHECK(house.ended == Users{"anna"});
    }

    TEST_CASE("when all places are taken, the least recently used of all goes") {
        House house({.most = 2, .most_per_user = 2});
        house.begin("anna");
        house.now += 1s;
        house.begin("bob");
        house.now += 1s;
        house.begin("carl");
        CHECK(house.ended == Users{"anna"});
        CHECK(house.sessions.all().size() == 2);
    }
}
