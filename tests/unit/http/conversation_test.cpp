// What one connection remembers of its answers.
#include "http/message/conversation.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
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

    TEST_CASE("each form of a thing is remembered for itself, and not without limit") {
        Silent conversation;
        const int front = 0;
        const SteadyTime start;
        conversation.remember({.thing = &front, .version = 7, .at = start});
        CHECK(!conversation.given(&front, 1));
        for (std::uint64_t form = 1; form <= 1000; ++form)
            conversation.remember({.thing = &front,
                                   .form = form,
                                   .version = form,
                                   .at = start + std::chrono::seconds(form)});
        CHECK(conversation.given(&front, 1000)->version == 1000);
        CHECK(conversation.given(&front, 901)->version == 901);
        CHECK(!conversation.given(&front, 1));
        CHECK(!conversation.given(&front));
    }
}
