// What one connection remembers of its answers.
#include "http/message/conversation.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>

using namespace onlooker;

namespace {

class Silent final : public http::Conversation {
  public:
    void on_leave(std::function<void()>) override {}
};

}  // namespace

TEST_SUITE("conversation") {
    TEST_CASE("of each thing the version that was given last is remembered") {
        Silent conversation;
        const int front = 0, yard = 0;
        const SteadyTime start;
        CHECK(!conversation.given(&front));
        conversation.remember({.thing = &front, .version = 7, .at = start});
        conversation.remember({.thing = &yard, .version = 3, .at = start});
        CHECK(conversation.given(&front)->version == 7);
        CHECK(conversation.given(&yard)->version == 3);
        conversation.remember(
            {.thing = &front, .version = 8, .at = start + std::chrono::seconds(1)});
        CHECK(conversation.given(&front)->version == 8);
        CHECK(conversation.given(&front)->at == start + std::chrono::seconds(1));
        CHECK(conversation.given(&yard)->version == 3);
    }
}
