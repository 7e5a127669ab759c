#include "http/connection.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <cassert>
#include <chrono>
#include <exception>
#include <utility>
#include <variant>
#include <vector>

#include "base/logging.hpp"
#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "http/gate.hpp"
#include "http/message/request_target.hpp"
#include "http/response_writer.hpp"
#include "http/tls_redirect.hpp"

namespace onlooker::http {

namespace {

constexpr auto continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(ConnectionShared& shared, std::unique_ptr<Transport> transport,
                       const asio::ip::tcp::endpoint& remote, AddressLimit::Seat seat)
    : shared_(shared),
      channel_(std::move(transport), shared.settings.write_stall),
      reader_(shared.settings.read, shared.read_buffer),
      remote_(remote),
      seat_(std::move(seat)) {}

Connection::~Connection() {
    assert(loop_.is_here());
    end_idleness();
}

void Connection::end_idleness() noexcept {
    if (auto* list = std::exchange(list_, nullptr))
        list->erase(idle_place_);
}

Awaitable<> Connection::run(std::unique_ptr<Connection> self) {
    try {
        bool open = co_await self->shake_hands();
        while (open && !self->channel_.aborted()) {
            open = co_await self->receive();
            if (open)
                open = co_await self->respond();
        }
        co_await self->linger();
    } catch (const std::exception& error) {
        self->log_failure(error);
    }
}

Awaitable<> Connection::refuse(std::unique_ptr<Connection> self, Response response) {
    if (self->transport().secure())
        co_return;
    try {
        co_await self->send_last(std::move(response), false);
        co_await self->linger();
    } catch (const std::exception& error) {
        self->log_failure(error);
    }
}

void Connection::leave() {
    assert(loop_.is_here());
    leaving_ = true;
    if (may_leave_)
        channel_.cancel();
    if (stream_)
        stream_->leave();
    wake_answer();
}

void Connection::abort() {
    leave();
    channel_.abort();
}

void Connection::on_leave(std::function<void()> wake) {
    departure_.reset();
    wake_answer_ = std::move(wake);
    if (!wake_answer_)
        return;
    if (leaving_)
        return wake_answer();
    departure_.emplace(transport().socket(), [this] { wake_answer(); });
}

// What is woken takes its on_leave() back, and may end this connection.
void Connection::wake_answer() {
    if (const auto wake = std::exchange(wake_answer_, nullptr))
        wake();
}

Awaitable<bool> Connection::shake_hands() {
    const SteadyTime due = RunningClock::now() + shared_.settings.handshake;
    while (true) {
        const IoResult step = transport().try_handshake();
        if (step.outcome == Outcome::done)
            co_return true;
        if (step.outcome == Outcome::wait_read || step.outcome == Outcome::wait_write) {
            if (co_await wait_idle(shared_.handshakes, step.outcome, due))
                continue;
            if (!leaving_)
                logging::debug("{}: no TLS handshake in time", remote_name());
            channel_.give_up();
        } else if (transport().peer_speaks_plain()) {
            channel_.become_plain();
            co_await send_last(
                Response::error(400, "This port speaks HTTPS: begin the address with https://"),
                false);
        } else {
            logging::debug("{}: TLS handshake failed: {}", remote_name(), step.error.message());
        }
        co_return false;
    }
}

// Ends with true when there is a request to answer.
Awaitable<bool> Connection::receive() {
    RequestReader::Status status = reader_.read(transport());
    while (status == RequestReader::Status::wait_read ||
           status == RequestReader::Status::wait_write) {
        const Outcome outcome =
            status == RequestReader::Status::wait_read ? Outcome::wait_read : Outcome::wait_write;
        if (!co_await wait_for_request(outcome))
            co_return false;
        status = reader_.read(transport());
    }
    if (status == RequestReader::Status::broken) {
        co_await refuse_request();
        co_return false;
    }
    if (status == RequestReader::Status::closed) {
        if (says_vanished(reader_.failure()))
            tell_vanished();
        channel_.give_up();
        co_return false;
    }
    request_ = reader_.take();
    request_.remote = remote_;
    request_.secure = transport().secure();
    request_.conversation = this;
    co_return true;
}

Awaitable<bool> Connection::wait_for_request(Outcome outcome) {
    const SteadyTime due = reader_.due(RunningClock::now());
    if (reader_.is_idle()) {
        reader_.release_unread();
        co_return co_await wait_idle(shared_.idle, outcome, due);
    }
    if (reader_.take_expects_continue()) {
        std::array pieces{bytes_of(continue_line)};
        if (!co_await channel_.write(pieces))
            co_return false;
    }
    const bool ready = co_await channel_.wait(outcome, due);
    if (!ready && !channel_.aborted())
        co_await refuse_request();
    co_return ready;
}

// A wait before a request has begun: a new connection, or the end of the server, may end it.
Awaitable<bool> Connection::wait_idle(std::list<Connection*>& list, Outcome outcome,
                                      SteadyTime due) {
    assert(loop_.is_here() && !list_);
    if (leaving_)
        co_return false;
    idle_place_ = list.insert(list.end(), this);
    list_ = &list;
    may_leave_ = true;
    const bool ready = co_await channel_.wait(outcome, due);
    may_leave_ = false;
    end_idleness();
    co_return ready;
}

// A request that cannot be read, or did not come in time.
Awaitable<> Connection::refuse_request() {
    const Request& partial = reader_.partial();
    Response response = reader_.error_answer();
    shared_.bad_requests.write(spdlog::level::info, "{}: bad request ({}): {}", remote_name(),
                               response.status, shown_target(partial.target));
    shared_.router.decorate(partial, response);
    co_await send_last(std::move(response), partial.method == Method::head);
}

Awaitable<> Connection::send_last(Response response, bool is_head_request) {
    // A named object: g++ 12 mishandles a braced temporary inside a co_await expression.
    HeadOptions options;
    options.keep_alive = false;
    options.is_head_request = is_head_request;
    co_await write_response(channel_, response, options);
}

Awaitable<Response> Connection::answer() {
    if (shared_.redirect_to && !request_.secure && !came_over_unix_socket(remote_))
        co_return redirect_to_tls(request_, *shared_.redirect_to);
    co_return co_await shared_.router.answer(request_);
}

Awaitable<bool> Connection::respond() {
    Response response = co_await answer();
    HeadOptions options;
    options.version_minor = request_.version_minor;
    options.keep_alive = request_.keep_alive && !leaving_;
    options.is_head_request = request_.method == Method::head;
    log_answer(response.status);
    if (std::holds_alternative<std::unique_ptr<StreamBody>>(response.body)) {
        co_await stream(std::move(response), options);
        co_return false;
    }
    const bool open = co_await write_response(channel_, response, options);
    tell_stall();
    // So that a client with many requests at hand does not keep the others waiting.
    if (++answers_ % 8 == 0)
        co_await channel_.yield();
    co_return open;
}

// Everything of HTTP that the stream does not need is given back first.
Awaitable<> Connection::stream(Response response, HeadOptions options) {
    options.keep_alive = false;
    std::string head = write_head(response, options);
    const bool chunked = is_chunked(response, options.version_minor);
    const auto body = std::move(std::get<std::unique_ptr<StreamBody>>(response.body));
    std::string input = body->wants_input() ? reader_.take_unread() : std::string();
    reader_.release();
    response = Response{};
    std::vector<Header>().swap(request_.headers);
    if (options.is_head_request) {
        const std::array pieces{bytes_of(head)};
        co_await channel_.write(pieces);
        tell_stall();
        co_return;
    }
    StreamSession session({channel_, *body, shared_.read_buffer, std::move(input), chunked},
                          leaving_);
    stream_ = &session;
    if (request_.pass)
        request_.pass->on_end([this] { abort(); });
    co_await session.run(std::move(head));
    stream_ = nullptr;
    tell_stall();
    if (session.peer_vanished())
        tell_vanished();
}

Awaitable<> Connection::linger() {
    if (leaving_)
        co_return co_await channel_.linger(shared_.read_buffer, {});
    may_leave_ = true;
    co_await channel_.linger(shared_.read_buffer, shared_.settings.linger);
    may_leave_ = false;
}

// Whoever was cut off while it believed to be alive finds the reason here.
void Connection::tell_stall() {
    if (channel_.stalled())
        shared_.stalls.write(spdlog::level::info,
                             "{} took nothing of {} for {:.1f} s and is let go", remote_name(),
                             shown_target(request_.target),
                             std::chrono::duration<double>(shared_.settings.write_stall).count());
}

void Connection::tell_vanished() {
    shared_.stalls.write(spdlog::level::info,
                         "{} answers nothing, not even whether it is there, and is let go",
                         remote_name());
}

void Connection::log_answer(int status) const {
    if (spdlog::should_log(spdlog::level::debug))
        logging::debug("{} {} {} {}", remote_name(), to_string(request_.method),
                       shown_target(request_.target), status);
}

void Connection::log_failure(const std::exception& error) noexcept {
    const bool no_memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
    try {
        shared_.failures.write(spdlog::level::err, "the connection of {} ended: {}", remote_name(),
                               no_memory ? "there was no memory for it" : escaped(error.what()));
    } catch (const std::exception&) {
        // Not enough memory to say so.
    }
}

}  // namespace onlooker::http
