#include "http/connection.hpp"

#include <asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>
#include <variant>

#include "base/text.hpp"

namespace onlooker::http {

namespace {

// What a peer may still send after our last octet before we close all the same.
constexpr std::size_t most_discarded = 256 * 1024;

// A write of a long generated answer.
constexpr std::size_t gathered_octets = 16 * 1024;

// Rows are counted too: a generator of empty ones must not hold the loop.
constexpr int most_rows_gathered = 4096;

// Appends rows until there are `wanted` octets. False when there are no more rows.
bool gather(TextGenerator& rows, std::string& into, std::size_t wanted) {
    for (int count = 0; into.size() < wanted && count < most_rows_gathered; ++count) {
        const std::string_view* row = rows.next();
        if (!row)
            return false;
        into.append(*row);
    }
    return true;
}

ConstBytes bytes_of(std::string_view text) noexcept {
    return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

Connection::Connection(ConnectionShared& shared, std::unique_ptr<Transport> transport,
                       const asio::ip::tcp::endpoint& remote)
    : shared_(shared), transport_(std::move(transport)), remote_(remote) {}

Connection::~Connection() {
    end_idleness();
    shared_.on_end(*this);
}

void Connection::end_idleness() noexcept {
    if (std::exchange(listed_, false))
        shared_.idle->erase(idle_place_);
}

Awaitable<> Connection::run(std::unique_ptr<Connection> self) {
    try {
        co_await self->serve();
    } catch (const std::exception& error) {
        spdlog::error("the connection of {} ended: {}", self->remote_.address().to_string(),
                      escaped(error.what()));
    }
}

Awaitable<> Connection::refuse(std::unique_ptr<Connection> self, Response response) {
    self->refused_ = true;
    if (self->transport_->secure())
        co_return;
    HeadOptions options;
    options.keep_alive = false;
    co_await self->send(response, options);
    co_await self->linger();
}

void Connection::leave() {
    leaving_ = true;
    if (idle_)
        transport_->socket().cancel();
    if (const auto wake = std::exchange(on_leave_, nullptr))
        wake();
}

void Connection::abort() {
    aborted_ = true;
    leave();
    asio::error_code ignored;
    transport_->socket().cancel(ignored);
    transport_->socket().shutdown(asio::socket_base::shutdown_both, ignored);
}

Awaitable<> Connection::serve() {
    if (transport_->secure()) {
        if (const std::error_code error = co_await transport_->handshake()) {
            spdlog::debug("{}: TLS handshake failed: {}", remote_.address().to_string(),
                          error.message());
            co_return co_await linger();
        }
    }
    bool open = true;
    while (open && !aborted_) {
        const Received received = co_await receive();
        if (received == Received::end)
            break;
        if (received == Received::request) {
            open = co_await respond();
        } else {
            open = false;
            Response response = error_answer();
            // A named object: g++ 12 mishandles a braced temporary inside a co_await expression.
            HeadOptions options;
            options.keep_alive = false;
            options.is_head_request = parser_->partial().method == Method::head;
            co_await send(response, options);
        }
    }
    co_await linger();
}

// Takes a request from what has been read, and reads on until there is one.
Awaitable<Connection::Received> Connection::receive() {
    if (!parser_)
        parser_.emplace(shared_.options.limits);
    phase_due_ = {};
    while (true) {
        std::string_view octets = std::string_view(unread_).substr(unread_begin_);
        if (octets.empty()) {
            const IoResult read = transport_->try_read(shared_.read_buffer);
            if (read.outcome == IoResult::Outcome::wait_read ||
                read.outcome == IoResult::Outcome::wait_write) {
                if (!co_await wait_for_octets(read.outcome))
                    co_return idle_or_aborted() ? Received::end : Received::broken;
                continue;
            }
            peer_closed_ = read.outcome != IoResult::Outcome::done;
            if (peer_closed_)
                co_return Received::end;
            octets = {reinterpret_cast<const char*>(shared_.read_buffer.data()), read.octets};
        }
        const auto status = parser_->feed(octets);
        keep_unread(octets);
        if (status == RequestParser::Status::complete)
            co_return take_request();
        if (status == RequestParser::Status::failed)
            co_return Received::broken;
    }
}

Connection::Received Connection::take_request() {
    request_ = parser_->take();
    request_.remote = remote_;
    request_.secure = transport_->secure();
    return Received::request;
}

bool Connection::idle_or_aborted() const noexcept {
    return aborted_ || !parser_->started();
}

// The octets may lie in the buffer that all connections share, or in unread_ itself.
void Connection::keep_unread(std::string_view octets) {
    const bool own = octets.data() >= unread_.data() &&
                     octets.data() <= unread_.data() + unread_.size() && !unread_.empty();
    if (octets.empty()) {
        unread_.clear();
        unread_begin_ = 0;
    } else if (own) {
        unread_begin_ = unread_.size() - octets.size();
    } else {
        unread_.assign(octets);
        unread_begin_ = 0;
    }
}

// False when the time is up, or when the connection is to end.
Awaitable<bool> Connection::wait_for_octets(IoResult::Outcome outcome) {
    enter_phase();
    if (phase_ == Phase::waiting && leaving_)
        co_return false;
    if (phase_ == Phase::body && parser_->take_expects_continue()) {
        std::array pieces{bytes_of("HTTP/1.1 100 Continue\r\n\r\n")};
        if (!co_await write(pieces))
            co_return false;
    }
    idle_ = phase_ == Phase::waiting;
    if (idle_) {
        unread_ = std::string();
        idle_place_ = shared_.idle->insert(shared_.idle->end(), this);
        listed_ = true;
    }
    const auto kind =
        outcome == IoResult::Outcome::wait_read ? TcpSocket::wait_read : TcpSocket::wait_write;
    const bool ready = co_await wait(kind, phase_due_);
    idle_ = false;
    end_idleness();
    co_return ready;
}

void Connection::enter_phase() {
    const Phase phase = parser_->in_body()   ? Phase::body
                        : parser_->started() ? Phase::head
                                             : Phase::waiting;
    if (phase == phase_ && phase_due_ != TimePoint{})
        return;
    const ConnectionOptions& options = shared_.options;
    const auto limit = phase == Phase::body   ? options.body
                       : phase == Phase::head ? options.head
                       : answers_ > 0         ? options.idle
                                              : options.first_request;
    phase_ = phase;
    phase_due_ = SteadyClock::now() + limit;
}

Response Connection::error_answer() const {
    Response response = parser_->status() == RequestParser::Status::failed
                            ? Response::error(parser_->error_status(), parser_->error_sentence())
                            : Response::error(408, "The rest of the request did not come in time.");
    shared_.router.decorate(parser_->partial(), response);
    return response;
}

Awaitable<bool> Connection::respond() {
    Response response = co_await shared_.router.answer(request_);
    const HeadOptions options{.version_minor = request_.version_minor,
                              .keep_alive = request_.keep_alive && !leaving_,
                              .is_head_request = request_.method == Method::head};
    log_answer(response.status);
    const bool open = co_await send(response, options);
    // So that a client with many requests at hand does not keep the others waiting.
    if (++answers_ % 8 == 0)
        co_await yield();
    co_return open;
}

// False when the connection is over after this answer.
Awaitable<bool> Connection::send(Response& response, HeadOptions options) {
    std::string head;
    if (auto* stream_body = std::get_if<std::unique_ptr<StreamBody>>(&response.body)) {
        head = write_head(response, options);
        auto taken = options.is_head_request ? nullptr : std::move(*stream_body);
        response = Response{};
        co_await stream(std::move(taken), std::move(head));
        co_return false;
    }
    if (auto* rows = std::get_if<TextGenerator>(&response.body)) {
        options.keep_alive = options.keep_alive && options.version_minor > 0;
        head = write_head(response, options);
        if (!options.is_head_request)
            co_return co_await send_generated(*rows, std::move(head), options.version_minor > 0) &&
                options.keep_alive;
    } else {
        head = write_head(response, options);
    }
    std::array pieces{bytes_of(head), ConstBytes{}};
    if (!options.is_head_request && response.status != 204 && response.status != 304) {
        if (const auto* text = std::get_if<std::string>(&response.body))
            pieces[1] = bytes_of(*text);
        else if (const auto* shared = std::get_if<SharedBytes>(&response.body))
            pieces[1] = shared->data;
    }
    std::span<ConstBytes> rest = pieces;
    if (push(rest) != Push::all && !co_await write(rest))
        co_return false;
    co_return options.keep_alive;
}

// The first row goes out with the head; the others are gathered, so that a row is not a system
// call.
Awaitable<bool> Connection::send_generated(TextGenerator& rows, std::string head, bool chunked) {
    std::string gathered;
    std::size_t wanted = 1;
    bool more = true;
    while (more && !aborted_) {
        gathered.clear();
        more = gather(rows, gathered, wanted);
        wanted = gathered_octets;
        std::string_view tail;
        if (chunked) {
            if (!gathered.empty())
                head += fmt::format("{:x}\r\n", gathered.size());
            tail = gathered.empty() ? (more ? "" : "0\r\n\r\n") : more ? "\r\n" : "\r\n0\r\n\r\n";
        }
        std::array pieces{bytes_of(head), bytes_of(gathered), bytes_of(tail)};
        if (!co_await write(pieces))
            co_return false;
        head.clear();
        co_await yield();
    }
    co_return !more;
}

// Everything of HTTP that the stream does not need is given back first.
Awaitable<> Connection::stream(std::unique_ptr<StreamBody> body, std::string head) {
    deadline_.reset();
    armed_for_ = TimePoint::max();
    parser_.reset();
    // Whatever follows the request is never looked at.
    unread_ = std::string();
    unread_begin_ = 0;
    request_.headers.shrink_to_fit();
    if (!body) {
        std::array pieces{bytes_of(head)};
        co_await write(pieces);
        co_return;
    }
    head += body->preamble();
    std::array pieces{bytes_of(head)};
    std::span<ConstBytes> rest = pieces;
    if (push(rest) != Push::all && !co_await write(rest))
        co_return;
    head = std::string();
    deadline_.reset();
    armed_for_ = TimePoint::max();
    if (!leaving_)
        co_await body->run(*this);
    on_leave_ = nullptr;
}

void Connection::log_answer(int status) const {
    if (spdlog::should_log(spdlog::level::debug))
        spdlog::debug("{} {} {} {}", remote_.address().to_string(), to_string(request_.method),
                      escaped(request_.target), status);
}

// Writes what the socket takes now; `pieces` becomes the rest.
Connection::Push Connection::push(std::span<ConstBytes>& pieces) {
    while (true) {
        while (!pieces.empty() && pieces.front().empty())
            pieces = pieces.subspan(1);
        if (pieces.empty())
            return Push::all;
        const IoResult result = transport_->try_write(pieces);
        if (result.outcome == IoResult::Outcome::wait_write)
            return Push::wait_write;
        if (result.outcome == IoResult::Outcome::wait_read)
            return Push::wait_read;
        if (result.outcome != IoResult::Outcome::done) {
            peer_closed_ = true;
            return Push::failed;
        }
        std::size_t written = result.octets;
        for (ConstBytes& piece : pieces) {
            const std::size_t part = std::min(written, piece.size());
            piece = piece.subspan(part);
            written -= part;
        }
    }
}

Awaitable<bool> Connection::write(std::span<ConstBytes> pieces) {
    while (!aborted_) {
        const Push pushed = push(pieces);
        if (pushed == Push::all)
            co_return true;
        if (pushed == Push::failed)
            co_return false;
        const auto kind = pushed == Push::wait_read ? TcpSocket::wait_read : TcpSocket::wait_write;
        if (!co_await wait(kind, SteadyClock::now() + shared_.options.write_stall)) {
            peer_closed_ = true;
            co_return false;
        }
    }
    co_return false;
}

// False when the time is up or something cancelled the wait.
Awaitable<bool> Connection::wait(TcpSocket::wait_type kind, TimePoint due) {
    set_deadline(due);
    suspended_ = true;
    const auto [error] = co_await transport_->socket().async_wait(kind, as_result);
    suspended_ = false;
    co_return !error && !aborted_;
}

// The timer is set anew only for an earlier time; for a later one it is enough to look at due_ when
// it runs out. So a busy connection hardly ever touches it.
void Connection::set_deadline(TimePoint due) {
    due_ = due;
    if (armed_for_ <= due && deadline_)
        return;
    armed_for_ = due;
    if (deadline_)
        deadline_->restart(due - SteadyClock::now());
    else
        deadline_.emplace(transport_->socket().get_executor(), due - SteadyClock::now(),
                          [this] { deadline_reached(); });
}

void Connection::deadline_reached() {
    armed_for_ = TimePoint::max();
    if (!suspended_)
        return;
    if (SteadyClock::now() < due_) {
        set_deadline(due_);
        return;
    }
    asio::error_code ignored;
    transport_->socket().cancel(ignored);
}

Awaitable<> Connection::yield() {
    co_await asio::post(transport_->socket().get_executor(), use_awaitable);
}

// An answer that is followed at once by close() may never arrive: octets that came and were not
// read make the kernel reset the connection. So say that we are done, and read until the peer is
// too, for a while.
Awaitable<> Connection::linger() {
    if (aborted_ || peer_closed_)
        co_return;
    transport_->shutdown();
    const TimePoint due = SteadyClock::now() + shared_.options.linger;
    std::size_t discarded = 0;
    while (discarded < most_discarded && !aborted_) {
        const IoResult read = transport_->try_read(shared_.read_buffer);
        discarded += read.octets;
        if (read.outcome == IoResult::Outcome::done)
            continue;
        if (read.outcome != IoResult::Outcome::wait_read || leaving_ ||
            !co_await wait(TcpSocket::wait_read, due))
            co_return;
    }
}

}  // namespace onlooker::http
