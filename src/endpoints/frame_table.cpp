#include "endpoints/frame_table.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "endpoints/no_cache.hpp"

namespace onlooker::endpoints {

namespace {

using camera::FrameLog;

std::string captured_time(const FrameLog::Row& row) {
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(row.captured);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                       (milliseconds - seconds).count());
}

void append_csv(std::string& text, const FrameLog::Row& row) {
    fmt::format_to(std::back_inserter(text), "{},{},{:.3f},{},{},{},{}\r\n", row.number,
                   captured_time(row), row.age_when_published / 1000.0, row.octets, row.viewers,
                   row.late, row.lost);
}

void append_html(std::string& text, const FrameLog::Row& row) {
    fmt::format_to(std::back_inserter(text), "<tr><td>{}<td>{}<td>{:.3f}<td>{}<td>{}<td>{}<td>{}\n",
                   row.number, captured_time(row), row.age_when_published / 1000.0, row.octets,
                   row.viewers, row.late, row.lost);
}

// `log` belongs to a camera, which outlives every connection.
http::TextGenerator table(const FrameLog& log, std::string before,
                          void (*append)(std::string&, const FrameLog::Row&), std::string after) {
    const std::uint64_t end = log.end();
    co_yield before;
    std::string row;
    std::uint64_t position = log.begin();
    // The oldest rows give way to new ones while a slow client reads.
    for (; (position = std::max(position, log.begin())) < end; ++position) {
        row.clear();
        append(row, log.at(position));
        co_yield row;
    }
    co_yield after;
}

// From the page to the root of what is served, which may lie below a proxy's prefix.
std::string_view way_to_root(std::string_view path, std::string_view camera_name) {
    return path.ends_with(fmt::format("/cameras/{}/frames", camera_name)) ? "../../" : "./";
}

}  // namespace

http::Response frames_csv(const FrameLog& log) {
    http::Response response;
    response.with("Content-Type", "text/csv; charset=utf-8; header=present");
    add_no_cache(response);
    response.body = table(
        log, "number,captured,age_when_published_ms,octets,viewers,late_viewers,lost_before\r\n",
        append_csv, "");
    return response;
}

http::Response frames_page(const FrameLog& log, std::string_view camera_name,
                           std::string_view path) {
    http::Response response;
    response.with("Content-Type", "text/html; charset=utf-8");
    add_no_cache(response);
    // A camera's name holds nothing that HTML gives a meaning.
    response.body = table(
        log,
        fmt::format("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width\">\n"
                    "<title>Frames of {0} - onlooker</title>\n"
                    "<link rel=\"stylesheet\" href=\"{1}style.css\">\n"
                    "<main class=\"frames\">\n<h1>Frames of {0}</h1>\n"
                    "<p>The last frames, oldest first. Age: from capture until viewers were woken. "
                    "Late: viewers still busy with an older frame. Lost: frames that went missing "
                    "before this one.</p>\n"
                    "<table>\n<thead><tr><th>Number<th>Captured (UTC)<th>Age, ms<th>Octets"
                    "<th>Viewers<th>Late<th>Lost</thead>\n<tbody>\n",
                    camera_name, way_to_root(path, camera_name)),
        append_html, "</tbody>\n</table>\n</main>\n</html>\n");
    return response;
}

}  // namespace onlooker::endpoints
