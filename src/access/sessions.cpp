#include "access/sessions.hpp"

#include <algorithm>
#include <utility>

namespace onlooker::access {

namespace {

// Enough to tell sessions apart in a list.
constexpr std::size_t label_length = 8;

}  // namespace

Sessions::Sessions(Settings settings, Ended ended) : settings_(settings), ended_(std::move(ended)) {
    sessions_.reserve(settings_.most);
}

std::string Sessions::begin(std::string_view user, const Digest& password, SteadyTime now) {
    end_expired(now);
    make_room(user);
    const std::string id = base64url(random_octets());
    sessions_.push_back({.label = base64url(random_octets()).substr(0, label_length),
                         .user = std::string(user),
                         .password = password,
                         .made = now,
                         .used = now,
                         .id_digest = sha256(id)});
    return id;
}

void Sessions::make_room(std::string_view user) {
    const auto is_of_user = [user](const Session& session) { return session.user == user; };
    const bool too_many_of_user = std::cmp_greater_equal(
        std::ranges::count_if(sessions_, is_of_user), settings_.most_per_user);
    if (!too_many_of_user && sessions_.size() < settings_.most)
        return;
    const Session* oldest = nullptr;
    for (const Session& session : sessions_)
        if ((!too_many_of_user || is_of_user(session)) && (!oldest || session.used < oldest->used))
            oldest = &session;
    end(std::string(oldest->label));
}

const Session* Sessions::find(std::string_view id, SteadyTime now) {
    constexpr std::size_t id_length = 43;  // as base64url() writes it
    if (id.size() != id_length)
        return nullptr;
    const Digest digest = sha256(id);
    Session* found = nullptr;
    for (Session& session : sessions_)
        if (equal(session.id_digest, digest))
            found = &session;
    if (!found || is_expired(*found, now))
        return nullptr;
    found->used = now;
    return found;
}

void Sessions::touch(std::string_view label, SteadyTime now) {
    for (Session& session : sessions_)
        if (session.label == label)
            session.used = now;
}

void Sessions::end(std::string_view label) {
    end_if([label](const Session& session) { return session.label == label; });
}

void Sessions::end_all(std::string_view user) {
    end_if([user](const Session& session) { return session.user == user; });
}

void Sessions::end_expired(SteadyTime now) {
    end_if([&](const Session& session) { return is_expired(session, now); });
}

void Sessions::end_if(const std::function<bool(const Session&)>& condition) {
    std::vector<Session> gone;
    std::erase_if(sessions_, [&](const Session& session) {
        const bool ends = condition(session);
        if (ends)
            gone.push_back(session);
        return ends;
    });
    for (const Session& session : gone)
        ended_(session);
}

bool Sessions::is_expired(const Session& session, SteadyTime now) const noexcept {
    return now - session.used >= settings_.idle || now - session.made >= settings_.absolute;
}

}  // namespace onlooker::access
