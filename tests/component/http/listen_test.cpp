// Unix sockets, and ports that only point to another.
#include <stdlib.h>

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "component/http/served.hpp"
#include "http/tls_redirect.hpp"
#include "http/wire/socket_file.hpp"
#include "support/logged.hpp"

using namespace onlooker::http;
using namespace onlooker::http::test;
using onlooker::test::Logged;

namespace {

class Folder {
  public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "onlooker-unix-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string file() const { return path_ / "socket"; }

  private:
    std::filesystem::path path_;
};

onlooker::Awaitable<Response> say_who(const Request& request, const RouteParameters&) {
    co_return Response::text(200, request.remote.address().to_string());
}

Router make_router() {
    Router router;
    router.add({Method::get}, "/who", Scope::view, say_who);
    return router;
}

ServerSettings on_file(const std::string& path) {
    ServerSettings settings;
    ListenAddress file;
    file.place = ListenAddress::Place::file;
    file.name = path;
    file.mode = 0600;
    settings.listen.push_back(file);
    return settings;
}

std::string asked_over(const std::string& path, std::string_view request) {
    asio::io_context loop;
    asio::local::stream_protocol::socket socket(loop);
    socket.connect(path);
    asio::write(socket, asio::buffer(request));
    std::string answer;
    asio::error_code error;
    asio::read(socket, asio::dynamic_buffer(answer), error);
    return answer;
}

std::string refusal(const std::string& path) {
    try {
        const SocketFile file(path, 0600);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("unix sockets") {
    TEST_CASE("are served beside a port, count as this machine, and go with the server") {
        const Folder folder;
        const Logged log(spdlog::level::debug);
        {
            Served server(make_router(), on_file(folder.file()));
            struct stat status{};
            REQUIRE(::stat(folder.file().c_str(), &status) == 0);
            CHECK((status.st_mode & 0777) == 0600);
            const std::string answer = asked_over(folder.file(), "GET /who HTTP/1.0\r\n\r\n");
            CHECK(status_of(answer) == 200);
            CHECK(contains(answer, "127.0.0.1"));
            Client client(server.port());
            client.get("/who");
            CHECK(contains(client.receive_until("127.0.0.1"), "200 OK"));
        }
        CHECK(log.count("unix GET /who 200") == 1);
        CHECK_FALSE(std::filesystem::exists(folder.file()));
    }

    TEST_CASE("of a dead server are replaced, of a living one not, and no other file is touched") {
        const Folder folder;
        std::ofstream(folder.file()) << "a diary\n";
        CHECK(contains(refusal(folder.file()), "something else of that name; remove it"));
        CHECK(std::filesystem::is_regular_file(folder.file()));
        std::filesystem::remove(folder.file());
        {
            const SocketFile living(folder.file(), 0600);
            CHECK(contains(refusal(folder.file()), "another program listens there; end it"));
            std::filesystem::create_hard_link(folder.file(), folder.file() + ".other");
        }
        // Its socket is closed, and its file is still there.
        std::filesystem::rename(folder.file() + ".other", folder.file());
        CHECK(refusal(folder.file()).empty());
    }

    TEST_CASE("whose path cannot be are refused in words") {
        CHECK(contains(refusal("/nowhere/socket"), "make the folder first"));
        CHECK(contains(refusal("/" + std::string(200, 'x')), "choose a shorter one"));
    }
}

TEST_SUITE("a port that points to the one with TLS") {
    TEST_CASE("keeps host and target, and leaves the usual port unsaid") {
        Request request;
        request.target = "/stream?fps=5";
        request.headers.push_back({"Host", "cam.lan:5000"});
        const auto location = [&](std::uint16_t port) {
            const Response response = redirect_to_tls(request, port);
            CHECK(response.status == 308);
            for (const Header& header : response.headers)
                if (header.name == "Location")
                    return header.value;
            return std::string();
        };
        CHECK(location(5443) == "https://cam.lan:5443/stream?fps=5");
        CHECK(location(443) == "https://cam.lan/stream?fps=5");
        request.headers.front().value = "[::1]:5000";
        request.target = "http://cam.lan/stream";
        CHECK(location(443) == "https://[::1]/");
        request.headers.clear();
        CHECK(redirect_to_tls(request, 5443).status == 400);
    }
}
