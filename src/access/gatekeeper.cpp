#include "access/gatekeeper.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "access/refusals.hpp"
#include "base/logging.hpp"
#include "base/text.hpp"

namespace onlooker::access {

using http::Method;
using http::Response;
using http::Scope;

namespace {

constexpr std::chrono::seconds busy_for{2};
constexpr std::chrono::minutes session_round{1};

WallTime wall_time() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

bool is_this_machine(const asio::ip::address& address) {
    return address.is_loopback() ||
           (address.is_v6() && address.to_v6().is_v4_mapped() &&
            asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback());
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

// "view", "control", as the file of users has them.
std::string word_for(Scope scope) {
    return Scopes(scope).text();
}

bool ended_by(const Changes& changes, const Admittance& by) {
    switch (by.by) {
        case Admittance::By::password:
        case Admittance::By::session:
            return has(changes.users, by.name);
        case Admittance::By::token:
            return has(changes.tokens, by.name);
        case Admittance::By::link:
            return has(changes.links, by.name) || has(changes.keys, by.key);
        case Admittance::By::nothing:
            break;
    }
    return false;
}

}  // namespace

Gatekeeper::Gatekeeper(Executor executor, GatekeeperSettings settings)
    : settings_(std::move(settings)),
      sessions_([this](const Session& session) { on_session_end(session); }),
      under_way_(executor),
      worker_(executor),
      directory_(executor, settings_.users_file,
                 [this](const Changes& changes) { on_changes(changes); }),
      sweep_(executor, [this] { sweep(); }) {}

void Gatekeeper::close() {
    worker_.close();
    directory_.close();
    sweep_.set(std::nullopt);
    closed_ = true;
}

http::Gate Gatekeeper::gate() {
    return [this](http::Access access) { return judge(access); };
}

Awaitable<http::Verdict> Gatekeeper::judge(http::Access access) {
    if (is_link(access.request.query)) {
        Recognised recognised = by_link(access);
        if (auto* refusal = std::get_if<Response>(&recognised))
            co_return Verdict::refuse(std::move(*refusal));
        co_return admit(access, std::get<Known>(std::move(recognised)));
    }
    Credentials credentials = read_credentials(access.request, cookie_name(access.request));
    Recognised recognised = co_await by_credentials(access, std::move(credentials));
    if (auto* known = std::get_if<Known>(&recognised))
        co_return admit(access, std::move(*known));
    // What is public is for strangers, too.
    if (access.scope == Scope::public_)
        co_return let_stranger_in();
    co_return Verdict::refuse(std::get<Response>(std::move(recognised)));
}

Gatekeeper::Recognised Gatekeeper::by_link(const http::Access& access) {
    const auto found = directory_.verify_link(access.request.query, wall_time());
    if (const auto* refusal = std::get_if<LinkRefusal>(&found))
        return Response::error(403, fmt::format("This link is not good: {}.", to_string(*refusal)));
    const Link& link = std::get<Link>(found);
    const bool reads =
        access.request.method == Method::get || access.request.method == Method::head;
    if (access.scope != Scope::public_ &&
        (access.scope != Scope::view || !reads || access.resource != link.camera))
        return Response::error(403, "This link is for the pictures of another camera.");
    return Known{
        link.grant(),
        Admittance{
            .by = Admittance::By::link, .name = link.id, .key = link.kid, .until = link.until}};
}

Awaitable<Gatekeeper::Recognised> Gatekeeper::by_credentials(const http::Access& access,
                                                             Credentials credentials) {
    using Fault = Credentials::Fault;
    if (credentials.fault == Fault::conflict)
        co_return Response::error(400, "This request names two logins; send one.");
    if (credentials.fault == Fault::malformed)
        co_return refuse_login(access.request);
    std::optional<Known> by_cookie = by_session(credentials);
    if (!credentials.basic && !credentials.token) {
        if (by_cookie)
            co_return std::move(*by_cookie);
        co_return refuse_stranger(access.request);
    }
    if (is_unprotected(access.request))
        co_return refuse_unprotected();
    if (credentials.token) {
        auto known = by_token(credentials);
        if (!known)
            co_return refuse_login(access.request);
        if (by_cookie)
            co_return Response::error(400, "This request names two logins; send one.");
        co_return std::move(*known);
    }
    const BasicLogin login = std::move(*credentials.basic);
    if (by_cookie && by_cookie->by.name != login.name)
        co_return Response::error(400, "This request names two logins; send one.");
    const PasswordVerdict verdict = co_await check(access.request, login);
    const User* user = directory_.find_user(login.name);
    if (verdict.is != PasswordVerdict::Is::right || !user)
        co_return refuse_password(access.request, verdict);
    co_return known_by_password(*user);
}

std::optional<Gatekeeper::Known> Gatekeeper::by_session(const Credentials& credentials) {
    if (!credentials.session)
        return std::nullopt;
    const SteadyTime now = SteadyClock::now();
    const Session* session = sessions_.find(*credentials.session, now);
    const User* user = session ? directory_.find_user(session->user) : nullptr;
    if (!user)
        return std::nullopt;
    Admittance by{.by = Admittance::By::session, .name = session->user, .session = session->label};
    sessions_.touch(by.session, now);
    return Known{user->grant, std::move(by)};
}

std::optional<Gatekeeper::Known> Gatekeeper::by_token(const Credentials& credentials) const {
    const Token* token = directory_.find_token(credentials.token->view());
    if (!token)
        return std::nullopt;
    return Known{token->grant, {.by = Admittance::By::token, .name = token->name}};
}

Gatekeeper::Known Gatekeeper::known_by_password(const User& user) {
    return {user.grant, {.by = Admittance::By::password, .name = user.name}};
}

http::Verdict Gatekeeper::let_stranger_in() {
    return Verdict::let_in(admissions_.admit({}, {}));
}

// A route about no camera is for whoever may view one, since what it lists is filtered; one that
// does more is for those who may do it with every camera.
http::Verdict Gatekeeper::admit(const http::Access& access, Known known) {
    const Grant& grant = known.grant;
    const bool lists = access.scope == Scope::view && access.resource.empty();
    const bool allowed = access.scope == Scope::public_ ||
                         grant.allows(access.scope, access.resource) ||
                         (lists && grant.allows_somewhere(Scope::view));
    if (!allowed)
        return Verdict::refuse(Response::error(
            403, fmt::format("{} may not do this: it needs {}{}.", words_for(known.by),
                             word_for(access.scope),
                             access.resource.empty()
                                 ? std::string(" for all cameras")
                                 : fmt::format(" for the camera {}", access.resource))));
    const bool ends = known.by.until.has_value();
    Verdict verdict =
        Verdict::let_in(admissions_.admit(std::move(known.grant), std::move(known.by)));
    if (ends)
        plan_sweep();
    return verdict;
}

Awaitable<PasswordVerdict> Gatekeeper::check(const Request& request, const BasicLogin& login) {
    using Is = PasswordVerdict::Is;
    if (is_unprotected(request))
        co_return PasswordVerdict{Is::unprotected};
    if (directory_.recent_logins().has(login, SteadyClock::now()))
        co_return PasswordVerdict{Is::right};
    const Digest digest = directory_.recent_logins().digest_of(login);
    while (const auto other = under_way_.find(digest)) {
        co_await other->done.async_wait(as_result);
        if (other->verdict)
            co_return *other->verdict;
    }
    const auto turn = under_way_.begin(digest);
    const PasswordVerdict verdict = co_await check_by_itself(request, login);
    turn->verdict = verdict;
    co_return verdict;
}

Awaitable<PasswordVerdict> Gatekeeper::check_by_itself(const Request& request,
                                                       const BasicLogin& login) {
    using Is = PasswordVerdict::Is;
    const asio::ip::address address = request.remote.address();
    if (const auto wait = attempts_.begin(address, login.name, SteadyClock::now()))
        co_return PasswordVerdict{Is::too_many, *wait};
    const std::string hash = directory_.hash_for(login.name);
    const auto matched = co_await worker_.check(Secret(std::string(login.password.view())), hash);
    if (!matched) {
        attempts_.succeeded(address, login.name);
        co_return PasswordVerdict{Is::busy, busy_for};
    }
    // The file may have changed meanwhile.
    const User* user = directory_.find_user(login.name);
    if (!*matched || !user || user->hash != hash) {
        failed_logins_.write(spdlog::level::warn,
                             "login of {} from {} failed: wrong name or "
                             "password",
                             escaped(login.name, 64), address.to_string());
        co_return PasswordVerdict{Is::wrong};
    }
    attempts_.succeeded(address, login.name);
    directory_.recent_logins().add(login, SteadyClock::now());
    co_return PasswordVerdict{Is::right};
}

bool Gatekeeper::is_unprotected(const Request& request) const {
    return settings_.need_tls && !request.secure && !is_this_machine(request.remote.address());
}

std::string Gatekeeper::cookie_name(const Request& request) const {
    return session_cookie_name(settings_.port, request.secure);
}

Awaitable<Gatekeeper::Login> Gatekeeper::log_in(const Request& request, BasicLogin login) {
    Login result;
    result.verdict = co_await check(request, login);
    const User* user = directory_.find_user(login.name);
    if (result.verdict.is != PasswordVerdict::Is::right || !user)
        co_return result;
    // Whoever logs in again, or as somebody else, leaves the session from before.
    const auto before = by_session(read_credentials(request, cookie_name(request)));
    if (before)
        sessions_.end(before->by.session);
    const std::string id = sessions_.begin(user->name, user->password_digest(), SteadyClock::now());
    plan_sweep();
    logging::info("{} logged in from {}", user->name, request.remote.address().to_string());
    result.cookie = set_session_cookie(cookie_name(request), id, request.secure);
    co_return result;
}

std::string Gatekeeper::log_out(const Request& request, bool everywhere) {
    const auto known = by_session(read_credentials(request, cookie_name(request)));
    if (known && everywhere)
        sessions_.end_all(known->by.name);
    else if (known)
        sessions_.end(known->by.session);
    return clear_session_cookie(cookie_name(request), request.secure);
}

std::optional<std::string> Gatekeeper::make_link(std::string_view camera,
                                                 std::chrono::seconds life) {
    const LinkKey* key = directory_.link_key();
    if (!key)
        return std::nullopt;
    const WallTime end = wall_time() + life;
    Link link{.camera = std::string(camera), .expires = end, .until = end, .kid = {}, .id = {}};
    return access::make_link(link, *key);
}

Response Gatekeeper::refuse_stranger(const Request& request) const {
    return ask_to_log_in(request, settings_.login_page);
}

Response Gatekeeper::refuse_password(const Request& request, const PasswordVerdict& verdict) const {
    switch (verdict.is) {
        case PasswordVerdict::Is::too_many:
            return refuse_attempt(verdict.retry_after);
        case PasswordVerdict::Is::busy:
            return Response::unavailable("Too many logins are under way.", verdict.retry_after);
        case PasswordVerdict::Is::unprotected:
            return refuse_unprotected();
        default:
            return refuse_login(request);
    }
}

void Gatekeeper::on_changes(const Changes& changes) {
    sessions_.end_if([this](const Session& session) { return !directory_.is_current(session); });
    if (!changes.empty())
        admissions_.end_if([&changes](const Admittance& by) { return ended_by(changes, by); });
}

void Gatekeeper::on_session_end(const Session& session) {
    admissions_.end_if([label = session.label](const Admittance& by) {
        return by.by == Admittance::By::session && by.session == label;
    });
}

// A stream that runs keeps its session from going idle.
void Gatekeeper::sweep() {
    const SteadyTime now = SteadyClock::now();
    admissions_.for_each([&](const Admittance& by) {
        if (by.by == Admittance::By::session)
            sessions_.touch(by.session, now);
    });
    sessions_.end_expired(now);
    const WallTime wall = wall_time();
    admissions_.end_if([wall](const Admittance& by) { return by.until && *by.until <= wall; });
    plan_sweep();
}

// No wake-up while nobody is logged in and no link runs out.
void Gatekeeper::plan_sweep() {
    std::optional<std::chrono::seconds> wait;
    if (closed_)
        return;
    if (!sessions_.all().empty())
        wait = session_round;
    const WallTime wall = wall_time();
    admissions_.for_each([&](const Admittance& by) {
        if (by.until)
            wait = std::min(wait.value_or(session_round),
                            std::max(*by.until - wall, std::chrono::seconds(1)));
    });
    sweep_.set(wait ? std::optional(RunningClock::now() + *wait) : std::nullopt);
}

}  // namespace onlooker::access
