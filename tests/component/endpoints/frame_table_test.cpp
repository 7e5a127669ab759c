// The frame log over a real connection: however long it is, it is never in memory as a whole.
#include "endpoints/frame_table.hpp"

#include <malloc.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "camera/frame_log.hpp"
#include "component/http/served.hpp"

namespace onlooker::endpoints {

namespace {

using camera::FrameLog;

// A router's handler is a plain function, so what it shows is shared.
FrameLog& shared_log() {
    static FrameLog log;
    return log;
}

Awaitable<http::Response> csv(const http::Request&, const http::RouteParameters&) {
    co_return frames_csv(shared_log());
}

Awaitable<http::Response> page(const http::Request& request, const http::RouteParameters&) {
    co_return frames_page(shared_log(), "yard", request);
}

http::Router make_router() {
    http::Router router;
    router.add({http::Method::get}, "/frames.csv", http::Scope::view, csv);
    router.add({http::Method::get}, "/frames", http::Scope::view, page);
    router.add({http::Method::get}, "/cameras/yard/frames", http::Scope::view, page);
    router.strip_prefixes({});
    return router;
}

void add_rows(std::size_t count) {
    FrameLog& log = shared_log();
    for (std::size_t i = 0; i < count; ++i)
        log.add({.number = log.end() + 1,
                 .captured = std::chrono::system_clock::now(),
                 .age_when_published = 300,
                 .octets = 75'000,
                 .viewers = 1000,
                 .late = 3,
                 .lost = 0});
}

// Octets that the program has allocated; 0 under a sanitizer, which has an allocator of its own.
std::size_t allocated() {
    return ::mallinfo2().uordblks;
}

std::string get(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.0\r\n\r\n";
}

// What came after the head of the table, some of it at least.
std::string first_rows(http::test::Client& client) {
    constexpr std::string_view head = "same_before\r\n";
    std::string text;
    while (text.find(head) + 100 > text.size() || text.find(head) == std::string::npos)
        text += client.receive_some(512);
    CHECK(http::test::status_of(text) == 200);
    return text.substr(text.find(head) + head.size());
}

// The whole page, without a connection.
std::string page_of(const FrameLog& log, std::string_view query) {
    http::Request request;
    request.path = "/frames";
    request.query = http::Query::parse(query);
    http::Response response = frames_page(log, "yard", request);
    std::string text;
    auto& rows = std::get<http::TextGenerator>(response.body);
    while (const std::string_view* row = rows.next())
        text += *row;
    return text;
}

// Of the rows, in their order.
std::vector<std::uint64_t> numbers_in(const std::string& page) {
    std::vector<std::uint64_t> numbers;
    for (std::size_t at = page.find("<tbody>"); (at = page.find("<tr", at + 1)) != page.npos;) {
        const std::size_t cell = page.find("<td>", at);
        numbers.push_back(std::strtoull(page.c_str() + cell + 4, nullptr, 10));
    }
    return numbers;
}

std::size_t lines_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

// A reader who rests when the first rows have come.
class RestingReader {
  public:
    RestingReader() : served_(make_router()), client_(served_.port(), 4096) {
        client_.send(get("/frames.csv"));
        text_ = first_rows(client_);
    }

    // All that it gets when so many rows more are there before it goes on.
    std::string read_after(std::size_t more_rows) {
        served_.on_loop([more_rows] { add_rows(more_rows); });
        for (std::string more; !(more = client_.receive_some()).empty();)
            text_ += more;
        return text_;
    }

  private:
    http::test::Served served_;
    http::test::Client client_;
    std::string text_;
};

}  // namespace

TEST_SUITE("the frame log") {
    TEST_CASE("a hundred thousand rows go to a slow reader in flat memory, oldest first") {
        add_rows(FrameLog::default_capacity + 500);
        const std::uint64_t oldest = shared_log().begin() + 1;
        http::test::Served served(make_router());
        http::test::Client client(served.port(), 16384);
        client.send(get("/frames.csv"));
        const std::string start = first_rows(client);
        CHECK(std::strtoull(start.c_str(), nullptr, 10) == oldest);

        const std::size_t before = allocated();
        std::size_t most = before, lines = lines_of(start);
        std::string end;
        for (std::string text; !(text = client.receive_some(16384)).empty();) {
            lines += lines_of(text);
            end = std::move(text);
            most = std::max(most, allocated());
            std::this_thread::sleep_for(std::chrono::microseconds(500));
        }
        CHECK(lines == FrameLog::default_capacity);
        CHECK(most - before < std::size_t{256} * 1024);
        CHECK(end.ends_with(",75000,1000,3,0,0\r\n"));
    }

    TEST_CASE("rows that are overwritten while a reader rests are skipped, never repeated") {
        add_rows(FrameLog::default_capacity);
        const std::uint64_t newest = shared_log().end();
        RestingReader reader;
        // The connection holds some of the rows; of the others, those of the older half now go.
        const std::string text = reader.read_after(FrameLog::default_capacity / 2);

        CHECK(lines_of(text) < FrameLog::default_capacity);
        std::uint64_t previous = 0;
        bool in_order = true;
        for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
            const std::uint64_t number = std::strtoull(text.c_str() + at, nullptr, 10);
            in_order = in_order && number > previous;
            previous = number;
        }
        CHECK(in_order);
        CHECK(previous == newest);
    }

