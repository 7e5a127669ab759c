#include "component/http/served.hpp"

#include <poll.h>
#include <pthread.h>
#include <time.h>

#include <arpa/inet.h>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "base/clock.hpp"
#include "base/running_clock.hpp"

namespace onlooker::http::test {

namespace {

ServerSettings on_free_port(ServerSettings settings) {
    for (ListenAddress& address : settings.listen)
        address.port = 0;
    return settings;
}

bool wait_readable(int fd, std::chrono::milliseconds patience) {
    pollfd waiting{fd, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(patience.count())) > 0;
}

Awaitable<> wait_until_empty(Server& server, SteadyTime limit,
                             std::shared_ptr<std::promise<bool>> emptied) {
    emptied->set_value(co_await server.wait_empty(limit));
}

void rethrow(std::exception_ptr failure) {
    if (failure)
        std::rethrow_exception(failure);
}

}  // namespace

Served::Served(Router router, ServerSettings settings)
    : router_(std::move(router)),
      server_(std::make_unique<Server>(loop_, router_, on_free_port(std::move(settings)))),
      port_(server_->endpoints().front().port()) {
    server_->start();
    thread_ = std::thread([this] { loop_.run(); });
}

Served::~Served() {
    if (!stop(std::chrono::seconds(1)))
        on_loop([this] { server_->abort(); });
    thread_.join();
}

void Served::on_loop(std::function<void()> action) {
    std::promise<void> done;
    asio::post(loop_, [&] {
        action();
        done.set_value();
    });
    done.get_future().wait();
}

bool Served::stop(std::chrono::milliseconds limit) {
    if (std::exchange(stopped_, true))
        return true;
    const auto emptied = std::make_shared<std::promise<bool>>();
    auto empty = emptied->get_future();
    on_loop([&] {
        server_->stop_accepting();
        server_->leave();
        asio::co_spawn(loop_.get_executor(),
                       wait_until_empty(*server_, RunningClock::now() + limit, emptied), rethrow);
    });
    return empty.get();
}

std::size_t Served::connections() {
    std::size_t count = 0;
    on_loop([&] { count = server_->connections(); });
    return count;
}

std::chrono::nanoseconds Served::busy_during(std::chrono::milliseconds time) {
    clockid_t clock{};
    ::pthread_getcpuclockid(thread_.native_handle(), &clock);
    const auto reading = [clock] {
        timespec now{};
        ::clock_gettime(clock, &now);
        return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
    };
    const auto before = reading();
    std::this_thread::sleep_for(time);
    return reading() - before;
}

Client::Client(std::uint16_t port, int receive_buffer)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0)
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect to the server under test");
}

void Client::send(std::string_view text) {
    while (!text.empty()) {
        const auto sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void Client::get(std::string_view target) {
    send("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
}

std::string Client::open_stream(std::string_view target) {
    get(target);
    return receive_until("--frame\r\n");
}

std::size_t Client::send_within(std::string_view text, std::chrono::milliseconds patience) {
    const std::size_t size = text.size();
    while (!text.empty()) {
        pollfd waiting{fd_.get(), POLLOUT, 0};
        if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0)
            break;
        const auto sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0)
            break;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return size - text.size();
}

void Client::finish_sending() {
    ::shutdown(fd_.get(), SHUT_WR);
}

void Client::reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    fd_ = UniqueFd();
}

std::string Client::receive_some(std::size_t most) {
    std::string text(most, '\0');
    if (!wait_readable(fd_.get(), std::chrono::seconds(5)))
        return {};
    const auto size = ::recv(fd_.get(), text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
}

std::string Client::receive_all(std::chrono::milliseconds patience) {
    std::string text = std::exchange(kept_, {});
    while (wait_readable(fd_.get(), patience)) {
        const std::string part = receive_some();
        if (part.empty())
            break;
        text += part;
    }
    return text;
}

std::string Client::receive_until(std::string_view mark) {
    std::string text = std::exchange(kept_, {});
    std::size_t place = 0;
    while ((place = text.find(mark)) == std::string::npos) {
        const std::string part = receive_some();
        if (part.empty())
            return text;
        text += part;
    }
    kept_ = text.substr(place + mark.size());
    text.resize(place + mark.size());
    return text;
}

std::string Client::receive_exactly(std::size_t octets) {
    std::string text = std::exchange(kept_, {});
    while (text.size() < octets) {
        const std::string part = receive_some(octets - text.size());
        if (part.empty())
            return text;
        text += part;
    }
    kept_ = text.substr(octets);
    text.resize(octets);
    return text;
}

bool Client::closed_by_peer(std::chrono::milliseconds patience) {
    char octet = 0;
    return wait_readable(fd_.get(), patience) && ::recv(fd_.get(), &octet, 1, MSG_PEEK) <= 0;
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience) {
    const auto end = SteadyClock::now() + patience;
    while (!condition()) {
        if (SteadyClock::now() > end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

int status_of(std::string_view response) {
    return response.size() < 12 ? 0 : std::atoi(std::string(response.substr(9, 3)).c_str());
}

}  // namespace onlooker::http::test