    TEST_CASE("no row is newer than the request, not even when all the old ones are gone") {
        add_rows(FrameLog::default_capacity);
        const std::uint64_t newest = shared_log().end();
        const std::string text = RestingReader().read_after(FrameLog::default_capacity + 1);
        CHECK(text.ends_with("\r\n"));
        const std::size_t last = text.rfind('\n', text.size() - 3) + 1;
        CHECK(std::strtoull(text.c_str() + last, nullptr, 10) <= newest);
    }

    TEST_CASE("the page is a whole table with the camera's name") {
        add_rows(10);
        http::test::Served served(make_router());
        http::test::Client client(served.port());
        client.send(get("/frames"));
        const std::string text = client.receive_all();
        CHECK(text.find("<h1>Frames of yard</h1>") != std::string::npos);
        CHECK(text.ends_with("</html>\n"));
    }

    TEST_CASE("the page shows the last 500 frames, newest first, and leads to all of them") {
        add_rows(1'500);
        const std::uint64_t newest = shared_log().end();
        http::test::Served served(make_router());
        http::test::Client client(served.port());
        client.send(get("/frames"));
        const std::string text = client.receive_all();
        const std::vector<std::uint64_t> numbers = numbers_in(text);
        REQUIRE(numbers.size() == 500);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            CHECK(numbers[i] == newest - i);
        CHECK(text.find("href=\"./frames?all=1\"") != std::string::npos);
        CHECK(text.find("href=\"./frames.csv\"") != std::string::npos);
    }

    TEST_CASE("all frames are shown to who asks for them, oldest first") {
        add_rows(FrameLog::default_capacity);
        const std::uint64_t oldest = shared_log().begin() + 1;
        http::test::Served served(make_router());
        http::test::Client client(served.port());
        client.send(get("/frames?all=1"));
        const std::vector<std::uint64_t> numbers = numbers_in(client.receive_all());
        REQUIRE(numbers.size() == FrameLog::default_capacity);
        CHECK(numbers.front() == oldest);
        CHECK(numbers.back() == shared_log().end());
    }

    TEST_CASE("odd frames are marked, and are shown alone to who asks for them") {
        auto log = FrameLog();
        auto captured = std::chrono::system_clock::time_point(std::chrono::hours(24));
        for (std::uint64_t number = 1; number <= 2'000; ++number) {
            captured += std::chrono::milliseconds(number == 900 ? 350 : 100);
            log.add({.number = number,
                     .captured = captured,
                     .age_when_published = 300,
                     .octets = 75'000,
                     .viewers = 3,
                     .late = number == 1'000 ? 2U : 0U,
                     .lost = number == 1'990 ? 4U : 0U});
        }
        const std::string page = page_of(log, {});
        CHECK(page.find("<tr class=\"odd\"><td>1990<td>4 lost before<td>") != std::string::npos);
        CHECK(page.find("<tr><td>1989<td><td>") != std::string::npos);

        const std::string odd = page_of(log, "odd=1");
        CHECK(numbers_in(odd) == std::vector<std::uint64_t>{1'990, 1'000, 900});
        CHECK(odd.find("<td>1000<td>2 late<td>") != std::string::npos);
        CHECK(odd.find("<td>900<td>gap of 0.35 s<td>") != std::string::npos);
    }

    TEST_CASE("a log without frames, or without odd ones, is a page that says so") {
        auto log = FrameLog();
        CHECK(page_of(log, {}).find("None.") != std::string::npos);
        log.add({.number = 1, .captured = std::chrono::system_clock::now()});
        CHECK(page_of(log, {}).find("<tr><td>1<td>") != std::string::npos);
        CHECK(page_of(log, "odd=1").find("None.") != std::string::npos);
    }

    TEST_CASE("the page finds its style wherever a proxy shows it") {
        http::test::Served served(make_router());
        for (const auto& [path, style] :
             {std::pair("/frames", "\"./style.css\""),
              std::pair("/webcam/frames", "\"./style.css\""),
              std::pair("/cameras/yard/frames", "\"../../style.css\""),
              std::pair("/webcam/cameras/yard/frames", "\"../../style.css\"")}) {
            http::test::Client client(served.port());
            client.send(get(path));
            CHECK(client.receive_all().find(style) != std::string::npos);
        }
    }
}

}  // namespace onlooker::endpoints
